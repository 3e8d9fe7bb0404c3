"""Notes on a session: `notes.csv`, one row per note.

A `note` is text at a moment or over a stretch, a `mark` is only a moment, and a `label` is a person's correction of a
face's reading: an emotion, or `not sure`. Labels are kept apart from the readings and never change them.
"""

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast, get_args

from app.locks import held
from app.sessions.files import FILE_MODE, replace_whole
from app.sinks.output import utf8, writing
from models.errors import InputError

Kind = Literal["note", "mark", "label"]

COLUMNS = ("id", "start_s", "end_s", "face_id", "kind", "text", "created_at")
NOT_SURE = "not sure"
"""A person's label without a definite emotion."""

_KINDS = get_args(Kind)
_NEEDED = frozenset(("id", "start_s", "kind"))

csv.field_size_limit(2**31 - 1)  # a note may be longer than the module's default limit


@dataclass(frozen=True, slots=True)
class Note:
    """A row of `notes.csv`.

    Attributes:
        id: Unique within the session.
        start_s: Seconds in the session's time, as `time_s` of the readings.
        end_s: Where the stretch ends; None for a moment.
        face_id: The face concerned; None for the whole picture.
        kind: `note`, `mark` or `label`.
        text: What was written; of a `label` an emotion or `not sure`.
        created_at: UTC; None if the file does not say.
    """

    id: str
    start_s: float
    end_s: float | None
    face_id: int | None
    kind: Kind
    text: str
    created_at: datetime | None = None

    def covers(self, time_s: float) -> bool:
        """Whether a time is within the stretch, the end excluded; for a single moment, whether it is the same."""
        return self.start_s == time_s if self.end_s is None else self.start_s <= time_s < self.end_s


def read_notes(path: Path) -> tuple[Note, ...]:
    """The rows of a file in the order of their time; none if there is no file. Invalid rows are left out.

    Raises:
        OSError: If the file cannot be read.
    """
    columns, rows = _table(path)
    notes = (_note(columns, row) for row in rows)
    return tuple(sorted((note for note in notes if note is not None), key=lambda note: note.start_s))


def add_note(
    path: Path,
    start_s: float,
    kind: Kind = "note",
    text: str = "",
    *,
    end_s: float | None = None,
    face_id: int | None = None,
) -> Note:
    """Append a row; it is on disk when this returns.

    Raises:
        InputError: If the file cannot be written.
    """
    with writing(path):
        _make(path)
        with held(path.parent):
            numbers = [int(note.id) for note in read_notes(path) if note.id.isascii() and note.id.isdigit()]
            note = Note(str(max(numbers, default=0) + 1), start_s, end_s, face_id, kind, text, datetime.now(UTC))
            _append(path, note)
    return note


def change_note(path: Path, note_id: str, **changes: object) -> None:
    """Change fields of a row, which keeps its id; does nothing if there is no such row.

    Raises:
        InputError: If the file cannot be written.
    """
    with writing(path), held(path.parent):
        _rewrite(path, lambda one: replace(one, **changes) if one.id == note_id else one)  # type: ignore[arg-type]


def remove_note(path: Path, note_id: str) -> None:
    """Remove a row; does nothing if there is none.

    Raises:
        InputError: If the file cannot be written.
    """
    with writing(path), held(path.parent):
        _rewrite(path, lambda one: None if one.id == note_id else one)


def tidy_notes(path: Path) -> None:
    """Remove a partial last row, left by a killed program.

    Raises:
        OSError: If the file cannot be written.
    """
    if path.is_file() and not _is_whole(path.read_bytes()):
        _write(path, *_mended(path))


def _make(path: Path) -> None:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(_lines([COLUMNS]))


def _append(path: Path, note: Note) -> None:
    columns, _ = _table(path)
    if tuple(columns) != COLUMNS or not _is_whole(path.read_bytes()):
        # a partial row of a killed program, or another program's file
        columns, rows = _mended(path)
        if columns and not set(columns) >= _NEEDED:
            raise InputError(
                f"{path} does not have the columns of notes; rename it, so that a new file can be created."
            )
        columns = [*columns, *(name for name in COLUMNS if name not in columns)]
        _write(path, columns, [*rows, _in_order(columns, [], note)])
        return
    handle = os.open(path, os.O_WRONLY | os.O_APPEND)
    with os.fdopen(handle, "wb") as file:
        file.write(_lines([_cells(note)]))
        file.flush()
        os.fsync(file.fileno())


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Columns and rows; empty if there is no file."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return [], []
    columns, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row] or [[]]
    return (columns, rows) if "".join(columns).strip("\0 ") else ([], rows)


def _is_whole(data: bytes) -> bool:
    """Whether a table ends with a complete row, not within a quoted text."""
    return data.endswith(b"\n") and data.count(b'"') % 2 == 0


def _mended(path: Path) -> tuple[list[str], list[list[str]]]:
    """Columns and rows without a partial last row, unless that is a valid note."""
    columns, rows = _table(path)
    if rows and not path.read_bytes().endswith(b"\n") and _note(columns, rows[-1]) is None:
        rows.pop()
    return columns, rows


def _rewrite(path: Path, change: Callable[[Note], Note | None]) -> None:
    """Change notes, or remove those mapped to None. Rows and columns that are not ours are kept."""
    columns, rows = _table(path)
    wide = [*columns, *(name for name in COLUMNS if name not in columns)]
    kept: list[list[str]] = []
    for row in rows:
        note = _note(columns, row)
        changed = None if note is None else change(note)
        if changed is not None and changed != note:
            kept.append(_in_order(wide, row, changed))
        elif note is None or changed is not None:
            kept.append(row)
    if kept != rows:
        _write(path, wide, kept)


def _in_order(columns: Sequence[str], row: Sequence[str], note: Note) -> list[str]:
    """The cells of a note in the order of a table's columns; other columns are kept."""
    cells = {**dict(zip(columns, row, strict=False)), **dict(zip(COLUMNS, _cells(note), strict=True))}
    return [cells.get(name, "") for name in columns]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    replace_whole(path, _lines([columns or COLUMNS, *rows]))


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return utf8(text.getvalue())


def _cells(note: Note) -> list[str]:
    return [
        note.id,
        f"{note.start_s:.6f}",
        "" if note.end_s is None else f"{note.end_s:.6f}",
        "" if note.face_id is None else str(note.face_id),
        note.kind,
        note.text.replace("\r\n", "\n").replace("\r", "\n"),  # the latter would end a row
        "" if note.created_at is None else note.created_at.isoformat(timespec="milliseconds"),
    ]


def _note(columns: Sequence[str], cells: Sequence[str]) -> Note | None:
    row = dict(zip(columns, cells, strict=False))
    kind, note_id = row.get("kind"), row.get("id")
    start_s = _number(row.get("start_s"))
    if kind not in _KINDS or not note_id or start_s is None:
        return None
    face = row.get("face_id") or ""
    return Note(
        note_id,
        start_s,
        _number(row.get("end_s")),
        int(face) if face.isascii() and face.isdigit() else None,
        cast(Kind, kind),
        row.get("text") or "",
        _moment(row.get("created_at")),
    )


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
