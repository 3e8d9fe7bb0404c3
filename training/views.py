"""Fixed views: some of every picture, the same for teacher and student, whoever computes them and when."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.augmentation import DRAWN, AugmentConfig

MOST = 64
"""Views of a picture; the numbers that make them lie on the device."""


@dataclass(frozen=True, slots=True)
class FixedViews:
    """A number of views of every picture.

    Attributes:
        count: Views of a picture, 1..`MOST`.
        seed: The same seed gives the same views.
        bounds: How far a view may differ from its picture.
    """

    count: int
    seed: int
    bounds: AugmentConfig

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST:
            raise ValueError(f"{self.count} views, but must be 1 to {MOST}")

    def numbers(self, pictures: int) -> NDArray[np.float32]:
        """What `Augment.view` makes them of, float32 (pictures * count, `len(DRAWN)`); those of a picture follow each
        other."""
        return np.random.default_rng(self.seed).random((pictures * self.count, len(DRAWN)), np.float32)

    def digest(self, pictures: int) -> str:
        """Tells these views of so many pictures from any others; SHA-256 in hex."""
        return hashlib.sha256(self.numbers(pictures).tobytes()).hexdigest()

    def chosen(self, rows: NDArray[np.int32], epoch: int) -> NDArray[np.int32]:
        """The place of the view of each row that an epoch shows: row * count + view. In `count` epochs each view is
        shown once, and in an epoch all of them are about as often."""
        begins = np.random.default_rng((self.seed, self.count)).integers(self.count, size=int(rows.max(initial=0)) + 1)
        return (rows * self.count + (begins[rows] + epoch) % self.count).astype(np.int32)
