"""Reads NumPy archives; any problem with one is reported in one sentence."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from models.errors import InputError

_DAMAGE = (OSError, ValueError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""Raised by NumPy for a file that is missing, damaged or not an archive."""


def read_arrays(path: Path, otherwise: str) -> dict[str, np.ndarray]:
    """Every array of an `.npz`, by name. Pickled objects are never loaded.

    Args:
        path: The file.
        otherwise: The next step to suggest if it cannot be read; ends the error's sentence.

    Raises:
        InputError: If it is missing, damaged or not an archive.
    """
    try:
        with path.open("rb") as file, np.load(file) as stored:
            return {name: stored[name] for name in stored.files}
    except _DAMAGE as error:
        raise InputError(f"{path} cannot be read ({error}); {otherwise}.") from error
