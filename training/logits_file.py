"""The file in which the logits of teachers are kept; Keras is not needed for it."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.files import replacing


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
    try:
        with path.open("rb") as file, np.load(file) as stored:
            values = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{path} is no run, no bundle and no file of `python -m training logits` ({error})."
        ) from error
    if str(values.pop("digest", "")) != digest:
        raise InputError(
            f"{path} was saved for other pictures than these data, split, labels and balance give; write it anew, or "
            "name runs or bundles as --teacher, which fit any."
        )
    return values
