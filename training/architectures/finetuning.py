"""Start from weights that were learned elsewhere, and keep the shallow layers as they are for a while."""

import difflib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.architectures import published

IMAGENET = "imagenet"
IMAGENET_SIDE = 96
"""Pixels that the weights are asked for; of these networks only MobileNetV2's depend on it, and 96 are its fewest."""

Weights = dict[str, list[NDArray]]
"""Name of a layer -> its weights in Keras' order."""


def load_weights(network: keras.Model, source: str) -> int:
    """Give a network the weights of all layers that have the same name and the same shapes there; others keep theirs.

    Args:
        network: One that `build` made.
        source: `imagenet` (Keras fetches them), or a file that Keras wrote: `.keras`, `.weights.h5` or `.h5`.

    Returns:
        Number of layers that got weights.

    Raises:
        InputError: If the weights cannot be read or fetched, or fit no layer.
    """
    stored = _imagenet(network.name) if source == IMAGENET else _read(Path(source))
    count = 0
    for layer in network.layers:
        values = stored.get(layer.name, [])
        if values and [value.shape for value in values] == [tuple(weight.shape) for weight in layer.weights]:
            for weight, value in zip(layer.weights, values, strict=True):
                weight.assign(value)
            count += 1
    if not count:
        raise InputError(
            f"{source} fits no layer of {network.name} by name and shape; name a file that Keras saved of this network."
        )
    return count


def freeze_until(network: keras.Model, layer: str) -> list[str]:
    """Keep the layers before one as they are, with the statistics of their batch normalisation.

    Takes effect when the training step is compiled next, with a new optimiser.

    Args:
        network: One that `build` made.
        layer: Name of the first layer that learns; those before it in `network.layers` do not.

    Returns:
        Names of the frozen layers that have weights.

    Raises:
        InputError: If there is no such layer.
    """
    names = [each.name for each in network.layers]
    if layer not in names:
        near = ", ".join(difflib.get_close_matches(layer, names, n=5, cutoff=0))
        raise InputError(f"{network.name} has no layer {layer!r} to freeze until; the nearest names are {near}.")
    frozen = network.layers[: names.index(layer)]
    for each in frozen:
        each.trainable = False
    return [each.name for each in frozen if each.weights]


def unfreeze(network: keras.Model) -> None:
    """Let all layers learn again; takes effect as `freeze_until` does."""
    for layer in network.layers:  # on TensorFlow, to give the network the value that it has itself changes no layer
        layer.trainable = True


def _imagenet(name: str) -> Weights:
    make = published(name)
    if make is None:
        raise InputError(f"There are no imagenet weights for {name}; leave out --weights or name a file.")
    try:
        backbone = make(include_top=False, weights=IMAGENET, input_shape=(IMAGENET_SIDE, IMAGENET_SIDE, 3))
    except Exception as error:  # Keras raises a bare one when it cannot fetch
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"The imagenet weights of {name} cannot be fetched ({reason}); fetch the file elsewhere and name it with "
            "--weights FILE."
        ) from error
    return {layer.name: layer.get_weights() for layer in backbone.layers}


def _read(path: Path) -> Weights:
    try:
        if path.suffix != ".keras":
            with h5py.File(path, "r") as file:
                return _layers(file)
        with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as file:
            return _layers(file)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(
            f"The weights in {path} cannot be read ({error}); name a .keras, .weights.h5 or .h5 file that Keras wrote."
        ) from error


def _layers(file: h5py.File) -> Weights:
    """Weights by layer, also of layers inside others.

    Keras 3 keeps a layer in `.../SLOT/vars/0, 1, ...`, its name beside them; Keras 2 kept it in a group of its name
    that lists its weights.
    """
    found: Weights = {}

    def visit(place: str, item: Any) -> None:
        if not isinstance(item, h5py.Group):
            return
        if "weight_names" in item.attrs:
            names = (name.decode() if isinstance(name, bytes) else str(name) for name in item.attrs["weight_names"])
            found[place.rpartition("/")[2]] = [np.asarray(item[name]) for name in names]
        elif place.endswith("/vars"):
            slot = place.split("/")[-2]
            found[_name(slot, item.attrs.get("name", slot))] = [np.asarray(item[key]) for key in sorted(item, key=int)]

    file.visititems(visit)
    return found


def _name(slot: str, name: str) -> str:
    """A layer's name as `build` has it: a name that Keras made up depends on what else was built before it, so the
    slot is taken in its place, which counts the layers of a kind (`conv2d`, `conv2d_1`, ...)."""
    kind = re.sub(r"_\d+$", "", slot)
    return slot if re.fullmatch(rf"{re.escape(kind)}(_\d+)?", name) else name
