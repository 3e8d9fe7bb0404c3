"""Where and how much a film's picture differs from the previous ones."""

import math
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.types import Box, Image
from app.core.views import Pyramid, Square

_LEVEL = 3
"""Pyramid level on which pictures are compared: an eighth of the picture's size."""
_CHANGED = 8
"""Levels of 255 by which the mean of 8x8 pixels must differ to have changed: codecs and sensors stay below."""
_SURROUNDINGS = 2.0
"""Movement within this many face sides of a known face is attributed to that person."""
_THIN = 16
"""One pixel in this many is compared with the previous picture, to detect cuts."""
_STRONG = 30
"""By how many levels such a pixel must differ."""


class Changes:
    """Remembers when each part of the picture changed last. Pictures of one size, in order."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._noted: NDArray[np.int16] | None = None
        self._any_s: NDArray[np.float64] = np.zeros((0, 0))
        self._strange_s = self._any_s

    def share(self, image: Image) -> float:
        """The share of the picture that differs much from the previous one, 0..1; 0 for the first.

        Cheap: it samples one pixel in 256.
        """
        thin = image[_THIN // 2 :: _THIN, _THIN // 2 :: _THIN, 1].copy()
        before, self._before = self._before, thin
        if before is None or not thin.size or before.shape != thin.shape:
            return 0.0
        return float(np.count_nonzero(cv2.absdiff(thin, before) > _STRONG) / thin.size)

    def note(self, pyramid: Pyramid, time_s: float, known: Iterable[Box] = ()) -> None:
        """Record which parts of the picture have changed since the last call.

        Args:
            pyramid: The picture.
            time_s: Its time.
            known: Faces in it.
        """
        cells = cv2.cvtColor(pyramid.level(_LEVEL), cv2.COLOR_BGR2GRAY).astype(np.int16)
        if self._noted is None:
            self._noted = cells
            self._any_s, self._strange_s = np.full(cells.shape, time_s), np.full(cells.shape, time_s)
            return
        changed = np.abs(cells - self._noted) > _CHANGED
        self._any_s[changed] = time_s
        self._noted[changed] = cells[changed]
        for box in known:
            changed[cells_of(Square(*box.center, _SURROUNDINGS * max(box.w, box.h)))] = False
        self._strange_s[changed] = time_s

    def since(self, cells: tuple[slice, slice], time_s: float, *, strange: bool = False) -> bool:
        """Whether anything in a part of the picture has changed after a time.

        Args:
            cells: The part, as `cells_of` gives it.
            time_s: After this.
            strange: Ignore changes caused by known faces.
        """
        part = (self._strange_s if strange else self._any_s)[cells]
        return part.size == 0 or bool(part.max() > time_s)


def cells_of(square: Square) -> tuple[slice, slice]:
    """Rows and columns of the cells that an upright square touches."""
    half, scale = square.side / 2, 2**_LEVEL
    top, left = (max(math.floor((middle - half) / scale), 0) for middle in (square.y, square.x))
    bottom, right = (max(math.ceil((middle + half) / scale), 0) for middle in (square.y, square.x))
    return slice(top, bottom), slice(left, right)
