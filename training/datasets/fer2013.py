"""Reads `fer2013.csv` and `icml_face_data.csv` as Kaggle publishes them, and the FER+ votes of the same rows."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotions import FER2013, FERPLUS, canonical
from models.errors import InputError
from training.datasets.faceset import CLASSES, SPLITS, VOTE_COLUMNS, FaceSet
from training.datasets.splits import with_validation
from training.datasets.table import BadRowError, Row, read_rows

PIXELS = 48 * 48

USAGES = {name.lower(): name for name in SPLITS}

LEAST_AGREEMENT = 0.4
"""Between labels and votes of the same pictures."""


def read_fer2013(path: Path, votes: Path | None = None, *, skip_bad: bool = False) -> FaceSet:
    """Read the pictures, classes and splits, and join the FER+ votes by row number.

    Args:
        path: A csv with the columns `emotion` (a number or a name), `pixels` (2,304 gray levels separated by blanks)
            and `Usage`, as `read_rows` takes it. Without `Usage`, as in Kaggle's `train.csv`, the splits of the votes
            apply, or else all rows are Training rows; `with_validation` then adds a validation part.
        votes: FER+'s `fer2013new.csv`; either file's rows may be a prefix of the other's. Pictures beyond the end of
            the votes are skipped and listed in `skipped`.
        skip_bad: Skip unusable rows of either file and list them in `skipped`. Rows keep their number in the file, so a
            skipped row does not shift the votes of later ones.

    Raises:
        InputError: On the first unusable row unless `skip_bad`; names the file and the line. Also if no row
            is left, or if the files list different pictures.
    """
    pictures: dict[int, tuple[NDArray[np.uint8], int, str | None]] = {}
    skipped: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # NumPy before 2.3 warns about text that is not a number
        for number, row in enumerate(read_rows(path, ("emotion", "pixels"), ("Usage",))):
            try:
                usage = _usage(row) if "Usage" in row.columns else None
                pictures[number] = _pixels(row), _emotion(row), usage
            except BadRowError as error:
                _note(error, skipped, skip_bad)
    table: dict[int, tuple[str, list[int]]] | None = None
    if votes is not None:
        table = _read_votes(votes, {number: usage for number, (_, _, usage) in pictures.items()}, skipped, skip_bad)
        end = max(table, default=-1)
        skipped += [f"{path}, row {number + 1}: {votes} ends before it." for number in pictures if number > end]
        pictures = {number: picture for number, picture in pictures.items() if number in table}
    if not pictures:
        raise InputError(f"{path} has no usable row{f', as in: {skipped[0]}' if skipped else '.'}")
    images, emotions, usages = zip(*pictures.values(), strict=True)
    notes = []
    if None in usages:
        usages = tuple("Training" if table is None else table[number][0] for number in pictures)
        source = "all of its rows are taken for Training" if votes is None else f"{votes} says it by row number"
        notes.append(f"{path} has no column Usage; {source}.")
    faces = FaceSet(
        images=np.stack(images).reshape(-1, 48, 48, 1),
        emotion=np.array(emotions, np.int8),
        usage=np.array(usages),
        votes=None if table is None else np.array([table[number][1] for number in pictures], np.uint8),
        skipped=tuple(skipped),
        notes=tuple(notes),
    )
    if not notes:
        return faces
    if votes is not None:
        _require_same_pictures(faces, path, votes)
    return with_validation(faces, str(path))


def _read_votes(
    path: Path, usages: dict[int, str | None], skipped: list[str], skip_bad: bool
) -> dict[int, tuple[str, list[int]]]:
    """Row number -> split and ten votes, for the rows in `usages` (row number -> split, None if unknown) up to the end
    of the file."""
    table = {}
    last = max(usages, default=-1)
    for number, row in enumerate(read_rows(path, ("Usage", *VOTE_COLUMNS))):
        if number > last:
            break
        if number not in usages:
            continue
        try:
            usage = _usage(row)
            table[number] = usage, [row.number(name, 255) for name in VOTE_COLUMNS]
        except BadRowError as error:
            _note(error, skipped, skip_bad)
            continue
        if usages[number] not in (None, usage):
            raise InputError(
                f"{path}, line {row.line}: Usage is {usage!r} where the data's row {number + 1} has "
                f"{usages[number]!r}; the two files do not list the same pictures."
            )
    return table


def _require_same_pictures(faces: FaceSet, path: Path, votes: Path) -> None:
    """Refuse votes that rarely agree with the labels: without Usage, nothing else shows that both files list the same
    rows.

    In FER2013 the emotion with the most votes is the label in two thirds of the rows, and in a fifth of shuffled rows.

    Raises:
        InputError: If they agree in fewer than `LEAST_AGREEMENT` of the rows.
    """
    assert faces.votes is not None
    voted = np.array([CLASSES.index(name) for name in FERPLUS])[faces.votes[:, : len(FERPLUS)].argmax(axis=1)]
    agreement = float(np.mean(voted == faces.emotion))
    if agreement < LEAST_AGREEMENT:
        raise InputError(
            f"{votes} agrees with the classes of {path} in only {100 * agreement:.0f} % of the rows; the two files do "
            "not list the same pictures."
        )


def _note(error: BadRowError, skipped: list[str], skip_bad: bool) -> None:
    if not skip_bad:
        raise error
    skipped.append(str(error))


def _usage(row: Row) -> str:
    usage = row.text("Usage")
    if usage.lower() not in USAGES:
        raise row.bad(f"Usage is {usage[:40]!r}, not one of {', '.join(SPLITS)}")
    return USAGES[usage.lower()]


def _emotion(row: Row) -> int:
    """FER2013's number of the emotion; the cell may also hold its name."""
    name = canonical(row.text("emotion"))
    return CLASSES.index(name) if name else row.number("emotion", len(FER2013) - 1)


def _pixels(row: Row) -> NDArray[np.uint8]:
    try:
        levels = np.fromstring(row.text("pixels"), np.int64, sep=" ")
    except (ValueError, DeprecationWarning) as error:
        raise row.bad("a pixel is not a whole number") from error
    if len(levels) != PIXELS:
        raise row.bad(f"{len(levels)} pixels where 48 x 48 = {PIXELS} are needed")
    if levels.min() < 0 or levels.max() > 255:
        raise row.bad("a pixel is outside 0..255")
    return levels.astype(np.uint8)
