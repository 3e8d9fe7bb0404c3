"""Reads and repairs a `readings.csv`, also one left by a killed program."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.sessions.files import FILE_MODE
from app.sessions.tally import SessionTally
from app.sinks.csv_file import ADDED, FIXED
from app.sinks.output import PART, utf8

_FRAME, _TIME, _FACE, _LABEL = (FIXED.index(name) for name in ("frame", "time_s", "face_id", "label"))


@dataclass(frozen=True, slots=True)
class Found:
    """Statistics of a table of readings.

    Attributes:
        readings: Number of pictures that were read.
        end_s: Time of the last one in seconds; 0 for an empty table.
        tally: People and strip.
    """

    readings: int
    end_s: float
    tally: SessionTally


def look_through(path: Path) -> Found:
    """Count the content of a table. Incomplete rows are skipped; a missing file counts as empty.

    Raises:
        OSError: If it cannot be read.
    """
    tally = SessionTally()
    readings, end_s, faces = 0, 0.0, list[tuple[int, str]]()
    last: str | None = None
    for row in _whole_rows(path):
        if row[_TIME] != last:
            if last is not None:
                tally.add(float(last), faces)
            last, faces = row[_TIME], []
            readings += 1
            end_s = max(end_s, float(last))
        if row[_FACE].isdecimal():
            faces.append((int(row[_FACE]), row[_LABEL]))
    if last is not None:
        tally.add(float(last), faces)
    return Found(readings, end_s, tally)


def mend(path: Path, pictures: int) -> None:
    """Remove incomplete rows, and the numbers of pictures that the video lacks, whose readings stay.

    Args:
        path: The table; it may be missing.
        pictures: Number of pictures in the video.

    Raises:
        OSError: If it cannot be read or written; it is then unchanged.
    """
    if not path.is_file() or not _needs_mending(path, pictures):
        return
    part = path.with_name(path.name + PART)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, FILE_MODE), "wb") as file:
            for row in _whole_rows(path, with_header=True):
                if row[_FRAME].isdecimal() and int(row[_FRAME]) >= pictures:
                    row[_FRAME] = ""
                file.write(_line(row))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _needs_mending(path: Path, pictures: int) -> bool:
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - 1, 0))
        if end and file.read() != b"\n":
            return True
    return any(row[_FRAME].isdecimal() and int(row[_FRAME]) >= pictures for row in _whole_rows(path))


def _whole_rows(path: Path, *, with_header: bool = False) -> Iterator[list[str]]:
    """The rows of a table of ours that have every column and a time."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.reader(line.replace("\0", "") for line in file)
        columns = next(rows, [])
        if tuple(columns[: len(FIXED)]) != FIXED or not set(ADDED) <= set(columns):
            return
        if with_header:
            yield columns
        for row in rows:
            if len(row) == len(columns) and _is_number(row[_TIME]):
                yield row


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _line(row: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(row)
    return utf8(text.getvalue())
