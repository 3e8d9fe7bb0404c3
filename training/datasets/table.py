"""Rows of a csv file that know their line, for error messages."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import InputError

SEPARATORS = ",;\t"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""First bytes of the format that spreadsheets call Unicode text."""


class BadRowError(InputError):
    """One row or picture that cannot be used; the rest of the data may be usable."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a csv file.

    Attributes:
        path: The file.
        line: Number of its last line in the file, from 1.
        cells: Its cells, as text.
        columns: Column name -> position among the cells.
    """

    path: Path
    line: int
    cells: list[str]
    columns: Mapping[str, int]

    def text(self, column: str) -> str:
        """A cell without surrounding blanks. Raises `BadRowError` if the row ends before it."""
        position = self.columns[column]
        if position >= len(self.cells):
            raise self.bad(f"{len(self.cells)} cells, so {column} is missing")
        return self.cells[position].strip()

    def number(self, column: str, highest: int) -> int:
        """A whole number from 0 to `highest`. Raises `BadRowError` if the cell is not one."""
        text = self.text(column)
        if not (text.isdecimal() and text.isascii() and len(text) < 10 and int(text) <= highest):
            raise self.bad(f"{column} is {text[:40]!r}, not a whole number from 0 to {highest}")
        return int(text)

    def bad(self, reason: str) -> BadRowError:
        """The error for this row."""
        return BadRowError(f"{self.path}, line {self.line}: {reason}.")


def read_rows(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = (), *, header: Sequence[str] | None = None
) -> Iterator[Row]:
    """The rows below the header; empty lines are skipped.

    Args:
        path: A csv file in UTF-8, or UTF-16 with a byte order mark, separated by commas, semicolons or tabs. Capitals,
            blanks and underscores in the names of its header are ignored.
        columns: Names that the header must have.
        optional: Names that it may have; rows have a position for those that exist.
        header: The names, for a file without a header.

    Raises:
        InputError: If the file cannot be read or lacks a column.
    """
    line = 1
    try:
        with path.open(newline="", encoding=_encoding(path)) as file:
            reader = csv.reader(file, delimiter=_separator(file.readline()))
            file.seek(0)
            given = next(reader, []) if header is None else header
            names = [plain(name) for name in given]
            missing = [name for name in columns if plain(name) not in names]
            if missing:
                raise InputError(
                    f"{path} has no column {', '.join(missing)}; its first line is {','.join(given)[:80]!r}."
                )
            place = {name: names.index(plain(name)) for name in (*columns, *optional) if plain(name) in names}
            for cells in reader:
                line = reader.line_num
                if any(cell.strip() for cell in cells):
                    yield Row(path, line, cells, place)
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read after line {line}: {error}.") from error


def read_header(path: Path) -> list[str]:
    """The names in the first line of a csv file, as `plain` gives them; empty if it cannot be read as text."""
    try:
        with path.open(newline="", encoding=_encoding(path)) as file:
            first = file.readline(10_000)
            return [plain(name) for name in next(csv.reader([first], delimiter=_separator(first)), [])]
    except (OSError, UnicodeError, csv.Error):
        return []


def plain(name: str) -> str:
    """A column's name without the things in which spellings differ: capitals, blanks, underscores."""
    return "".join(name.replace("_", "").split()).casefold()


def _separator(header: str) -> str:
    return max(SEPARATORS, key=header.count)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in UTF16 else "utf-8-sig"
