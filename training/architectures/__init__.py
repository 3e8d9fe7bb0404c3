"""The networks, one file each: a function `build(heads)` that returns an untrained Keras model."""

from collections.abc import Callable
from importlib import import_module

import keras

from models.errors import InputError

NAMES = ("student",)


def build(name: str, heads: dict[str, int]) -> keras.Model:
    """Build an untrained network.

    Args:
        name: One of `NAMES`.
        heads: Name of each head and its number of classes.

    Raises:
        InputError: If there is no network of that name.
    """
    if name not in NAMES:
        raise InputError(f"There is no network {name!r}; there are {', '.join(NAMES)}.")
    builder: Callable[[dict[str, int]], keras.Model] = import_module(f"training.architectures.{name}").build
    return builder(heads)
