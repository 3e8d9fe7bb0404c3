"""The networks. Our own have a file each, where `build(heads)` returns what `build` below does and `ORIGIN` names its
source; those of Keras Applications are rows of a table (`applications.py`)."""

import re
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import keras
import numpy as np

from models.errors import InputError
from training.architectures.applications import APPLICATIONS, build_application
from training.backend import all_layers

NAMES = (
    "student",
    "mini_xception",
    "simple_cnn",
    "four_block_cnn",
    "vgg11",
    "vgg16",
    "resnet18",
    "resnet50",
    "resnet101",
    "mobilenet_v2",
    "densenet169",
)


def build(name: str, heads: dict[str, int]) -> keras.Model:
    """Build an untrained network. Its layers have the same names in every process and on every backend.

    Args:
        name: One of `NAMES`.
        heads: Name of each head and its number of classes.

    Returns:
        A model from gray levels (n, 48, 48, 1), 0..255, to {head: logits (n, classes)}.

    Raises:
        InputError: If there is no network with that name.
    """
    network = build_application(name, heads) if name in APPLICATIONS else _module(name).build(heads)
    _name_layers(network)
    return network


def published(name: str) -> Callable[..., keras.Model] | None:
    """The `keras.applications` function that makes a network's backbone; None for our own networks."""
    if name in APPLICATIONS:
        return APPLICATIONS[name].published
    return getattr(_module(name), "PUBLISHED", None)


def origin(name: str) -> str:
    """One line on the source of a network."""
    return APPLICATIONS[name].origin if name in APPLICATIONS else str(_module(name).ORIGIN)


def multiply_accumulates(network: keras.Model) -> int:
    """Multiply-accumulate operations per picture in convolutions and dense layers, including nested networks."""
    return sum(_products(layer) for layer in all_layers(network))


def _products(layer: keras.Layer) -> int:
    if isinstance(layer, keras.layers.SeparableConv2D):
        pixels = int(np.prod(layer.output.shape[1:3]))
        return pixels * (int(np.prod(layer.depthwise_kernel.shape)) + int(np.prod(layer.pointwise_kernel.shape)))
    if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
        return int(np.prod(layer.output.shape[1:3]) * np.prod(layer.kernel.shape))
    if isinstance(layer, keras.layers.Dense):
        return int(np.prod(layer.kernel.shape))
    return 0


def _name_layers(network: keras.Model) -> None:
    """Renumber the layers whose names Keras generated (`conv2d`, `conv2d_1`, ...), starting from 0 for each network.

    Keras numbers them across all networks of a process, but weights are matched by name and `--freeze-until` takes one.
    """
    counts: Counter[str] = Counter()
    others = [operation for operation in network.operations if not isinstance(operation, keras.Layer)]
    for operation in [*network.layers, *others]:
        kind = type(operation).__name__.removeprefix("Fused")
        name = re.sub(r"_\d+$", "", operation.name).removeprefix("fused_")
        if name.replace("_", "") == kind.lower():
            operation.name = f"{name}_{counts[kind]}" if counts[kind] else name
        counts[kind] += 1


def _module(name: str) -> ModuleType:
    if name not in NAMES:
        raise InputError(f"There is no network {name!r}; choose one of {', '.join(NAMES)}.")
    return import_module(f"training.architectures.{name}")
