"""Fine-tuning: load pretrained weights, and freeze the shallow layers for a while."""

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
"""Input side in pixels requested with the weights; only MobileNetV2's depend on it, and 96 is its smallest."""

Weights = dict[str, list[NDArray]]
"""Layer name -> weights in Keras' order."""


def load_weights(network: keras.Model, source: str) -> int:
    """Load the weights of all layers that match by name and shapes; the other layers keep theirs.

    Args:
        network: One that `build` made.
        source: `imagenet` (downloaded by Keras), or a file saved by Keras: `.keras`, `.weights.h5` or `.h5`.

    Returns:
        Number of layers whose weights were loaded.

    Raises:
        InputError: If the weights cannot be read or downloaded, or match no layer.
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
            f"{source} matches no layer of {network.name} by name and shape; name a file that Keras saved for this "
            "network."
        )
    return count


def freeze_until(network: keras.Model, layer: str) -> list[str]:
    """Freeze all layers before one, including their batch normalisation statistics.

    Takes effect the next time that the training step is compiled with a new optimiser.

    Args:
        network: One that `build` made.
        layer: Name of the first trainable layer; those before it in `network.layers` are frozen.

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
    """Make all layers trainable again; takes effect like `freeze_until`."""
    for (
        layer
    ) in network.layers:  # on TensorFlow, setting `network.trainable` to the value it already has changes no layer
        layer.trainable = True


def _imagenet(name: str) -> Weights:
    make = published(name)
    if make is None:
        raise InputError(f"There are no imagenet weights for {name}; leave out --weights or name a file.")
    try:
        backbone = make(include_top=False, weights=IMAGENET, input_shape=(IMAGENET_SIDE, IMAGENET_SIDE, 3))
    except Exception as error:  # Keras raises a plain Exception if the download fails
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"The imagenet weights of {name} cannot be downloaded ({reason}); get the file elsewhere and name it with "
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
    """Weights by layer, including nested layers.

    Keras 3 stores a layer as `.../SLOT/vars/0, 1, ...` with its name as an attribute; Keras 2 stored it in a group with
    its name, which lists its weights.
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
    """A layer's name as `build` gives it: a generated name depends on what was built before, so the slot replaces
    it, which numbers the layers of a kind (`conv2d`, `conv2d_1`, ...)."""
    kind = re.sub(r"_\d+$", "", slot)
    return slot if re.fullmatch(rf"{re.escape(kind)}(_\d+)?", name) else name
