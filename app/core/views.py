"""Small upright squares from a large picture, for networks with square inputs, and the mapping back."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.types import Box, Detection, Image

VIEW = 128
"""Side of a view in pixels: the input of BlazeFace."""


@dataclass(frozen=True, slots=True)
class Square:
    """A square part of a picture. May reach outside it.

    Attributes:
        x: Of the centre, in pixels of the picture.
        y: Likewise.
        side: In pixels.
        angle: Rotation of the square about its centre, radians clockwise.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    def back(self, detection: Detection, width: int, height: int) -> Detection:
        """Map pixels of the view to pixels of the picture.

        The box keeps its shape and is upright about its centre. Place and size are clipped to the picture separately,
        as MediaPipe does with its tiles.

        Args:
            detection: In pixels of the view.
            width: Of the picture.
            height: Likewise.
        """
        zoom = self.side / VIEW
        cos, sin = zoom * math.cos(self.angle), zoom * math.sin(self.angle)
        box, middle = detection.box, VIEW / 2
        across, down = box.center[0] - middle, box.center[1] - middle
        w, h = box.w * zoom, box.h * zoom
        x = self.x + cos * across - sin * down - w / 2
        y = self.y + sin * across + cos * down - h / 2
        points = detection.keypoints
        if points is not None:
            turn = np.array([[cos, sin], [-sin, cos]], np.float32)
            points = ((points - np.float32(middle)) @ turn + np.array((self.x, self.y))).astype(np.float32)
        return Detection(Box(max(x, 0.0), max(y, 0.0), min(w, width), min(h, height)), detection.score, points)


class Pyramid:
    """One picture at half its size, a quarter, and so on, each made when first needed and shared by all views.

    Halving by area and then sampling bilinearly skips no pixel and is far cheaper than area averaging at arbitrary
    scales: views of a 1280x720 picture as a whole and of two tiles as high as it is take 0.32 ms in all, averaging it
    to 228x128 alone 1.84.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
    """

    def __init__(self, image: Image) -> None:
        self.height, self.width = image.shape[:2]
        self._levels = [image]

    def level(self, number: int) -> Image:
        """The picture at 1 / 2**number of its size; at least one pixel is left."""
        while len(self._levels) <= number:
            self._levels.append(_halved(self._levels[-1]))
        return self._levels[number]

    def views(self, squares: Sequence[Square]) -> NDArray[np.uint8]:
        """The views of squares, black outside the picture.

        Returns:
            RGB uint8, shape (n, 128, 128, 3); n may be 0.
        """
        shown = np.empty((len(squares), VIEW, VIEW, 3), np.uint8)
        for view, square in zip(shown, squares, strict=True):
            cv2.cvtColor(self._view(square), cv2.COLOR_BGR2RGB, dst=view)
        return shown

    def _view(self, square: Square) -> NDArray[np.uint8]:
        number = max(math.frexp(square.side / VIEW)[1] - 1, 0)
        number = min(number, max(min(self.width, self.height).bit_length() - 2, 0))
        part, left, top = self._part(square, number)
        scale = 2.0**number
        zoom = square.side / VIEW / scale
        cos, sin = zoom * math.cos(square.angle), zoom * math.sin(square.angle)
        middle = (VIEW - 1) / 2
        x, y = square.x / scale - left - 0.5, square.y / scale - top - 0.5
        turn = np.array([[cos, -sin, x - (cos - sin) * middle], [sin, cos, y - (sin + cos) * middle]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(part, turn, (VIEW, VIEW), flags=flags), np.uint8)

    def _part(self, square: Square, number: int) -> tuple[Image, int, int]:
        """The part of a level that a square needs: its pixels, and its position in the level.

        If the level does not exist yet, only the surroundings of a small square are halved instead of the whole
        picture.
        """
        reach = square.side * (abs(math.cos(square.angle)) + abs(math.sin(square.angle))) / 2
        if len(self._levels) <= number and 8 * reach * reach > self.width * self.height:
            self.level(number)
        if len(self._levels) > number:
            return self._levels[number], 0, 0
        known = len(self._levels) - 1
        step = 2 ** (number - known)
        part = self._levels[known]
        left, right = _span(square.x - reach, square.x + reach, 2**known, step, part.shape[1])
        top, bottom = _span(square.y - reach, square.y + reach, 2**known, step, part.shape[0])
        part = part[top:bottom, left:right]
        for _ in range(number - known):
            part = _halved(part)
        return part, left // step, top // step


def _span(start: float, end: float, scale: int, step: int, size: int) -> tuple[int, int]:
    """Pixels [first, last) of a level of 1 / scale that hold an interval of the picture, on whole steps."""
    last = max(size // step - 1, 0)
    first = min(max(math.floor(start / scale / step) - 1, 0), last)
    return first * step, min((max(math.ceil(end / scale / step), first) + 1) * step, size)


def _halved(image: Image) -> Image:
    height, width = (max(size // 2, 1) for size in image.shape[:2])
    even = image[: max(height * 2, 1), : max(width * 2, 1)]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
