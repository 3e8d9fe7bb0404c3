"""The file in which the logits of teachers are kept; Keras is not needed for it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.files import replacing
from training.arrays import read_arrays

SMALLEST = 1e-7
"""Added to mean probabilities before their logarithm."""


def save_logits(path: Path, logits: Mapping[str, NDArray[np.float32]], digest: str) -> None:
    """Write logits {head: float32 (n, k)} of the pictures with that digest."""
    with replacing(path) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, digest=np.array(digest), **logits)


def read_logits(path: Path, digest: str) -> dict[str, NDArray[np.float32]]:
    """Read back what `save_logits` wrote.

    Args:
        path: The file.
        digest: Of the pictures that will be learned from (`FaceSet.digest`).

    Raises:
        InputError: If it cannot be read, or was saved for other pictures.
    """
    values = read_arrays(path, "name runs, bundles, or a file of `python -m training logits`")
    if str(values.pop("digest", "")) != digest:
        raise InputError(
            f"{path} was saved for other pictures than these data, labels and recipe give; write it anew with the same "
            "--labels, --recipe, --split, --seed and --keep-duplicates, or name runs or bundles, which fit any."
        )
    return values
