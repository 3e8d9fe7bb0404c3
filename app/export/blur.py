"""Makes faces in a picture unrecognisable."""

from collections.abc import Iterable

import cv2
import numpy as np

from app.core.types import Box, Image

GROWN = 0.25
"""A detector's box leaves out hair, ears and chin; so much of its size is added on each side."""

_CELLS = 5


def blurred(image: Image, boxes: Iterable[Box]) -> Image:
    """Return a copy in which every box, grown by a quarter on each side, holds only about five by five mean colours.

    What is averaged away cannot be computed back, unlike after a blur by a known kernel.

    Args:
        image: BGR uint8, shape (H, W, 3).
        boxes: In its pixels; may reach outside.
    """
    copy = image.copy()
    height, width = image.shape[:2]
    for box in boxes:
        left, right = _clipped(box.x, box.w, width)
        top, bottom = _clipped(box.y, box.h, height)
        if right > left and bottom > top:
            part = copy[top:bottom, left:right]
            cell = max(right - left, bottom - top) / _CELLS
            small = max(1, round((right - left) / cell)), max(1, round((bottom - top) / cell))
            means = cv2.resize(part, small, interpolation=cv2.INTER_AREA)
            part[:] = np.asarray(cv2.resize(means, part.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    return copy


def _clipped(start: float, length: float, end: int) -> tuple[int, int]:
    first, last = start - GROWN * length, start + (1 + GROWN) * length
    return max(0, int(np.floor(first))), min(end, int(np.ceil(last)))
