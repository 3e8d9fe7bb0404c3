"""The thumbnail of a session in a list."""

import cv2
import numpy as np

from app.core.types import Image

SIDE = 320
"""Pixels of the longer side."""

_QUALITY = 85


class Thumbnail:
    """Keeps a thumbnail of the first picture, replaced by the first one with a face."""

    def __init__(self) -> None:
        self._image: Image | None = None
        self._has_face = False

    def offer(self, image: Image, *, has_face: bool) -> None:
        """Take a picture if it is better than the present one."""
        if self._image is None or (has_face and not self._has_face):
            self._image, self._has_face = reduced(image), has_face

    def jpeg(self) -> bytes | None:
        """The picture as a JPEG file; None if there was none."""
        return None if self._image is None else jpeg_of(self._image)


def reduced(image: Image) -> Image:
    """A picture of at most `SIDE` pixels a side."""
    height, width = image.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg_of(image: Image) -> bytes:
    """A picture as a JPEG file."""
    done, data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return data.tobytes() if done else b""
