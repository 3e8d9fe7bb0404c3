"""Prepares results for painting outside the window's thread, so that large frames do not slow the window down."""

from collections import deque
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.core.types import Box, Image
from app.player.player import Shown
from app.ui.panel_layout import Rect
from app.ui.scaling import Scaler, to_qimage
from app.ui.shapes import blank

PORTRAIT = 64
"""Side of a portrait in screen pixels."""

PORTRAIT_RADIUS = 6.0
"""Radius of its corners, in screen pixels."""

MOST_PORTRAITS = 24
_AROUND = 1.25


@dataclass(frozen=True, slots=True)
class Drawn:
    """A result, ready to be painted.

    Attributes:
        shown: The result.
        area: Place of the picture in its widget, in screen pixels.
        mirrored: Whether the picture is mirrored.
        image: The frame at the size of the area.
        portraits: Face id -> its surroundings in the frame, a square.
        scaler: Owns the memory of the image, which may be reused once the image is no longer painted.
    """

    shown: Shown
    area: Rect
    mirrored: bool
    image: QImage
    portraits: dict[int, QImage]
    scaler: Scaler


def make_drawing(spare: deque[Scaler], shown: Shown, area: Rect, pixel_ratio: float, mirrored: bool) -> Drawn:
    """Scale a result's frame to an area of the screen, and cut out its faces.

    Args:
        spare: Scaler to reuse.
        shown: The result.
        area: In screen pixels.
        pixel_ratio: Physical pixels per screen pixel.
        mirrored: Whether to mirror the picture.
    """
    try:
        scaler = spare.pop()
    except IndexError:
        scaler = Scaler()
    frame, faces = shown.result.frame.image, shown.result.faces
    portraits = {
        face.track_id: portrait(frame, face.box, round(PORTRAIT * pixel_ratio), mirrored)
        for face in faces[:MOST_PORTRAITS]
    }
    return Drawn(shown, area, mirrored, scaler.image(frame, area, pixel_ratio, mirrored), portraits, scaler)


def portrait(image: Image, box: Box, side: int, mirrored: bool) -> QImage:
    """The square around a face, as far as it lies in the picture, `side` pixels wide and high, with rounded corners."""
    height, width = image.shape[:2]
    reach = _AROUND * max(box.w, box.h, 1.0) / 2
    x, y = box.center
    left, right = _span(x - reach, x + reach, width)
    top, bottom = _span(y - reach, y + reach, height)
    part = image[top:bottom, left:right]
    across, down = right - left, bottom - top
    if across != down:  # cut by the edge: the middle of the visible part
        least = min(across, down)
        part = part[(down - least) // 2 :, (across - least) // 2 :][:least, :least]
    made = to_qimage(part, Rect(0, 0, side, side), 1.0, mirrored)
    pixels = np.frombuffer(made.bits(), np.uint8).reshape(side, side, 4)
    cv2.multiply(pixels, _corners(side), dst=pixels, scale=1 / 255)
    made.reinterpretAsFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return made


@lru_cache(maxsize=4)
def _corners(side: int) -> NDArray[np.uint8]:
    """Coverage of each pixel by a square with rounded corners, 0..255, shape (side, side, 4)."""
    image = blank(side, side, 1.0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.white)
    radius = PORTRAIT_RADIUS * side / PORTRAIT
    painter.drawRoundedRect(QRectF(0, 0, side, side), radius, radius)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4).copy()


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """The pixels [first, last) of an interval that lie in the picture; at least one."""
    first = min(max(round(start), 0), size - 1)
    return first, min(max(round(end), first + 1), size)
