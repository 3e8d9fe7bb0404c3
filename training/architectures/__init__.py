"""The networks, one file each: `build(heads)` returns an untrained Keras model, `ORIGIN` says where it comes from."""

from importlib import import_module
from types import ModuleType

import keras
import numpy as np

from models.errors import InputError

NAMES = ("student", "mini_xception", "simple_cnn", "four_block_cnn", "vgg11", "resnet18")


def build(name: str, heads: dict[str, int]) -> keras.Model:
    """Build an untrained network.

    Args:
        name: One of `NAMES`.
        heads: Name of each head and its number of classes.

    Raises:
        InputError: If there is no network of that name.
    """
    return _module(name).build(heads)


def origin(name: str) -> str:
    """One line on where a network comes from."""
    return str(_module(name).ORIGIN)


def multiply_accumulates(network: keras.Model) -> int:
    """Multiplications of one picture in convolutions and dense layers."""
    return sum(_products(layer) for layer in network.layers)


def _products(layer: keras.Layer) -> int:
    if isinstance(layer, keras.layers.SeparableConv2D):
        pixels = int(np.prod(layer.output.shape[1:3]))
        return pixels * (int(np.prod(layer.depthwise_kernel.shape)) + int(np.prod(layer.pointwise_kernel.shape)))
    if isinstance(layer, keras.layers.Conv2D):
        return int(np.prod(layer.output.shape[1:3]) * np.prod(layer.kernel.shape))
    if isinstance(layer, keras.layers.Dense):
        return int(np.prod(layer.kernel.shape))
    return 0


def _module(name: str) -> ModuleType:
    if name not in NAMES:
        raise InputError(f"There is no network {name!r}; there are {', '.join(NAMES)}.")
    return import_module(f"training.architectures.{name}")
