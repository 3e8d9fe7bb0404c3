"""NumPy's archives, read so that whatever is wrong with one is a sentence."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from models.errors import InputError

_DAMAGE = (OSError, ValueError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What NumPy raises for a file that is missing, damaged, or no archive."""


def read_arrays(path: Path, otherwise: str) -> dict[str, np.ndarray]:
    """Every array of an `.npz`, by name. Code in it is never run.

    Args:
        path: The file.
        otherwise: What the sentence goes on with where it cannot be read: the next step.

    Raises:
        InputError: If it is missing, damaged or no such file.
    """
    try:
        with path.open("rb") as file, np.load(file) as stored:
            return {name: stored[name] for name in stored.files}
    except _DAMAGE as error:
        raise InputError(f"{path} cannot be read ({error}); {otherwise}.") from error
