"""Small pictures of large ones, without decoding more than is needed."""

from pathlib import Path

import cv2
import numpy as np

from app.core.types import Image
from app.sources.content import JPEG, head_of, picture_kind
from app.sources.images import read_picture
from app.sources.pillow import PILLOW_ERRORS, opened

_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


def read_thumbnail(path: str | Path, side: int) -> Image:
    """Read a picture scaled down to fit into a square.

    A JPEG is decoded at a half, a quarter or an eighth where that is still large enough, in a fraction of the time.

    Args:
        path: The file.
        side: Of the square, in pixels.

    Returns:
        BGR uint8 (H, W, 3), the longer side at most `side`, upright as `read_picture` gives it.

    Raises:
        InputError: As `read_picture`.
    """
    path = Path(path)
    image = _reduced(path, side) if picture_kind(head_of(path)) == JPEG else None
    if image is None:
        image = read_picture(path)
    height, width = image.shape[:2]
    share = side / max(height, width)
    if share >= 1:
        return image
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _reduced(path: Path, side: int) -> Image | None:
    """A JPEG decoded at reduced size; None if it is small, or if `read_picture` should report a problem."""
    try:
        with opened(path) as file:
            longest = max(file.size)
        flag = next((flag for factor, flag in _REDUCED if longest >= factor * side), None)
        image = None if flag is None else cv2.imdecode(np.fromfile(path, np.uint8), flag)
    except (*PILLOW_ERRORS, cv2.error):
        return None
    return None if image is None else np.asarray(image, np.uint8)
