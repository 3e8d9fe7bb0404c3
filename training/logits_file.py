"""The file that stores teachers' logits: of each picture, or of fixed views of each."""

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
"""Added to mean probabilities before taking the logarithm."""

VIEWS = "views"
"""Key next to the heads: JSON with the parameters of the views, and their digest."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The content of a file of logits.

    Attributes:
        values: {head: float (n, k)} of n pictures, or float16 (views * n, k): the first view of each, then the second.
        views: `count`, `seed`, `bounds` and `digest` of fixed views; None if the logits are those of the pictures.
    """

    values: dict[str, NDArray[Any]]
    views: dict[str, Any] | None


def save_logits(
    path: Path, logits: Mapping[str, NDArray[Any]], digest: str, views: Mapping[str, Any] | None = None
) -> None:
    """Write logits, in the form of `Saved`, of the pictures with this digest; those of views as float16."""
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
        digest: Of the training pictures (`FaceSet.digest`).

    Raises:
        InputError: If it cannot be read, or was saved for other pictures.
    """
    values = read_arrays(path, "name runs, bundles, or a file of `python -m training logits`")
    if str(values.pop("digest", "")) != digest:
        raise InputError(
            f"{path} was saved for other pictures than these data, labels and recipe give; write it again with "
            "the same --labels, --recipe, --split, --seed and --keep-duplicates, or name runs or bundles."
        )
    stored = values.pop(VIEWS, None)
    return Saved(values, None if stored is None else json.loads(str(stored)))


def require_views(path: Path, stored: Mapping[str, Any], bounds: Any, digest: str) -> None:
    """Refuse logits of views that the student will not see.

    Args:
        path: The file.
        stored: Its entry about the views.
        bounds: Bounds of the student's recipe, an `AugmentConfig`.
        digest: Of the views that this version makes from that entry.

    Raises:
        InputError: If the bounds or the views differ.
    """
    if stored["bounds"] != asdict(bounds):
        raise InputError(
            f"{path} contains the logits of other views than the recipe's [augment] gives; write it again with the "
            "same --recipe."
        )
    if stored["digest"] != digest:
        raise InputError(
            f"{path} was written on a machine whose random numbers give other views; write it again on this one."
        )
