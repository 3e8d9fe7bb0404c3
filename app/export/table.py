"""Reads back the table that `analyze` and recordings write, a moment at a time."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from app.core.reading import Reading
from app.core.types import Box, FaceResult
from app.export.content import Moment
from app.sinks.csv_file import FIXED
from models.errors import InputError

_LATEST_S = 1e9
_MOST = 2**31 - 1
"""Largest number of a picture or a face; a store counts with 32 bits."""
_AGAIN = "analyse the source again, or name another file"


@dataclass(frozen=True, slots=True)
class TableReader:
    """A table of readings.

    Attributes:
        path: The CSV file.
        labels: Emotions in the order of its columns.
    """

    path: Path
    labels: tuple[str, ...]

    @classmethod
    def open(cls, path: Path) -> "TableReader":
        """Read the header of a file.

        Raises:
            InputError: If it cannot be read or is not such a table.
        """
        for row in _rows(path):
            labels = tuple(name.removeprefix("raw_") for name in row if name.startswith("raw_"))
            wanted = [*FIXED, *(f"{kind}_{label}" for kind in ("raw", "smooth") for label in labels)]
            missing = [name for name in wanted if name not in row]
            if missing or not labels:
                what = f"it has no column {missing[0]}" if missing else "it has no emotions"
                raise InputError(f"{path} is not a table of readings: {what}; name one that `analyze` wrote.")
            return cls(path, labels)
        raise InputError(f"{path} is empty; {_AGAIN}.")

    def moments(self) -> Iterator[Moment]:
        """All moments of the table, in order.

        Raises:
            InputError: If a row is invalid; the sentence names it.
        """
        rows = _rows(self.path)
        columns = {name: place for place, name in enumerate(next(rows))}
        reader = _Reader(columns, self.labels)
        last_s = -math.inf
        number = 1
        try:
            for first, group in _groups(rows, columns):
                number = first
                moment = reader.moment(group)
                if moment.reading.time_s <= last_s:
                    raise ValueError(f"{moment.reading.time_s} s is not later than the moment before")
                last_s = moment.reading.time_s
                yield moment
        except ValueError as error:
            raise InputError(f"{self.path}, row {number}, is not valid: {error}; {_AGAIN}.") from error


def _groups(rows: Iterable[list[str]], columns: Mapping[str, int]) -> Iterator[tuple[int, list[list[str]]]]:
    """The rows of each moment, with the number of the first one in the file; the header is row 1."""
    key = columns["frame"], columns["time_s"]
    first = 2
    group: list[list[str]] = []
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if group and (len(row) != len(group[0]) or any(row[place] != group[0][place] for place in key)):
            yield first, group
            first, group = number, []
        group.append(row)
    if group:
        yield first, group


class _Reader:
    """Builds moments from rows."""

    def __init__(self, columns: Mapping[str, int], labels: Sequence[str]) -> None:
        self._columns = columns
        self._labels = tuple(labels)
        self._raw = [columns[f"raw_{label}"] for label in labels]
        self._smooth = [columns[f"smooth_{label}"] for label in labels]
        self._moments = 0

    def moment(self, rows: Sequence[Sequence[str]]) -> Moment:
        for row in rows:
            if len(row) != len(self._columns):
                raise ValueError(f"a row has {len(row)} cells instead of {len(self._columns)}")
        first = rows[0]
        faces = tuple(self._face(row) for row in rows if self._cell(row, "face_id"))
        if len({face.track_id for face in faces}) < len(faces):
            raise ValueError("one frame has the same face twice")
        frame, time_s = self._cell(first, "frame"), _number(self._cell(first, "time_s"))
        if abs(time_s) > _LATEST_S:
            raise ValueError(f"{time_s} s is not a time of a recording")
        reading = Reading(self._moments, time_s, None, faces, self._labels, MappingProxyType({}))
        self._moments += 1
        return Moment(reading, _count(frame) if frame else None, self._cell(first, "picture"))

    def _face(self, row: Sequence[str]) -> FaceResult:
        x, y, width, height, score = (_number(self._cell(row, name)) for name in ("x", "y", "width", "height", "score"))
        raw, smooth = (
            np.array([_number(row[place]) for place in places], np.float32) for places in (self._raw, self._smooth)
        )
        quality = tuple(filter(None, self._cell(row, "quality").split(",")))
        label = self._cell(row, "label")
        return FaceResult(
            _count(self._cell(row, "face_id")), Box(x, y, width, height), score, raw, smooth, label, quality
        )

    def _cell(self, row: Sequence[str], name: str) -> str:
        place = self._columns.get(name)  # tables of version 0.1 lack the last ones
        return "" if place is None else row[place]


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a number")
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 0 <= value <= _MOST:
        raise ValueError(f"{text[:40]} is not a number of a picture or face")
    return value


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a CSV file.

    Raises:
        InputError: If it cannot be read or is not CSV.
    """
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for ever
            raise InputError(f"{path} is not a plain file; name a table that `analyze` wrote.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check the name.") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a table of readings; name one that `analyze` wrote.") from error
