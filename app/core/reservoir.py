"""Percentiles of a stream of any length in bounded memory."""

import random

import numpy as np


class Reservoir:
    """Keeps a uniform sample of the values: all of them while they fit, so that short runs are exact.

    Args:
        size: Most values kept.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._values: list[float] = []
        self._seen = 0
        # A fixed seed: the same values give the same percentiles.
        self._random = random.Random(0)

    def add(self, value: float) -> None:
        self._seen += 1
        if len(self._values) < self._size:
            self._values.append(value)
            return
        place = self._random.randrange(self._seen)
        if place < self._size:
            self._values[place] = value

    def percentiles(self) -> tuple[float, float]:
        """The median and the 95th percentile; zeros if nothing was added.

        >>> r = Reservoir()
        >>> for value in range(101): r.add(value)
        >>> r.percentiles()
        (50.0, 95.0)
        """
        if not self._values:
            return 0.0, 0.0
        p50, p95 = np.percentile(self._values, (50, 95))
        return float(p50), float(p95)
