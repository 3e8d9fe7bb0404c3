"""Decides from measurements whether a face can be read; if not, gives the reasons shown in files and the window.

The limits are in one table, `LIMITS`. `python -m app quality DIR` measures the accuracy on photos that are made
smaller, darker, more blurred and so on; docs/quality.md shows the curves and says how the limits were chosen.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.crop import SIDE, crop_face
from app.core.geometry import keypoints_agree, tilt
from app.core.types import Crops, Detection, Face, Image
from models.detectors import CropGeometry

TOO_SMALL, TOO_DARK, TOO_BRIGHT, BLURRED = "too small", "too dark", "too bright", "blurred"
TURNED_AWAY, COVERED, CUT = "turned away", "covered", "cut by the edge"
ON_ITS_SIDE, UPSIDE_DOWN = "on its side", "upside down"

REASONS = (TOO_SMALL, TOO_DARK, TOO_BRIGHT, BLURRED, TURNED_AWAY, COVERED, CUT)
"""Why a face is not readable."""

MARKS = (ON_ITS_SIDE, UPSIDE_DOWN)
"""The mark of a face that was rotated upright before it was read."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Measurements of a face.

    Attributes:
        side: Longer side of its box, pixels.
        level: Mean gray level of the middle of its crop, 0..255.
        burnt: Share of the middle of its crop at 250 levels or more.
        sharpness: Standard deviation of the Laplacian of the crop over that of its levels; 0 if it is flat.
        turn: Distance of the nose from the middle of the eyes along their line, in eye distances; 0 without keypoints.
        eyes, mouth: Standard deviation of levels along rows of the eyes and of the mouth (the median row), over that of
            the crop.
        outside: Share of the box that lies outside the picture.
        tilt: Tilt of the head, degrees, 0..180.
    """

    side: float
    level: float
    burnt: float
    sharpness: float
    turn: float
    eyes: float
    mouth: float
    outside: float
    tilt: float


@dataclass(frozen=True, slots=True)
class Limit:
    """A reason, which applies if its measure is below `least` or above `most`."""

    reason: str
    measure: str
    least: float = -math.inf
    most: float = math.inf


LIMITS = (
    Limit(TOO_SMALL, "side", least=20),
    Limit(TOO_DARK, "level", least=5),
    Limit(TOO_BRIGHT, "burnt", most=0.5),
    Limit(BLURRED, "sharpness", least=0.17),
    Limit(TURNED_AWAY, "turn", most=0.25),
    Limit(COVERED, "eyes", least=0.12),
    Limit(COVERED, "mouth", least=0.08),
    Limit(CUT, "outside", most=0.5),
    Limit(ON_ITS_SIDE, "tilt", most=60),
    Limit(UPSIDE_DOWN, "tilt", most=135),
)
"""All thresholds."""

_PLAIN = CropGeometry()
_MIDDLE = slice(SIDE // 6, SIDE - SIDE // 6)
_EYES, _MOUTH = slice(14, 24), slice(32, 44)
"""Rows of the crop; columns are those of the middle."""

_BURNT = 250


def assess(image: Image, face: Face | Detection, crop: Crops | None = None) -> tuple[str, ...]:
    """The problems of a face, from `REASONS` and `MARKS`, in the order of the table; empty if there are none.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
        face: Where it is.
        crop: Its crop, uint8 (48, 48, 1); cropped here by default.
    """
    values = measure(image, face, crop)
    found: list[str] = []
    for limit in LIMITS:
        if not limit.least <= getattr(values, limit.measure) <= limit.most and limit.reason not in found:
            found.append(limit.reason)
    if UPSIDE_DOWN in found:
        found.remove(ON_ITS_SIDE)
    return tuple(found)


def is_readable(reasons: tuple[str, ...]) -> bool:
    """Whether a face with these problems still gets an emotion.

    >>> is_readable(()), is_readable((UPSIDE_DOWN,)), is_readable((BLURRED, UPSIDE_DOWN))
    (True, True, False)
    """
    return not any(reason in REASONS for reason in reasons)


def measure(image: Image, face: Face | Detection, crop: Crops | None = None) -> Measured:
    """Measure a face; arguments as of `assess`."""
    points = face.keypoints
    if points is not None and not keypoints_agree(points, face.box):
        points = None
    angle = tilt(points)
    gray = (crop_face(image, face.box, geometry=_PLAIN, angle=angle) if crop is None else crop)[..., 0]
    middle = gray[_MIDDLE, _MIDDLE]
    levels = gray.astype(np.float32)
    contrast = _spread(levels)
    edges = np.asarray(cv2.Laplacian(levels, cv2.CV_32F)[1:-1, 1:-1], np.float32)
    over = 1 / contrast if contrast > 0 else 0.0
    return Measured(
        side=max(face.box.w, face.box.h),
        level=float(middle.mean()),
        burnt=float((middle >= _BURNT).mean()),
        sharpness=_spread(edges) * over,
        turn=_turn(points),
        eyes=_contrast(levels[_EYES, _MIDDLE]) * over,
        mouth=_contrast(levels[_MOUTH, _MIDDLE]) * over,
        outside=_outside(image, face),
        tilt=abs(math.degrees(angle)),
    )


def _contrast(rows: NDArray[np.float32]) -> float:
    """The median of the rows' standard deviations."""
    spreads = np.sort(rows.std(axis=1))
    return float(spreads[(len(spreads) - 1) // 2] + spreads[len(spreads) // 2]) / 2


def _spread(values: NDArray[np.float32]) -> float:
    """The standard deviation; OpenCV takes an eighth of numpy's time for so few values."""
    return float(cv2.meanStdDev(values)[1][0, 0])


def _turn(points: NDArray[np.float32] | None) -> float:
    if points is None:
        return 0.0
    right, left, nose = points[:3].astype(np.float64)
    line = left - right
    length = float(line @ line)
    return abs(float((nose - (left + right) / 2) @ line)) / length if length > 0 else math.inf


def _outside(image: Image, face: Face | Detection) -> float:
    height, width = image.shape[:2]
    box = face.box
    across = max(0.0, min(box.x + box.w, width) - max(box.x, 0.0))
    down = max(0.0, min(box.y + box.h, height) - max(box.y, 0.0))
    return 1 - across * down / box.area if box.area > 0 else 1.0
