"""The file in which the logits of teachers are kept: of each picture, or of fixed views of each."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.files import replacing
from training.arrays import read_arrays

SMALLEST = 1e-7
"""Added to mean probabilities before their logarithm."""

VIEWS = "views"
"""Beside the heads: JSON of what makes the views, and their digest."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file of logits holds.

    Attributes:
        values: {head: float (n, k)} of n pictures, or float16 (views * n, k): the first view of each, then the second.
        views: `count`, `seed`, `bounds` and `digest` of fixed views; None where the logits are of the pictures.
    """

    values: dict[str, NDArray[Any]]
    views: dict[str, Any] | None


def save_logits(
    path: Path, logits: Mapping[str, NDArray[Any]], digest: str, views: Mapping[str, Any] | None = None
) -> None:
    """Write logits of the pictures with that digest, as `Saved` has them; those of views as float16."""
    arrays = dict(logits)
    if views is not None:
        arrays = {head: values.astype(np.float16) for head, values in logits.items()}
        arrays[VIEWS] = np.array(json.dumps(views))
    with replacing(path) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, digest=np.array(digest), **arrays)


def read_logits(path: Path, digest: str) -> Saved:
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
    stored = values.pop(VIEWS, None)
    return Saved(values, None if stored is None else json.loads(str(stored)))


def require_views(path: Path, stored: Mapping[str, Any], bounds: Any, digest: str) -> None:
    """Refuse logits of views that the student would not see.

    Args:
        path: The file.
        stored: What it says of its views.
        bounds: Of the student's recipe, an `AugmentConfig`.
        digest: Of the views that this version makes of what the file says.

    Raises:
        InputError: If the bounds or the views differ.
    """
    if stored["bounds"] != asdict(bounds):
        raise InputError(
            f"{path} holds the logits of other views than the recipe's [augment] allows; write it anew with the same "
            "--recipe."
        )
    if stored["digest"] != digest:
        raise InputError(f"{path} was written where chance gave other views; write it anew here.")
