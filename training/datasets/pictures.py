"""Picture files as 48x48 gray levels."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.table import BadRowError

ENDINGS = frozenset(
    (
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".bmp",
        ".gif",
        ".webp",
        ".avif",
        ".tif",
        ".tiff",
        ".jp2",
        ".pgm",
        ".ppm",
    )
)
LEFT_BY_PROGRAMS = frozenset(("__macosx", "@eadir", "$recycle.bin", "system volume information"))
"""Folders left by archivers and file servers, in lower case; like hidden files they contain no data."""

LARGEST_ASPECT = 1.1
"""Highest ratio of a picture's sides; a longer one is not a cropped face and would be distorted."""

SIDE = 48

Box = tuple[float, float, float, float]
"""x, y of the upper left corner, width, height; pixels."""


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture file with its label and split.

    Attributes:
        path: The file.
        emotion: One of `CLASSES`.
        usage: One of `SPLITS`.
        box: The face in the picture; None if the whole picture is the face.
        problem: Why it cannot be used, as a sentence; empty if no reason is known.
    """

    path: Path
    emotion: str
    usage: str
    box: Box | None = None
    problem: str = ""


def is_passed_over(path: Path) -> bool:
    """Whether a file or folder is hidden (`._x.png`, `.ipynb_checkpoints`) or was left by a program."""
    return path.name.startswith(".") or path.name.lower() in LEFT_BY_PROGRAMS


def visible(folder: Path) -> list[Path]:
    """The entries of a folder, in order of their names, without those that are ignored."""
    return sorted(entry for entry in folder.iterdir() if not is_passed_over(entry))


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its ending."""
    return path.suffix.lower() in ENDINGS


def read_pictures(
    entries: Iterable[LabelledPicture], *, skip_bad: bool, notes: tuple[str, ...] = ()
) -> tuple[FaceSet | None, tuple[str, ...]]:
    """Read picture files in their order.

    Args:
        entries: The pictures to read.
        skip_bad: Skip unusable pictures.
        notes: Of the result.

    Returns:
        The set, or None if no picture is usable, and a sentence for each unusable one.

    Raises:
        BadRowError: On the first unusable picture unless `skip_bad`; names the file.
    """
    images: list[NDArray[np.uint8]] = []
    kept: list[LabelledPicture] = []
    skipped: list[str] = []
    for entry, picture in _decoded(list(entries)):
        if isinstance(picture, BadRowError):
            if not skip_bad:
                raise picture
            skipped.append(str(picture))
        else:
            images.append(picture)
            kept.append(entry)
    if not kept:
        return None, tuple(skipped)
    faces = FaceSet(
        images=np.stack(images)[..., np.newaxis],
        emotion=np.array([CLASSES.index(entry.emotion) for entry in kept], np.int8),
        usage=np.array([entry.usage for entry in kept]),
        skipped=tuple(skipped),
        notes=notes,
    )
    return faces, tuple(skipped)


def _decoded(entries: list[LabelledPicture]) -> Iterator[tuple[LabelledPicture, NDArray[np.uint8] | BadRowError]]:
    with ThreadPoolExecutor() as pool:
        yield from zip(entries, pool.map(_try_to_read, entries), strict=True)


def _try_to_read(entry: LabelledPicture) -> NDArray[np.uint8] | BadRowError:
    """The picture, uint8 (48, 48), or why it cannot be used."""
    import cv2  # not needed for a csv, so that a machine with only JAX and Keras can train

    if entry.problem:
        return BadRowError(entry.problem)
    path = entry.path
    try:
        # not cv2.imread, which cannot open every name on Windows
        content = np.fromfile(path, np.uint8)
        picture = _gray(content, path.suffix.lower()) if len(content) else None
    except (OSError, cv2.error) as error:
        return BadRowError(f"{path} cannot be read as a picture: {str(error).splitlines()[0][:200]}.")
    if picture is None:
        return BadRowError(f"{path} cannot be read as a picture.")
    if entry.box is not None:
        picture = _cut(picture, entry.box)
    height, width = picture.shape
    if not min(height, width) or max(height, width) > LARGEST_ASPECT * min(height, width):
        return BadRowError(f"{path} is {width}x{height}; a picture must be a face cut out about square.")
    if (height, width) == (SIDE, SIDE):
        return picture
    method = cv2.INTER_AREA if min(height, width) >= SIDE else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=method), np.uint8)


def _gray(content: NDArray[np.uint8], suffix: str) -> NDArray[np.uint8] | None:
    """Gray levels uint8 (h, w) of an encoded picture; None if it cannot be decoded."""
    import cv2

    if suffix not in (".tif", ".tiff"):
        picture = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
        return None if picture is None else np.asarray(picture, np.uint8)
    # TIFF may contain numbers of any type; OpenCV converts only some of them to gray levels.
    picture = cv2.imdecode(content, cv2.IMREAD_UNCHANGED)
    if picture is None:
        return None
    levels = _levels(np.asarray(picture))
    if levels.ndim == 3 and levels.shape[2] in (3, 4):
        return np.asarray(cv2.cvtColor(levels[..., :3], cv2.COLOR_BGR2GRAY), np.uint8)
    return levels if levels.ndim == 2 else levels[..., 0]


def _levels(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers of any type as levels 0..255: floats up to 1 are fractions, integers above 255 have 16 bits."""
    if values.dtype == np.uint8:
        return values
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    highest = float(finite.max(initial=0.0))
    if np.issubdtype(values.dtype, np.floating) and highest <= 1:
        finite = finite * 255
    elif highest > 255:
        finite = finite * 255 / max(highest, 65535.0)
    return np.clip(np.rint(finite), 0, 255).astype(np.uint8)


def _cut(picture: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part of the box inside the picture; empty if they do not overlap."""
    height, width = picture.shape
    x, y, w, h = box
    left, top = max(0, round(x)), max(0, round(y))
    return picture[top : max(top, min(height, round(y + h))), left : max(left, min(width, round(x + w)))]
