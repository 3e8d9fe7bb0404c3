"""Tables of text: the long one of `analyze`, the same for Excel, and a wide one with a row for each moment."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.types import UNREADABLE
from app.export.content import Content
from app.export.reporter import Reporter
from app.sinks.csv_file import NOBODY, header, rows_of
from app.sinks.output import writing

EXCEL_ROWS = 1_048_576
"""Most rows that Excel shows, including the header; a longer table is reported."""

_WORDS = frozenset(("label", "corrected", "quality", "status", "picture", "notes"))
_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
"""First characters of formulas, or commands, in some spreadsheet."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The format of a text table.

    Attributes:
        separator: Between cells, one character.
        decimal: `.` or `,`.
        bom: Whether the file begins with a UTF-8 byte order mark.
        guarded: Whether an apostrophe protects texts from being taken for formulas.
        line_end: After each row.
    """

    separator: str = ","
    decimal: str = "."
    bom: bool = False
    guarded: bool = False
    line_end: str = "\n"

    @classmethod
    def excel(cls, decimal: str, separator: str | None = None) -> "Dialect":
        """The format that spreadsheets open by a double click, in locales with this decimal sign."""
        return cls(separator or (";" if decimal == "," else ","), decimal, True, True, "\r\n")


PLAIN = Dialect()


def write_long(content: Content, path: Path, reporter: Reporter, dialect: Dialect = PLAIN) -> None:
    """Write the columns of `analyze`, followed, for a session, by `corrected` and `notes`.

    Raises:
        InputError: If the readings cannot be read or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    names = [*header(content.labels), *(("corrected", "notes") if content.notes is not None else ())]
    words = [name in _WORDS for name in names]
    rows = _long_rows(content, reporter)
    written = _write(path, names, words, rows, dialect)
    if dialect.guarded and written + 1 > EXCEL_ROWS:
        reporter.notify(f"the table has {written + 1:,} rows, and Excel shows the first {EXCEL_ROWS:,} only.")


def write_wide(content: Content, path: Path, reporter: Reporter, dialect: Dialect = PLAIN) -> None:
    """Write a row for each moment and columns for each face: label, correction, smoothed probabilities.

    `face_0_label` is empty if the face is not seen. Probabilities are then empty, and also if it could not be read.

    Raises:
        InputError: If the readings cannot be read or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    ids = sorted({face.track_id for moment in content.moments() for face in moment.reading.faces})
    corrected = content.notes is not None
    names, words = ["frame", "time_s", "status", "picture"], [False, False, True, True]
    for track_id in ids:
        own = ["label", *(("corrected",) if corrected else ()), *content.labels]
        names += [f"face_{track_id}_{name}" for name in own]
        words += [name in _WORDS for name in own]
    if corrected:
        names.append("notes")
        words.append(True)
    _write(path, names, words, _wide_rows(content, ids, reporter), dialect)


def _long_rows(content: Content, reporter: Reporter) -> Iterator[list[str]]:
    for moment in content.moments():
        reading = moment.reading
        reporter.at(reading.time_s, content.length_s)
        rows = rows_of(moment.frame, reading.time_s, reading.faces, content.labels, moment.picture)
        if content.notes is None:
            yield from rows
            continue
        notes = _joined(moment.notes)
        for place, row in enumerate(rows):
            correction = moment.corrected.get(reading.faces[place].track_id, "") if reading.faces else ""
            yield [*row, correction, notes]


def _wide_rows(content: Content, ids: Sequence[int], reporter: Reporter) -> Iterator[list[str]]:
    for moment in content.moments():
        reading = moment.reading
        reporter.at(reading.time_s, content.length_s)
        frame = "" if moment.frame is None else str(moment.frame)
        row = [frame, f"{reading.time_s:.6f}", "ok" if reading.faces else NOBODY, moment.picture]
        seen = {face.track_id: face for face in reading.faces}
        for track_id in ids:
            face = seen.get(track_id)
            row.append("" if face is None else face.label)
            if content.notes is not None:
                row.append(moment.corrected.get(track_id, ""))
            read = face is not None and face.label != UNREADABLE
            row += (
                [f"{share:.6f}" for share in face.smooth] if face is not None and read else [""] * len(content.labels)
            )
        yield [*row, _joined(moment.notes)] if content.notes is not None else row


def _joined(notes: Sequence[str]) -> str:
    return " | ".join(notes)


def write_rows(path: Path, rows: Sequence[Mapping[str, str]], names: Sequence[str], words: Iterable[str]) -> None:
    """Write a small table, held in memory, as plain CSV.

    Args:
        path: The file.
        rows: Column -> cell.
        names: The columns in order.
        words: Those that hold text.

    Raises:
        InputError: If the file cannot be written.
    """
    texts = set(words)
    _write(path, names, [name in texts for name in names], ([row[name] for name in names] for row in rows), PLAIN)


def _write(path: Path, names: Sequence[str], words: Sequence[bool], rows: Iterable[list[str]], dialect: Dialect) -> int:
    """Write a table and return its number of rows without the header; `words` names the columns of text."""
    count = 0
    encoding = "utf-8-sig" if dialect.bom else "utf-8"
    with writing(path), path.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, delimiter=dialect.separator, lineterminator=dialect.line_end)
        writer.writerow(names)
        for row in rows:
            writer.writerow([_cell(text, word, dialect) for text, word in zip(row, words, strict=True)])
            count += 1
    return count


def _cell(text: str, word: bool, dialect: Dialect) -> str:
    if not word:
        return text.replace(".", dialect.decimal) if dialect.decimal != "." else text
    # for some readers, the first ends a text and the second a row
    text = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if dialect.guarded and text.lstrip(" \u00a0").startswith(_FORMULA) else text
