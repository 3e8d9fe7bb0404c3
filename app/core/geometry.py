"""Pure functions on boxes. Nothing is modified, everything is in pixels of the frame."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.core.types import Box

if TYPE_CHECKING:
    from models.bundle import CropGeometry


_BESIDE = 0.25
"""How far outside a box the keypoints of its face may be, in sides of the box."""

_SPREAD = 0.15
"""Least distance of the eyes, or of eyes and mouth, in sides of the box: below it, the keypoints coincide."""

_NEAR_ZERO = 0.1
"""Least length of the line down to the mouth over that of the eyes: below it, its direction is noise."""

_PROFILE = 0.2
"""The same for the line of the eyes over the other; below it, the face is in profile, and only the other counts."""

_LARGEST_SKEW = math.radians(50)
"""How far the line of the eyes may be from square to the line down to the mouth."""

_NOSE = (-0.4, 1.4)
"""Where the nose may be between the eyes (0) and the mouth (1)."""


def is_usable(box: Box) -> bool:
    """Whether a box has an area and only finite numbers.

    >>> is_usable(Box(0, 0, 10, 10)), is_usable(Box(0, 0, 10, 0)), is_usable(Box(math.nan, 0, 1, 1))
    (True, False, False)
    """
    return all(map(math.isfinite, (box.x, box.y, box.w, box.h))) and box.w > 0 and box.h > 0


def side(box: Box) -> float:
    """Geometric mean of width and height, the single measure of a box's size.

    >>> side(Box(0, 0, 40, 90))
    60.0
    """
    return math.sqrt(box.area)


def shifted(box: Box, dx: float, dy: float) -> Box:
    """Shift a box by pixels.

    >>> shifted(Box(10, 20, 30, 40), 5, -5)
    Box(x=15, y=15, w=30, h=40)
    """
    return Box(box.x + dx, box.y + dy, box.w, box.h)


def scaled(box: Box, factor: float) -> Box:
    """A box of another size about the same centre.

    >>> scaled(Box(0, 0, 4, 2), 0.5)
    Box(x=1.0, y=0.5, w=2.0, h=1.0)
    """
    w, h = factor * box.w, factor * box.h
    return Box(box.center[0] - w / 2, box.center[1] - h / 2, w, h)


def center_distance(a: Box, b: Box) -> float:
    """Distance of two centres in pixels.

    >>> center_distance(Box(0, 0, 10, 10), Box(3, 4, 10, 10))
    5.0
    """
    (ax, ay), (bx, by) = a.center, b.center
    return math.hypot(ax - bx, ay - by)


def iou(a: Box, b: Box) -> float:
    """Intersection over union, 0..1; 0 if a box has no area.

    >>> round(iou(Box(0, 0, 10, 10), Box(5, 0, 10, 10)), 4)
    0.3333
    """
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (a.area + b.area - shared)


def contains(box: Box, point: tuple[float, float]) -> bool:
    """Whether a point is in a box.

    >>> contains(Box(0, 0, 10, 10), (5, 10)), contains(Box(0, 0, 10, 10), (5, 11))
    (True, False)
    """
    x, y = point
    return box.x <= x <= box.x + box.w and box.y <= y <= box.y + box.h


def tilt(keypoints: NDArray[np.float32] | None) -> float:
    """The tilt of a head: the angle of the line between the eyes and of the line down to the mouth, perpendicular to
    it.

    The longer of both lines counts for more, since the eyes of a face turned sideways are close together.

    Args:
        keypoints: As in `Detection`, in pixels.

    Returns:
        Radians from -pi to pi, clockwise in the picture; 0 if there are no keypoints, or they do not agree.

    >>> tilt(np.float32([[10, 10], [20, 20], [12, 18], [5, 25]])) * 180 / math.pi
    45.0
    >>> tilt(np.float32([[20, 10], [10, 10], [15, 15], [15, 20]]))  # the eyes are exchanged
    0.0
    """
    if keypoints is None or not keypoints_agree(keypoints):
        return 0.0
    eyes, down = _axes(_four(keypoints))
    return math.atan2(eyes[1] - down[0], eyes[0] + down[1])


def keypoints_agree(keypoints: NDArray[np.float32], box: Box | None = None) -> bool:
    """Whether keypoints may belong to one face, so that they can be used to rotate it.

    The mouth must be well away from the eyes; the line between the eyes must be roughly perpendicular to the line down
    to the mouth, in the order of a face, unless the eyes are so close together that the face is in profile; the nose
    must lie between the eyes and the mouth. With a box, all four must lie in it or close by, and not all in one place.

    Args:
        keypoints: As in `Detection`, in pixels.
        box: The face's, in pixels.

    >>> face = np.float32([[10, 10], [20, 10], [15, 15], [15, 20]])
    >>> keypoints_agree(face, Box(5, 5, 20, 20)), keypoints_agree(face, Box(40, 5, 20, 20))
    (True, False)
    >>> keypoints_agree(face[[1, 0, 2, 3]]), keypoints_agree(face * 0)
    (False, False)
    """
    four = _four(keypoints)
    if not all(map(math.isfinite, (value for point in four for value in point))):
        return False
    if box is not None:
        across, down = box.w * (0.5 + _BESIDE), box.h * (0.5 + _BESIDE)
        x0, y0 = box.center
        if not is_usable(box) or any(abs(x - x0) > across or abs(y - y0) > down for x, y in four):
            return False
    (ex, ey), (dx, dy) = _axes(four)
    apart, length = math.hypot(ex, ey), math.hypot(dx, dy)
    size = max(apart, length)
    if box is not None and size < _SPREAD * side(box):
        return False
    if length < _NEAR_ZERO * size or size == 0:
        return False
    turn = ex * dy - ey * dx  # over both lengths: the sine of the angle from eyes to mouth
    if apart > _PROFILE * length and turn < math.cos(_LARGEST_SKEW) * apart * length:
        return False
    right_eye, left_eye, nose, _ = four
    x, y = (end - (right + left) / 2 for end, right, left in zip(nose, right_eye, left_eye, strict=True))
    return _NOSE[0] < (x * dx + y * dy) / length**2 < _NOSE[1]


_Point = tuple[float, float]


def _four(keypoints: NDArray[np.float32]) -> list[_Point]:
    """Eyes, nose and mouth as plain numbers, because for so few Python is faster than numpy."""
    return [(x, y) for x, y in keypoints[:4].tolist()]


def _axes(four: list[_Point]) -> tuple[_Point, _Point]:
    """The vectors from the right eye to the left one, and from the middle of the eyes to the mouth."""
    (rx, ry), (lx, ly), _, (mx, my) = four
    return (lx - rx, ly - ry), (mx - (lx + rx) / 2, my - (ly + ry) / 2)


def crop_square(box: Box, geometry: "CropGeometry", angle: float = 0.0) -> Box:
    """The square that is cut out around a face, before it is rotated about its centre.

    Args:
        box: The detector's box.
        geometry: Side of the square over the longer side of the box, and the shift of its centre in longer sides.
        angle: The head's tilt, radians clockwise; the shift is along the head.

    Returns:
        A square box; may reach outside the image.

    Raises:
        ValueError: If the box has no area or is not finite.

    >>> from models.bundle import CropGeometry
    >>> crop_square(Box(10, 20, 40, 30), CropGeometry(scale=1.5, dy=-0.1))
    Box(x=0.0, y=1.0, w=60.0, h=60.0)
    """
    if not is_usable(box):
        raise ValueError(f"a box without area cannot be cropped: {box}")
    longer = max(box.w, box.h)
    edge = geometry.scale * longer
    cos, sin = math.cos(angle), math.sin(angle)
    cx = box.center[0] + (cos * geometry.dx - sin * geometry.dy) * longer
    cy = box.center[1] + (sin * geometry.dx + cos * geometry.dy) * longer
    return Box(cx - edge / 2, cy - edge / 2, edge, edge)
