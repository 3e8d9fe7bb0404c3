"""Distinguishes colour noise from real surfaces by how far the colour channels vary together."""

import math

import cv2
import numpy as np

from app.core.types import Box, Image

_CELLS = 16
"""Cells along a side to which a box is averaged: coarse enough to remove noise, fine enough for eyes and mouth."""

_FLOOR = 1.0
"""Squared levels, of 255, that are counted as varying together, so that flat areas do not appear as noise."""


def unity(image: Image, box: Box) -> float:
    """How far the three channels vary together between the cells of a box, from 1/3 to 1.

    Skin, hair and shadows change all channels at once, in any light; channels of noise are independent of each other.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
        box: In pixels; may reach outside the picture, but not entirely.

    Returns:
        The share of the squared differences between neighbouring cells that lies along their main direction in the
        space of colours: from 1/3, where the channels differ as much and independently, to 1, as in a gray picture.
    """
    height, width = image.shape[:2]
    rows, columns = _span(box.y, box.y + box.h, height), _span(box.x, box.x + box.w, width)
    part = image[rows, columns]
    smooth = cv2.INTER_AREA if min(part.shape[:2]) >= _CELLS else cv2.INTER_LINEAR
    cells = cv2.resize(part, (_CELLS, _CELLS), interpolation=smooth).astype(np.float64)
    steps = np.concatenate([np.diff(cells, axis=axis).reshape(-1, 3) for axis in (0, 1)])
    together = np.linalg.eigvalsh(steps.T @ steps / len(steps))
    return float((together[-1] + _FLOOR) / (together.sum() + _FLOOR))


def _span(start: float, end: float, size: int) -> slice:
    """The pixels of an interval that are in the picture, at least one."""
    first = min(max(math.floor(start), 0), size - 1)
    return slice(first, min(max(math.ceil(end), first + 1), size))
