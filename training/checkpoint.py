"""Checkpoints of a training run: it resumes exactly where it stopped. Files are written atomically."""

import os
from pathlib import Path

import keras
import numpy as np

from models.errors import InputError
from models.files import replacing
from training.arrays import read_arrays

OTHERWISE = "name another run, or train again in another folder"


def save_variables(path: Path, variables: list[keras.Variable], **numbers: float) -> None:
    """Write variables in their order, and a few numbers by name; a reader sees either the old file or the new one."""
    arrays = {f"v{i:04d}": keras.ops.convert_to_numpy(variable.value) for i, variable in enumerate(variables)}
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays, **{name: np.asarray(value) for name, value in numbers.items()})
        file.flush()
        os.fsync(file.fileno())


def load_variables(path: Path, variables: list[keras.Variable]) -> dict[str, float]:
    """Read back what `save_variables` wrote, into variables of the same shapes; returns the numbers.

    Raises:
        InputError: If the file is missing, damaged, or belongs to another network or recipe.
    """
    arrays = read_arrays(path, OTHERWISE)
    weights = [arrays.pop(name) for name in sorted(arrays) if _is_weight(name)]
    if [w.shape for w in weights] != [tuple(variable.shape) for variable in variables]:
        raise InputError(f"{path} was written by another --model, --labels or --recipe than is asked for now.")
    for variable, value in zip(variables, weights, strict=True):
        variable.assign(value)
    return {name: value.item() for name, value in arrays.items()}


def read_numbers(path: Path) -> dict[str, float]:
    """Only the numbers that `save_variables` wrote.

    Raises:
        InputError: If the file is missing or damaged.
    """
    return {name: array.item() for name, array in read_arrays(path, OTHERWISE).items() if not _is_weight(name)}


def _is_weight(name: str) -> bool:
    return name.startswith("v") and name[1:].isdigit()
