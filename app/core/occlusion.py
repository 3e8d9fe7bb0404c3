"""Which parts of a face support its label: how much of the label's probability is lost when a part is covered."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.core.types import Crops, Probabilities

PATCH, STEP = 12, 6
"""Side of the covering patch, and the distance between neighbouring patches, in pixels."""


def occlusion_map(
    crop: Crops, read: Callable[[Crops], Probabilities], target: int, *, patch: int = PATCH, step: int = STEP
) -> NDArray[np.float32]:
    """Cover a crop patch by patch with its mean level and read it each time (Zeiler and Fergus, 2014).

    Args:
        crop: uint8 (h, w, 1).
        read: Returns the probabilities of many crops, shape (n, k); called once.
        target: Index of the label, below k.
        patch: Side of the patch in pixels, at most that of the crop.
        step: Pixels from one patch to the next, at most `patch`.

    Returns:
        float32 (h, w): the probability lost by covering a pixel, averaged over the patches that cover it, 0..1. Pixels
        whose covering raises the probability count as 0.

    Raises:
        ValueError: If patch or step do not fit the crop.
    """
    height, width = crop.shape[:2]
    if not 0 < step <= patch <= min(height, width):
        raise ValueError(f"patches of {patch} pixels at every {step} do not cover a crop of {width}x{height}")
    places = [(y, x) for y in _starts(height, patch, step) for x in _starts(width, patch, step)]
    views = np.repeat(crop[np.newaxis], len(places) + 1, axis=0)
    level = np.uint8(np.rint(crop.mean()))
    for view, (y, x) in zip(views[1:], places, strict=True):
        view[y : y + patch, x : x + patch] = level
    watched = np.asarray(read(views), np.float64)[:, target]
    lost, count = np.zeros((2, height, width))
    for (y, x), value in zip(places, watched[1:], strict=True):
        lost[y : y + patch, x : x + patch] += max(watched[0] - value, 0.0)
        count[y : y + patch, x : x + patch] += 1
    return np.clip(lost / count, 0.0, 1.0).astype(np.float32)


def _starts(size: int, patch: int, step: int) -> list[int]:
    """Start positions of the patches along a side; the last patch ends at its end."""
    starts = list(range(0, size - patch + 1, step))
    return starts if starts[-1] == size - patch else [*starts, size - patch]
