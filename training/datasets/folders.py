"""Reads folders of pictures, `train/<class>/*.jpg` and the like, a common form of FER2013 and similar data sets."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from models.emotions import canonical
from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.numbers import RAFDB_NUMBERS, Numbering, numbering_of
from training.datasets.pictures import LabelledPicture, is_picture, read_pictures, visible
from training.datasets.splits import with_validation

FOLDERS = MappingProxyType(
    {
        **dict.fromkeys(("train", "training"), "Training"),
        **dict.fromkeys(("validation", "valid", "val", "publictest"), "PublicTest"),
        **dict.fromkeys(("test", "testing", "privatetest"), "PrivateTest"),
    }
)
"""Folder name in lower case -> split."""

DEEPEST = 3
"""How many levels below the named folder the folders of the splits are searched for."""

HIGHEST_NUMBER = 7
"""Of the classes of any data set; a folder `8` is not a class."""

RAFDB_PICTURE = re.compile(r"(?:train|test)_\d{4,5}(?:_aligned)?\.\w+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the pictures of a data set are.

    Attributes:
        splits: Folders and their splits, in order of the folders' names.
        divided: Whether the data set is divided into splits; if not, its only folder contains the classes.
    """

    splits: tuple[tuple[Path, str], ...]
    divided: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture, and the folders between it and its split's folder, outermost first."""

    path: Path
    above: tuple[str, ...]
    usage: str


def find_layout(path: Path) -> Layout | None:
    """The folders of the splits in a folder or up to `DEEPEST` levels below it, else folders of classes, or None.

    Raises:
        InputError: If several folders at the same level contain such folders, because it is unknown which one is meant.
    """
    level = [path]
    classes: list[Path] = []
    for _ in range(DEEPEST + 1):
        below = {folder: [entry for entry in visible(folder) if entry.is_dir()] for folder in level}
        found = [folder for folder in level if any(entry.name.lower() in FOLDERS for entry in below[folder])]
        if found:
            place = _only(path, found)
            splits = [(entry, FOLDERS[entry.name.lower()]) for entry in below[place] if entry.name.lower() in FOLDERS]
            return Layout(tuple(splits), divided=True)
        if not classes:
            classes = [folder for folder in level if _holds_classes(below[folder])]
        level = [entry for folder in level for entry in below[folder] if _class_name(entry.name) is None]
    return Layout(((_only(path, classes), "Training"),), divided=False) if classes else None


def read_folder(path: Path, *, skip_bad: bool = False) -> FaceSet:
    """Read every picture as gray levels at 48x48; larger ones are reduced by area averaging, smaller ones enlarged.

    Test becomes PrivateTest and validation PublicTest. Without a validation folder, a random 10 % of each class of
    train (with a fixed seed) becomes PublicTest; test never does. A picture's class is the nearest folder above it that
    names one. Numbered folders follow the order of the data set that the numbers fit.

    Args:
        path: Folder with `train` and, if present, `validation` (`valid`, `val`) and `test`, each with one folder per
            class, in any usual spelling; or with only the folders of the classes. Hidden files, and files whose ending
            is not that of a picture, are ignored.
        skip_bad: Skip unusable pictures and list them in `skipped`.

    Raises:
        InputError: If a folder is not a class, or a picture cannot be read or is far from square, unless `skip_bad`; if
            there is no picture. Names the file.
    """
    layout = find_layout(path)
    if layout is None:
        raise InputError(f"{path} has no folder train, validation or test, each with a folder for each class.")
    notes = []
    if not layout.divided:
        notes.append(f"{layout.splits[0][0]} is not divided into train and test; all of it is taken for train.")
    found = [entry for folder, usage in layout.splits for entry in _walk(folder, usage)]
    numbers = _numbering(found)
    if numbers is not None:
        notes.append(f"The numbers of the classes' folders in {path} are taken for {numbers}.")
    loose = sum(not entry.above for entry in found)
    if loose:
        notes.append(f"{loose:,} pictures in {path} lie in no class's folder and are left out.")
    notes += _empty(layout)
    entries = [_labelled(entry, numbers) for entry in found if entry.above]
    faces, skipped = read_pictures(entries, skip_bad=skip_bad, notes=tuple(notes))
    if faces is None:
        raise InputError(f"{path} has no usable picture{f', as in: {skipped[0]}' if skipped else '.'}")
    return with_validation(faces, str(path))


def _walk(folder: Path, usage: str, above: tuple[str, ...] = ()) -> Iterator[_Found]:
    """The pictures below a split's folder, in order of folders and names; links that form a cycle are not followed."""
    inside = visible(folder)
    for entry in inside:
        if entry.is_dir():
            if not entry.is_symlink() or not folder.resolve().is_relative_to(entry.resolve()):
                yield from _walk(entry, usage, (*above, entry.name))
        elif is_picture(entry):
            yield _Found(entry, above, usage)


def _labelled(entry: _Found, numbers: Numbering | None) -> LabelledPicture:
    named = next((name for name in map(_class_name, reversed(entry.above)) if name), None)
    if named is None and numbers is not None:
        given = next((number for number in map(_number, reversed(entry.above)) if number is not None), None)
        named = None if given is None else numbers.emotions.get(given)
    problem = f"{entry.path}: the folder {entry.path.parent.name!r} is not a class; there are {', '.join(CLASSES)}."
    return LabelledPicture(entry.path, named or "", entry.usage, problem="" if named else problem)


def _numbering(found: list[_Found]) -> Numbering | None:
    """The order of numbers that applies to the numbered folders; None if no picture depends on one."""
    numbered = [entry for entry in found if not any(map(_class_name, entry.above))]
    innermost = (
        next((number for number in map(_number, reversed(entry.above)) if number is not None), None)
        for entry in numbered
    )
    numbers = {number for number in innermost if number is not None}
    if not numbers:
        return None
    if 0 not in numbers and all(RAFDB_PICTURE.fullmatch(entry.path.name) for entry in numbered):
        return RAFDB_NUMBERS  # by the names of its files, even if a class is missing
    return numbering_of(numbers)


def _empty(layout: Layout) -> list[str]:
    """A sentence for each folder of a class without a picture."""
    result = []
    for folder, _ in layout.splits:
        for place in visible(folder):
            if not place.is_dir() or (_class_name(place.name) is None and _number(place.name) is None):
                continue
            if next(_walk(place, ""), None) is None:
                kinds = Counter(entry.suffix.lower() for entry in visible(place) if entry.is_file())
                listed = ", ".join(f"{count} {kind or 'without an ending'}" for kind, count in kinds.most_common(3))
                result.append(f"{place} holds no picture that can be read{f' (only {listed})' if listed else ''}.")
    return result


def _holds_classes(folders: list[Path]) -> bool:
    """At least two folders that name a class; or whose numbers are all numbers of classes."""
    names = [folder.name for folder in folders]
    numbers = [int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 9]
    return sum(_class_name(name) is not None for name in names) > 1 or (
        len(numbers) > 1 and max(numbers) <= HIGHEST_NUMBER
    )


def _class_name(name: str) -> str | None:
    """The emotion that a folder's name gives, also after a number (`0_anger`, `3 - happy`)."""
    return canonical(name) or canonical(re.sub(r"^\d+[\s._-]*", "", name))


def _number(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdecimal() and int(name[:9]) <= HIGHEST_NUMBER else None


def _only(path: Path, found: list[Path]) -> Path:
    if len(found) > 1:
        raise InputError(f"{path} holds several data sets ({', '.join(map(str, found[:4]))}); name one of them.")
    return found[0]
