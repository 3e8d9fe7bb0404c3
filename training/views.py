"""Fixed views: a few random variants of each picture, the same for teacher and student."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.augmentation import DRAWN, AugmentConfig

MOST = 64
"""Highest number of views per picture; their parameters are kept on the device."""


@dataclass(frozen=True, slots=True)
class FixedViews:
    """A fixed number of views of every picture.

    Attributes:
        count: Views of a picture, 1..`MOST`.
        seed: The same seed gives the same views.
        bounds: How much a view may differ from its picture.
    """

    count: int
    seed: int
    bounds: AugmentConfig

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST:
            raise ValueError(f"{self.count} views, but must be 1 to {MOST}")

    def numbers(self, pictures: int) -> NDArray[np.float32]:
        """The parameters for `Augment.view`, float32 (count * pictures, `len(DRAWN)`): the first view of each picture,
        then the second, so that fewer views are a prefix of more."""
        return np.random.default_rng(self.seed).random((self.count * pictures, len(DRAWN)), np.float32)

    def digest(self, pictures: int) -> str:
        """Digest of these views of so many pictures; SHA-256 in hex."""
        return hashlib.sha256(self.numbers(pictures).tobytes()).hexdigest()

    def chosen(self, rows: NDArray[np.int32], pictures: int, epoch: int) -> NDArray[np.int32]:
        """For each row, the position in `numbers` of the view that an epoch shows. In `count` epochs each view is shown
        once, and within an epoch all views are about equally frequent."""
        begins = np.random.default_rng((self.seed, self.count)).integers(self.count, size=pictures)
        return ((begins[rows] + epoch) % self.count * pictures + rows).astype(np.int32)
