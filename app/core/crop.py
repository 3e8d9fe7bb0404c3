"""Cuts faces as the 48x48 gray images that the networks take."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.geometry import crop_square
from app.core.types import Box, Crops, Detection, Face, Image

if TYPE_CHECKING:
    from models.bundle import CropGeometry

SIDE = 48
"""Pixels of a crop's side."""


def crop_face(image: Image, box: Box, *, geometry: "CropGeometry") -> Crops:
    """Cut one face as a 48x48 gray image.

    The square of `geometry.crop_square` is resampled at its exact, fractional place: averaged over areas when it
    shrinks, bilinear when it grows.

    Args:
        image: BGR uint8, shape (H, W, 3), any size from 1x1. Not modified.
        box: The detector's box in pixels; may reach outside the image, the border is replicated.
        geometry: How far this detector's box is from the framing the model was trained on.

    Returns:
        uint8, shape (48, 48, 1).

    Raises:
        ValueError: If the box has no area or is not finite.
    """
    square = crop_square(box, geometry)
    height, width = image.shape[:2]
    left, right = _span(square.x, square.x + square.w, width)
    top, bottom = _span(square.y, square.y + square.h, height)
    gray = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY).astype(np.float32)
    across = _weights(square.x, square.w, left, right)
    down = _weights(square.y, square.h, top, bottom)
    crop: Crops = np.clip(np.rint(down @ gray @ across.T), 0, 255).astype(np.uint8)[..., np.newaxis]
    return crop


def crop_faces(image: Image, faces: Sequence[Face | Detection], *, geometry: "CropGeometry") -> Crops:
    """Cut every face of a picture, in order.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
        faces: What to cut; may be empty.
        geometry: As for `crop_face`.

    Returns:
        uint8, shape (n, 48, 48, 1); n may be 0.

    Raises:
        ValueError: If a box has no area or is not finite.
    """
    crops = np.empty((len(faces), SIDE, SIDE, 1), np.uint8)
    for i, face in enumerate(faces):
        crops[i] = crop_face(image, face.box, geometry=geometry)
    return crops


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """The pixels [first, last) that an interval needs, with a margin for interpolation; at least one, in the image."""
    first = min(max(math.floor(start) - 1, 0), size - 1)
    return first, min(max(math.ceil(end) + 1, first + 1), size)


def _weights(start: float, length: float, first: int, last: int) -> NDArray[np.float32]:
    """How much each pixel first..last-1 counts for each of the 48 outputs; rows sum to 1, shape (48, last - first).

    The outermost pixels stand for everything beyond them, which is what replicating the border means.
    """
    pixels = np.arange(first, last, dtype=np.float64)
    step = length / SIDE
    if step >= 1:
        # Overlap of [edge i, edge i + 1) with each pixel: the difference of how much of it lies before the edges.
        edges = start + step * np.arange(SIDE + 1)
        before = edges[:, np.newaxis] - pixels
        floor, ceiling = np.zeros(pixels.size), np.ones(pixels.size)
        floor[0], ceiling[-1] = -np.inf, np.inf
        return (np.diff(np.clip(before, floor, ceiling), axis=0) / step).astype(np.float32)
    centers = np.clip(start + step * (np.arange(SIDE) + 0.5), first + 0.5, last - 0.5)
    return np.maximum(1 - np.abs(centers[:, np.newaxis] - (pixels + 0.5)), 0).astype(np.float32)
