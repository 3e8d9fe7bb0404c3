"""Reads `fer2013.csv` as Kaggle publishes it, and the FER+ votes of the same rows."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotions import FER2013
from models.errors import InputError
from training.datasets.faceset import SPLITS, VOTE_COLUMNS, FaceSet

WHERE_TO_GET_IT = (
    "FER2013 is the data of a 2013 challenge, for research use: take fer2013.csv from Kaggle's "
    '"Challenges in Representation Learning: Facial Expression Recognition Challenge" and, for the votes, '
    "fer2013new.csv from Microsoft's FERPlus repository"
)
SEARCHED = ("fer2013.csv", "data/fer2013.csv", "data/fer2013/fer2013.csv")


def find_csv(given: Path | None) -> Path:
    """The data file that was named, or the first that stands in one of the usual places.

    Raises:
        InputError: If there is none; says where it was looked for and where to get one.
    """
    if given is not None:
        if not given.is_file():
            raise InputError(f"{given} is not there. {WHERE_TO_GET_IT}.")
        return given
    for place in SEARCHED:
        if Path(place).is_file():
            return Path(place)
    raise InputError(
        f"No fer2013.csv found (looked for {', '.join(SEARCHED)}); name one with --data. {WHERE_TO_GET_IT}."
    )


def find_votes(given: Path | None, data: Path) -> Path | None:
    """The FER+ file that was named, or `fer2013new.csv` beside the data, or None.

    Raises:
        InputError: If a named file is missing.
    """
    if given is not None:
        if not given.is_file():
            raise InputError(f"{given} is not there. {WHERE_TO_GET_IT}.")
        return given
    beside = data.parent / "fer2013new.csv"
    return beside if beside.is_file() else None


def read_fer2013(path: Path, votes: Path | None = None) -> FaceSet:
    """Read the pictures, classes and splits, and join the FER+ votes by row number.

    Args:
        path: A csv with the columns `emotion`, `pixels` (2,304 gray levels separated by blanks) and `Usage`; blanks
            around the names are ignored.
        votes: FER+'s `fer2013new.csv`; either file's rows may be a prefix of the other's.

    Raises:
        InputError: On the first row that cannot be used; names the file and the line.
    """
    images, emotions, usages = [], [], []
    for line, row in _rows(path, ("emotion", "pixels", "Usage")):
        images.append(_pixels(path, line, row["pixels"]))
        emotions.append(_number(path, line, "emotion", row["emotion"], len(FER2013) - 1))
        usage = row["Usage"].strip()
        if usage not in SPLITS:
            raise InputError(f"{path}, line {line}: Usage is {usage!r}, not one of {', '.join(SPLITS)}.")
        usages.append(usage)
    if not images:
        raise InputError(f"{path} has no rows.")
    pixels = np.stack(images).reshape(-1, 48, 48, 1)
    faces = FaceSet(pixels, np.array(emotions, np.int8), np.array(usages))
    if votes is None:
        return faces
    table = _read_votes(votes, usages)
    n = min(len(table), len(faces))
    kept = faces.rows(np.arange(n))
    return FaceSet(kept.images, kept.emotion, kept.usage, table[:n])


def _read_votes(path: Path, usages: list[str]) -> NDArray[np.uint8]:
    table = []
    for index, (line, row) in enumerate(_rows(path, ("Usage", *VOTE_COLUMNS))):
        if index == len(usages):
            break
        usage = row["Usage"].strip()
        if usage != usages[index]:
            raise InputError(
                f"{path}, line {line}: Usage is {usage!r} where the data's row {index + 1} has {usages[index]!r}; "
                "the two files do not list the same pictures."
            )
        table.append([_number(path, line, name, row[name], 255) for name in VOTE_COLUMNS])
    if not table:
        raise InputError(f"{path} has no rows.")
    return np.array(table, np.uint8)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number (from 1) and named cells of each row; refuses a missing column or cell."""
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
            for row in reader:
                if len(row) <= max(place.values()):
                    raise InputError(
                        f"{path}, line {reader.line_num}: {len(row)} cells where {len(header)} are needed."
                    )
                yield reader.line_num, {name: row[position] for name, position in place.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error


def _pixels(path: Path, line: int, text: str) -> NDArray[np.uint8]:
    words = text.split()
    if len(words) != 48 * 48:
        raise InputError(f"{path}, line {line}: {len(words)} pixels where 48 x 48 = 2304 are needed.")
    try:
        levels = np.fromiter(map(int, words), np.int64, len(words))
    except (ValueError, OverflowError) as error:
        raise InputError(f"{path}, line {line}: a pixel is no whole number ({error}).") from error
    if levels.min() < 0 or levels.max() > 255:
        raise InputError(f"{path}, line {line}: a pixel is outside 0..255.")
    return levels.astype(np.uint8)


def _number(path: Path, line: int, column: str, text: str, highest: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value <= highest:
        raise InputError(f"{path}, line {line}: {column} is {text.strip()!r}, not a whole number from 0 to {highest}.")
    return value
