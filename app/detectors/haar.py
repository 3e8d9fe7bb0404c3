"""Haar cascade detector: ships with OpenCV, needs no model file, always works."""

from dataclasses import replace
from pathlib import Path

import cv2
import cv2.data
import numpy as np

from app.core.geometry import shifted
from app.core.types import Box, Detection, Image
from models.errors import InputError

_LONG_SIDE = 640
"""Longer side of the searched picture in pixels: a full 1280x720 frame takes four times as long and finds little
more."""

_WINDOW = 24
"""Pixels of a side of the cascade's own window."""

_SMALLEST_SHARE = 1 / 16
"""Smallest face over the longer side: smaller ones are found unreliably and take a third of the time."""

_NEAR, _NEAR_SIDE, _NEAR_SHARE = 2.4, 176, 0.25
"""Around a known face: side of the searched square over the face's, its pixels, and the smallest face over it."""

_NEIGHBOURS = 5
_HALF = 3.0
"""Number of agreeing windows for a score of one half."""


class HaarDetector:
    """Frontal faces by OpenCV's default Haar cascade. The score grows with the number of windows that agree.

    Raises:
        InputError: If this OpenCV came without its cascade files (version 5 does).
    """

    name = "haar"

    def __init__(self) -> None:
        self._cascade = _load_cascade()

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """Find the frontal faces of one picture.

        Args:
            image: BGR uint8, shape (H, W, 3), any size. Not modified.

        Returns:
            Strongest first; scores 0.6..1, no keypoints.
        """
        return self._search(image, _LONG_SIDE, _SMALLEST_SHARE)

    def detect_near(self, image: Image, box: Box) -> tuple[Detection, ...]:
        """Find frontal faces of about a box's size around its place: in a square of 2.4 times its longer side.

        Args:
            image: As for `detect`.
            box: In pixels of the picture.

        Returns:
            As `detect`, in pixels of the whole picture.
        """
        half = max(box.w, box.h) * _NEAR / 2
        x, y = box.center
        left, right = max(round(x - half), 0), min(round(x + half), image.shape[1])
        top, bottom = max(round(y - half), 0), min(round(y + half), image.shape[0])
        if left >= right or top >= bottom:
            return ()
        found = self._search(image[top:bottom, left:right], _NEAR_SIDE, _NEAR_SHARE)
        return tuple(replace(one, box=shifted(one.box, left, top)) for one in found)

    def _search(self, image: Image, long_side: int, smallest_share: float) -> tuple[Detection, ...]:
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        scale = min(1.0, long_side / max(gray.shape))
        if min(gray.shape) * scale < _WINDOW:
            return ()
        if scale < 1:
            gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        across, down = image.shape[1] / gray.shape[1], image.shape[0] / gray.shape[0]
        smallest = max(_WINDOW, round(smallest_share * max(gray.shape)))
        boxes, agreeing = self._cascade.detectMultiScale2(
            cv2.equalizeHist(gray), scaleFactor=1.1, minNeighbors=_NEIGHBOURS, minSize=(smallest, smallest)
        )
        found = [
            Detection(
                Box(float(x * across), float(y * down), float(w * across), float(h * down)), float(n / (n + _HALF))
            )
            for (x, y, w, h), n in zip(np.reshape(boxes, (-1, 4)), np.ravel(agreeing), strict=True)
        ]
        return tuple(sorted(found, key=lambda detection: detection.score, reverse=True))

    def close(self) -> None:
        """A cascade holds nothing that needs freeing."""


def _load_cascade() -> cv2.CascadeClassifier:
    path = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier()
    if path.is_file():
        # through memory: OpenCV cannot open a path with letters outside the system's code page on Windows
        storage = cv2.FileStorage(path.read_text("utf-8"), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
        cascade.read(storage.getFirstTopLevelNode())
        storage.release()
    if cascade.empty():
        raise InputError(
            f"OpenCV {cv2.__version__} came without {path.name}; install opencv-contrib-python 4.14 or newer 4"
        )
    return cascade
