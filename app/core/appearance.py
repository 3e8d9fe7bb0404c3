"""A compact signature of a face's appearance, enough to tell whether two sightings may be the same person."""

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.geometry import is_usable
from app.core.types import Box, Image

Signature = NDArray[np.float32]
"""float32 (192,): a face's coarse colours without their mean, of length 1, or 0 if nothing can be said of it."""

Describe = Callable[[Sequence[Box]], tuple[Signature, ...]]
"""Signatures of boxes within the frame at hand: `describe` with its image bound."""

_CELLS = 8
_SAMPLES = 32
_LEAST_CONTRAST = 4 * math.sqrt(_CELLS * _CELLS * 3)
"""Length of colours that differ by 4 levels of 255; smaller differences are codec noise."""


def describe(image: Image, boxes: Sequence[Box]) -> tuple[Signature, ...]:
    """Describe the content of boxes by 8x8 coarse colours; their dot product is a correlation, -1..1.

    Brightness and contrast of the light cancel out; the place within the image does not matter.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
        boxes: In pixels; may reach outside the image.

    Returns:
        A signature for each box, in order; zeros for a box without area, of one colour, or that reaches outside the
        image, where a part of the face is missing.
    """
    return tuple(_describe(image, box) for box in boxes)


def _describe(image: Image, box: Box) -> Signature:
    height, width = image.shape[:2]
    empty: Signature = np.zeros(_CELLS * _CELLS * 3, np.float32)
    if not is_usable(box):
        return empty
    if box.x < 0 or box.y < 0 or box.x + box.w > width or box.y + box.h > height:
        return empty
    left, right = math.floor(box.x), min(math.ceil(box.x + box.w), width)
    top, bottom = math.floor(box.y), min(math.ceil(box.y + box.h), height)
    # Every n-th pixel is enough for means over an eighth of a face and keeps large faces cheap.
    thin_y, thin_x = max((bottom - top) // _SAMPLES, 1), max((right - left) // _SAMPLES, 1)
    cells = cv2.resize(
        image[top:bottom:thin_y, left:right:thin_x].copy(), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA
    )
    flat: Signature = cells.astype(np.float32).ravel()
    flat -= flat.mean()
    length = float(np.linalg.norm(flat))
    return flat / length if length > _LEAST_CONTRAST else empty
