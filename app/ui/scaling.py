"""Scales frames for the screen into reused memory: allocating it each time costs several times the scaling itself."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.core.types import Image
from app.ui.panel_layout import Rect


class Scaler:
    """Scales frames to Qt images. Each image is valid until the next one is made."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, int, int], NDArray[np.uint8]] = {}
        self._used: set[tuple[str, int, int]] = set()

    def image(self, image: Image, area: Rect, pixel_ratio: float, mirrored: bool) -> QImage:
        """Scale a BGR picture, uint8 (H, W, 3), to an area of the screen.

        Halving with area interpolation, then linear interpolation, shows no aliasing and takes a sixth of the time of
        area interpolation alone. Qt draws 32 bits per pixel five times as fast as 24.

        Args:
            image: The frame.
            area: Only its size is used, in device-independent pixels.
            pixel_ratio: Device pixels per device-independent pixel.
            mirrored: Whether to flip it horizontally.
        """
        width, height = max(1, round(area.w * pixel_ratio)), max(1, round(area.h * pixel_ratio))
        self._used = set()
        while image.shape[1] >= 2 * width and image.shape[0] >= 2 * height:
            half = (image.shape[1] // 2, image.shape[0] // 2)
            piece = self._piece("half", *half, 3)
            image = np.asarray(cv2.resize(image, half, dst=piece, interpolation=cv2.INTER_AREA), np.uint8)
        piece = self._piece("scaled", width, height, 3)
        scaled = cv2.resize(image, (width, height), dst=piece, interpolation=cv2.INTER_LINEAR)
        if mirrored:
            scaled = cv2.flip(scaled, 1, dst=self._piece("mirrored", width, height, 3))
        pixels = cv2.cvtColor(scaled, cv2.COLOR_BGR2BGRA, dst=self._piece("shown", width, height, 4))
        self._pieces = {key: piece for key, piece in self._pieces.items() if key in self._used}
        made = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        made.setDevicePixelRatio(pixel_ratio)
        return made

    def _piece(self, use: str, width: int, height: int, channels: int) -> NDArray[np.uint8]:
        key = (use, width, height)
        self._used.add(key)
        if key not in self._pieces:
            self._pieces[key] = np.empty((height, width, channels), np.uint8)
        return self._pieces[key]


def to_qimage(image: Image, area: Rect, pixel_ratio: float, mirrored: bool) -> QImage:
    """Like `Scaler.image`, with memory of its own."""
    return Scaler().image(image, area, pixel_ratio, mirrored).copy()
