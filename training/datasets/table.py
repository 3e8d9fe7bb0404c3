"""Rows of a csv file that say where they stand when something is wrong with them."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import InputError


class BadRowError(InputError):
    """One row, or one picture, that cannot be used; the rest of the data may be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a csv file.

    Attributes:
        path: The file.
        line: Number of its last line in the file, from 1.
        cells: Its texts.
        columns: Column name -> position among the cells.
    """

    path: Path
    line: int
    cells: list[str]
    columns: Mapping[str, int]

    def text(self, column: str) -> str:
        """A cell without blanks around it. Raises `BadRowError` if the row ends before it."""
        position = self.columns[column]
        if position >= len(self.cells):
            raise self.bad(f"{len(self.cells)} cells, so {column} is missing")
        return self.cells[position].strip()

    def number(self, column: str, highest: int) -> int:
        """A whole number from 0 to `highest`. Raises `BadRowError` if the cell is none."""
        text = self.text(column)
        if not (text.isdecimal() and text.isascii() and len(text) < 10 and int(text) <= highest):
            raise self.bad(f"{column} is {text[:40]!r}, not a whole number from 0 to {highest}")
        return int(text)

    def bad(self, reason: str) -> BadRowError:
        """The error for this row."""
        return BadRowError(f"{self.path}, line {self.line}: {reason}.")


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows below the header; empty lines are none.

    Args:
        path: A csv file in UTF-8 with a header, whose names may have blanks around them.
        columns: Names that the header must have.

    Raises:
        InputError: If the file cannot be read or lacks a column.
    """
    line = 1
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            missing = [name for name in columns if name not in header]
            if missing:
                raise InputError(
                    f"{path} has no column {', '.join(missing)}; its first line is {','.join(header)[:80]!r}."
                )
            place = {name: header.index(name) for name in columns}
            for cells in reader:
                line = reader.line_num
                if cells:
                    yield Row(path, line, cells, place)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read after line {line}: {error}.") from error
