"""Reads folders of pictures, `train/<class>/*.jpg` and the like, as FER2013 and its relatives are passed on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from models.emotions import canonical
from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.splits import stratified
from training.datasets.table import BadRowError

FOLDERS = MappingProxyType(
    {
        **dict.fromkeys(("train", "training"), "Training"),
        **dict.fromkeys(("validation", "valid", "val", "publictest"), "PublicTest"),
        **dict.fromkeys(("test", "testing", "privatetest"), "PrivateTest"),
    }
)
"""Folder name in lower case -> split."""

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".pgm")

VALIDATION_SHARE, VALIDATION_SEED = 0.1, 1
"""Of a train folder without a validation folder beside it, what becomes PublicTest."""

LARGEST_ASPECT = 1.1
"""Of a picture's sides; a longer one is no cut-out face and would be squeezed."""


def split_folders(path: Path) -> tuple[tuple[Path, str], ...]:
    """The folders of a data set and their splits, in order of their names."""
    folders = sorted(folder for folder in path.iterdir() if folder.is_dir())
    return tuple((folder, FOLDERS[folder.name.lower()]) for folder in folders if folder.name.lower() in FOLDERS)


def read_folder(path: Path, *, skip_bad: bool = False) -> FaceSet:
    """Read every picture as gray levels at 48x48; larger ones are averaged down, smaller ones enlarged.

    Test becomes PrivateTest and validation PublicTest. Without a validation folder, 10 % of each class of train, chosen
    by chance with a fixed seed, become PublicTest; test never does.

    Args:
        path: Folder with `train`, and `validation` (`valid`, `val`) and `test` where there are such, each with a folder
            a class, in any usual spelling. Files that are no pictures by their ending are not looked at.
        skip_bad: Leave out pictures that cannot be used and list them in `skipped`.

    Raises:
        InputError: If a folder is no class, or a picture cannot be read or is not about square, unless `skip_bad`; if
            there is no picture. Names the file.
    """
    pictures: list[NDArray[np.uint8]] = []
    emotions: list[int] = []
    usages: list[str] = []
    skipped: list[str] = []
    splits = split_folders(path)
    if not splits:
        raise InputError(f"{path} has no folder train, validation or test, each with a folder for each class.")
    files = [entry for folder, split in splits for entry in _files(folder, split)]
    with ThreadPoolExecutor() as pool:
        for (_, emotion, usage), picture in zip(files, pool.map(_try_to_read, files), strict=True):
            if isinstance(picture, BadRowError):
                if not skip_bad:
                    raise picture
                skipped.append(str(picture))
            else:
                pictures.append(picture)
                emotions.append(CLASSES.index(emotion))
                usages.append(usage)
    if not pictures:
        raise InputError(f"{path} has no usable picture{f', as in: {skipped[0]}' if skipped else '.'}")
    faces = FaceSet(
        images=np.stack(pictures)[..., np.newaxis],
        emotion=np.array(emotions, np.int8),
        usage=np.array(usages),
        skipped=tuple(skipped),
    )
    return faces if np.any(faces.usage == "PublicTest") else _with_validation(faces)


def _files(folder: Path, usage: str) -> Iterator[tuple[Path, str, str]]:
    """Picture, emotion (empty if the folder's name is none) and split of each picture below a split's folder."""
    for place in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        for picture in sorted(place.iterdir()):
            if picture.suffix.lower() in ENDINGS:
                yield picture, canonical(place.name) or "", usage


def _try_to_read(entry: tuple[Path, str, str]) -> NDArray[np.uint8] | BadRowError:
    """The picture, uint8 (48, 48), or why it cannot be used."""
    path, emotion, _ = entry
    if not emotion:
        return BadRowError(f"{path}: the folder {path.parent.name!r} is no class; there are {', '.join(CLASSES)}.")
    try:
        # Not cv2.imread, which cannot open every name on Windows.
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
    except (OSError, cv2.error) as error:
        return BadRowError(f"{path} cannot be read as a picture: {str(error).splitlines()[0][:200]}.")
    if picture is None:
        return BadRowError(f"{path} cannot be read as a picture.")
    height, width = picture.shape
    if max(height, width) > LARGEST_ASPECT * min(height, width):
        return BadRowError(f"{path} is {width}x{height}; a picture must be a face cut out about square.")
    if (height, width) == (48, 48):
        return np.asarray(picture, np.uint8)
    method = cv2.INTER_AREA if min(height, width) >= 48 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (48, 48), interpolation=method), np.uint8)


def _with_validation(faces: FaceSet) -> FaceSet:
    """The same rows, a slice of the Training ones turned into PublicTest."""
    training = np.flatnonzero(faces.usage == "Training")
    usage = faces.usage.astype("U16")
    usage[training[stratified(faces.emotion[training], VALIDATION_SHARE, VALIDATION_SEED)]] = "PublicTest"
    return replace(faces, usage=usage)
