"""Cuts faces as the 48x48 gray images that the networks take."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.geometry import crop_square, tilt
from app.core.types import Box, Crops, Detection, Face, Image
from models.bundle import INPUT, CropGeometry

SIDE = INPUT[0]
"""Pixels of a crop's side."""

_MOST_SAMPLES = 10
"""Samples along a side of each pixel of a tilted face's crop, at most; this bounds the time for a large one."""


def crop_face(image: Image, box: Box, *, geometry: CropGeometry, angle: float = 0.0) -> Crops:
    """Cut one face as a 48x48 gray image.

    The square of `geometry.crop_square` is resampled at its exact, fractional place: averaged over areas when it
    shrinks, bilinear when it grows. A tilted face is rotated upright first, by bilinear sampling of its pixels.

    Args:
        image: BGR uint8, shape (H, W, 3), any size from 1x1. Not modified.
        box: The detector's box in pixels; may reach outside the image, the border is replicated.
        geometry: Maps this detector's box to the framing that the model was trained on.
        angle: The head's tilt, radians clockwise.

    Returns:
        uint8, shape (48, 48, 1).

    Raises:
        ValueError: If the box has no area or is not finite.
    """
    square = crop_square(box, geometry, angle)
    reach = square.w * (abs(math.sin(angle)) + abs(math.cos(angle)) - 1) / 2
    height, width = image.shape[:2]
    left, right = _span(square.x - reach, square.x + square.w + reach, width)
    top, bottom = _span(square.y - reach, square.y + square.h + reach, height)
    gray = np.asarray(cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY), np.uint8)
    square = Box(square.x - left, square.y - top, square.w, square.h)
    if angle:
        return _upright(gray, square, angle)[..., np.newaxis]
    resample = _average if square.w >= SIDE else _interpolate
    values = resample(gray, square.x, square.y, square.w / SIDE)
    crop: Crops = np.clip(np.rint(values), 0, 255).astype(np.uint8)[..., np.newaxis]
    return crop


def crop_faces(image: Image, faces: Sequence[Face | Detection], *, geometry: CropGeometry) -> Crops:
    """Cut every face of a picture, in order, upright where the detector gives keypoints.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
        faces: The faces to cut; may be empty.
        geometry: As for `crop_face`.

    Returns:
        uint8, shape (n, 48, 48, 1); n may be 0.

    Raises:
        ValueError: If a box has no area or is not finite.
    """
    crops = np.empty((len(faces), SIDE, SIDE, 1), np.uint8)
    for i, face in enumerate(faces):
        crops[i] = crop_face(image, face.box, geometry=geometry, angle=tilt(face.keypoints))
    return crops


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """The pixels [first, last) that an interval needs, with a margin for interpolation; at least one, in the image."""
    first = min(max(math.floor(start) - 1, 0), size - 1)
    return first, min(max(math.ceil(end) + 1, first + 1), size)


def _upright(gray: NDArray[np.uint8], square: Box, angle: float) -> NDArray[np.uint8]:
    """Rotate the content of a square about its centre, 48x48.

    Sampled bilinearly at a whole multiple of 48 pixels and averaged over areas, which OpenCV does fastest for whole
    factors. A pixel's centre is half a pixel from its corner, where boxes are measured from.
    """
    factor = min(math.ceil(square.w / SIDE), _MOST_SAMPLES)
    pixels = SIDE * factor
    step = square.w / pixels
    cos, sin = step * math.cos(angle), step * math.sin(angle)
    middle = (1 - pixels) / 2  # from the square's centre to the centre of the first sample
    x = square.center[0] + (cos - sin) * middle - 0.5
    y = square.center[1] + (sin + cos) * middle - 0.5
    turned = cv2.warpAffine(
        gray,
        np.array([[cos, -sin, x], [sin, cos, y]]),
        (pixels, pixels),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if factor > 1:
        turned = cv2.resize(turned, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(turned, np.uint8)


def _average(gray: NDArray[np.uint8], x: float, y: float, step: float) -> NDArray[np.float64]:
    """Mean levels of 48x48 squares with sides of `step` pixels, the first with its corner at (x, y).

    The integral of an image of square pixels is bilinear between their corners, so interpolating it is exact;
    extrapolating it linearly is equivalent to replicating the border. (A product with weight matrices is as short, but
    wakes the threads of the linear algebra library, which costs far more than the work itself while the other cores are
    busy.)
    """
    total = np.asarray(cv2.integral(gray, sdepth=cv2.CV_64F), np.float64)
    edges = step * np.arange(SIDE + 1, dtype=np.float64)
    rows = _between(total, y + edges)
    cells = _between(rows.T, x + edges).T
    return np.diff(np.diff(cells, axis=0), axis=1) / step**2


def _interpolate(gray: NDArray[np.uint8], x: float, y: float, step: float) -> NDArray[np.float64]:
    """Levels at the centres of the same squares, bilinear between the centres of pixels."""
    height, width = gray.shape
    centers = step * (np.arange(SIDE, dtype=np.float64) + 0.5) - 0.5
    rows = _between(gray.astype(np.float64), np.clip(y + centers, 0, height - 1))
    return _between(rows.T, np.clip(x + centers, 0, width - 1)).T


def _between(values: NDArray[np.float64], places: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows of `values` at fractional places, linear between them and beyond the first and last."""
    before = np.clip(np.floor(places), 0, max(len(values) - 2, 0)).astype(np.intp)
    share = (places - before)[:, np.newaxis]
    first = values[before]
    return np.asarray(first + share * (values[np.minimum(before + 1, len(values) - 1)] - first))
