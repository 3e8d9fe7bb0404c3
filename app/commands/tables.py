"""Reads CSV tables with labels for the pictures of a folder."""

import csv
from collections.abc import Sequence
from pathlib import Path

from models.errors import InputError

_SEPARATORS = ",;\t"


def read_rows(path: Path, columns: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """Read a table with a header.

    Args:
        path: The file, UTF-8; separated by commas, semicolons or tabs.
        columns: Required columns; others are read too.

    Returns:
        For each row its place, `FILE, line N`, and its cells by column, without spaces around; empty where missing.

    Raises:
        InputError: If it cannot be read, is not a table, or lacks a column.
    """
    expected = f"it lists {','.join(columns)}"
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            separator = _separator(file.readline(), columns)
            file.seek(0)
            reader = csv.DictReader(file, strict=True, skipinitialspace=True, restval="", delimiter=separator)
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            missing = [name for name in columns if name not in reader.fieldnames]
            if missing:
                raise InputError(f"{path} has no column {', '.join(missing)}; {expected}.")
            return [
                (f"{path}, line {reader.line_num}", {name: row[name].strip() for name in reader.fieldnames})
                for row in reader
            ]
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not text in UTF-8; save it as CSV in UTF-8, {expected}.") from error
    except (OSError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path} cannot be read: {reason}; {expected}.") from error


def _separator(header: str, columns: Sequence[str]) -> str:
    """What separates the columns; a spreadsheet writes semicolons where the comma is the decimal sign."""
    for separator in _SEPARATORS:
        cells = next(csv.reader([header], delimiter=separator, skipinitialspace=True), [])
        if set(columns) <= {cell.strip() for cell in cells}:
            return separator
    return _SEPARATORS[0]
