"""Makes of a result what is painted of it, away from the window: a frame of any size costs the window nothing."""

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtGui import QImage

from app.core.types import Box, Image
from app.player.player import Shown
from app.ui.placing import Rect

PORTRAIT = 64
"""Side of a face beside its person's name, in screen pixels."""

MOST_PORTRAITS = 24
_AROUND = 1.25


@dataclass(frozen=True, slots=True)
class Drawn:
    """A result, ready to be painted.

    Attributes:
        shown: The result.
        area: Where the picture lies in the widget that it was made for, in screen pixels.
        mirrored: Whether the picture is mirrored.
        image: The frame at the size of the area.
        portraits: Face id -> its surroundings in the frame, a square.
    """

    shown: Shown
    area: Rect
    mirrored: bool
    image: QImage
    portraits: dict[int, QImage]


def draw(shown: Shown, area: Rect, pixel_ratio: float, mirrored: bool) -> Drawn:
    """Scale a result's frame to an area of the screen, and cut its faces out."""
    frame, faces = shown.result.frame.image, shown.result.faces
    portraits = {
        face.track_id: portrait(frame, face.box, round(PORTRAIT * pixel_ratio), mirrored)
        for face in faces[:MOST_PORTRAITS]
    }
    return Drawn(shown, area, mirrored, to_qimage(frame, area, pixel_ratio, mirrored), portraits)


def to_qimage(image: Image, area: Rect, pixel_ratio: float, mirrored: bool) -> QImage:
    """Scale a BGR picture, shape (H, W, 3), to an area of the screen.

    Halving by area and then linear sampling shows no aliasing and takes a sixth of the time of averaging over areas of
    any size; Qt draws 32 bits a pixel five times as fast as 24.
    """
    width, height = max(1, round(area.w * pixel_ratio)), max(1, round(area.h * pixel_ratio))
    while image.shape[1] >= 2 * width and image.shape[0] >= 2 * height:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    scaled = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
    if mirrored:
        scaled = cv2.flip(scaled, 1)
    pixels = cv2.cvtColor(scaled, cv2.COLOR_BGR2BGRA)
    # `copy` because QImage does not keep the array alive.
    made = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32).copy()
    made.setDevicePixelRatio(pixel_ratio)
    return made


def portrait(image: Image, box: Box, side: int, mirrored: bool) -> QImage:
    """The square about a face, as far as it lies in the picture, `side` pixels high and wide."""
    height, width = image.shape[:2]
    reach = _AROUND * max(box.w, box.h, 1.0) / 2
    x, y = box.center
    left, right = _span(x - reach, x + reach, width)
    top, bottom = _span(y - reach, y + reach, height)
    part = image[top:bottom, left:right]
    across, down = right - left, bottom - top
    if across != down:  # cut by the edge: the middle of what there is
        least = min(across, down)
        part = part[(down - least) // 2 :, (across - least) // 2 :][:least, :least]
    return to_qimage(np.ascontiguousarray(part), Rect(0, 0, side, side), 1.0, mirrored)


def _span(start: float, end: float, size: int) -> tuple[int, int]:
    """The pixels [first, last) of an interval that lie in the picture; at least one."""
    first = min(max(round(start), 0), size - 1)
    return first, min(max(round(end), first + 1), size)
