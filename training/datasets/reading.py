"""Reads FER2013 and similar data sets, in any form in which they are distributed, as a `FaceSet`."""

from pathlib import Path

from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.datasets.fer2013 import read_fer2013
from training.datasets.folders import find_layout, read_folder
from training.datasets.lists import find_lists, is_list, read_lists, with_siblings
from training.datasets.pictures import visible
from training.datasets.table import BadRowError, plain, read_header

WHERE_TO_GET_IT = (
    "FER2013 is the data of a 2013 challenge, for research use: get fer2013.csv from Kaggle's "
    '"Challenges in Representation Learning: Facial Expression Recognition Challenge" and, for the votes, '
    "fer2013new.csv from Microsoft's FERPlus repository"
)
FILES = ("fer2013.csv", "icml_face_data.csv")
PLACES = (".", "data", "data/fer2013")
TRAIN_FILE = "train.csv"
"""Kaggle's labelled part of FER2013; other data sets also have files with that name."""

VOTES_FILE = "fer2013new.csv"


def read_faces(data: Path | None, votes: Path | None = None, *, skip_bad: bool = False) -> FaceSet:
    """Read a csv, a list of picture files or a folder of pictures, with FER+'s votes if a csv has them.

    Args:
        data: `fer2013.csv`, `icml_face_data.csv` or Kaggle's `train.csv`; RAF-DB's or AffectNet's list; or a folder
            that has one of them, `train/<class>/*.jpg` and the like, or only the classes. None looks in the usual
            places (`find_data`).
        votes: FER+'s `fer2013new.csv`; None takes the one next to the csv, if there is one.
        skip_bad: Skip unusable rows and pictures, and list them in the result's `skipped`.

    Raises:
        InputError: If nothing is found, or something found cannot be used; names the file and the line.
    """
    path = find_data(data)
    lists = find_lists(path) if path.is_dir() else with_siblings(path) if is_list(path) else ()
    try:
        if path.is_file() and not lists:
            return read_fer2013(path, find_votes(votes, path), skip_bad=skip_bad)
        if votes is not None:
            raise InputError(f"{votes} lists the rows of fer2013.csv, which {path} does not have; leave it out.")
        if lists and not _has_class_folders(path):
            return read_lists(lists, skip_bad=skip_bad)
        return read_folder(path, skip_bad=skip_bad)
    except BadRowError as error:
        raise InputError(f"{str(error).removesuffix('.')}; --skip-bad skips what cannot be used.") from error


def find_data(given: Path | None) -> Path:
    """The csv or the folder of pictures that was named, or the first one found in the usual places.

    A folder that has one of `FILES`, or else a `train.csv` with pixels, stands for that file.

    Raises:
        InputError: If there is none; says where it was searched for and where to get one.
    """
    if given is not None:
        found = given if given.is_file() else _csv_in(given) or _train_csv_in(given) or _pictures_in(given)
        if found is None:
            lack = f"has no {' or '.join(FILES)} and no train/<class>" if given.is_dir() else "does not exist"
            raise InputError(f"{given} {lack}. {WHERE_TO_GET_IT}.")
        return found
    here, *below = map(Path, PLACES)  # not for pictures in this folder, where `training` is this program
    for found in (*map(_csv_in, (here, *below)), *map(_train_csv_in, below), *map(_pictures_in, below)):
        if found is not None:
            return found
    raise InputError(
        f"No {' or '.join(FILES)} and no folder train/<class> found (looked in {', '.join(PLACES)}); name one with "
        f"--data. {WHERE_TO_GET_IT}."
    )


def find_votes(given: Path | None, data: Path) -> Path | None:
    """The FER+ file that was named, or `fer2013new.csv` next to the data, or None.

    Raises:
        InputError: If a named file is missing.
    """
    if given is not None:
        if not given.is_file():
            raise InputError(f"{given} is not there. {WHERE_TO_GET_IT}.")
        return given
    votes = data.parent / VOTES_FILE
    return votes if votes.is_file() else None


def _csv_in(folder: Path) -> Path | None:
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


def _train_csv_in(folder: Path) -> Path | None:
    path = folder / TRAIN_FILE
    return path if path.is_file() and plain("pixels") in read_header(path) else None


def _pictures_in(folder: Path) -> Path | None:
    return folder if folder.is_dir() and (find_layout(folder) or find_lists(folder)) else None


def _has_class_folders(path: Path) -> bool:
    """Whether the folders of the splits contain folders, as those with classes do; a list next to them that says the
    same is then not needed."""
    layout = find_layout(path) if path.is_dir() else None
    return (
        layout is not None
        and layout.divided
        and all(any(entry.is_dir() for entry in visible(folder)) for folder, _ in layout.splits)
    )
