"""Memory for pictures that is used again once nobody holds the picture that was in it."""

import sys

import numpy as np

from app.core.types import Image

_MOST, _MOST_BYTES = 8, 64 << 20
_UNUSED = 3
"""References to a picture that only the pool holds: its list, the loop's variable, and the question itself."""


class Pool:
    """Gives out arrays for pictures.

    New memory costs more than converting a picture: the system clears each of its pages first. An array is given again
    when no reference to it is left, which views and buffers of it count as.
    """

    def __init__(self) -> None:
        self._arrays: list[Image] = []

    def take(self, shape: tuple[int, ...]) -> Image:
        """An array of uint8 with whatever it held before."""
        self._arrays = [array for array in self._arrays if array.shape == shape]
        for array in self._arrays:
            if sys.getrefcount(array) == _UNUSED:
                return array
        array = np.empty(shape, np.uint8)
        if len(self._arrays) < _MOST and (len(self._arrays) + 1) * array.nbytes <= _MOST_BYTES:
            self._arrays.append(array)
        return array
