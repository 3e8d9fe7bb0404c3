"""Files of weights by layer: those that Keras writes, and a plain archive. Reading them does not need Keras."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.files import replacing
from training.arrays import read_arrays

Weights = dict[str, list[NDArray[Any]]]
"""Name of a layer -> its weights in Keras' order."""

EPOCHS = "epochs"
"""Key next to the layers in the archive: the number of epochs for which the weights were trained, if known."""

OTHERWISE = "name an .npz that `python -m training weights` wrote"


def save_weights(path: Path, weights: Mapping[str, Sequence[NDArray[Any]]], epochs: int) -> None:
    """Write weights as `LAYER/0`, `LAYER/1`, ... and their number of epochs, atomically."""
    arrays = {f"{layer}/{number}": value for layer, values in weights.items() for number, value in enumerate(values)}
    with replacing(path) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays, **{EPOCHS: np.array(epochs)})


def epochs_behind(path: Path) -> int:
    """The number of epochs that `save_weights` wrote; 0 for a file of another kind.

    Raises:
        InputError: If an `.npz` cannot be read.
    """
    return int(read_arrays(path, OTHERWISE).get(EPOCHS, 0)) if path.suffix == ".npz" else 0


def _read_npz(path: Path) -> Weights:
    arrays = read_arrays(path, OTHERWISE)
    result: Weights = {}
    try:
        for name in sorted((name for name in arrays if name != EPOCHS), key=_place):
            result.setdefault(_place(name)[0], []).append(arrays[name])
    except ValueError as error:
        raise InputError(
            f"{path} does not contain weights by layer; {OTHERWISE}, or make one from a run with that command."
        ) from error
    return result


def _place(name: str) -> tuple[str, int]:
    layer, _, number = name.rpartition("/")
    if not layer:
        raise ValueError(name)
    return layer, int(number)


def read_weights(path: Path) -> Weights:
    """Every layer's weights in a file.

    Args:
        path: A file that Keras wrote (`.keras`, `.weights.h5`, `.h5`), or `save_weights` (`.npz`).

    Raises:
        InputError: If it cannot be read.
    """
    if path.suffix == ".npz":
        return _read_npz(path)
    try:
        if path.suffix != ".keras":
            with h5py.File(path, "r") as file:
                return _layers(file)
        with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as file:
            return _layers(file)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(
            f"The weights in {path} cannot be read ({error}); name a .keras, .weights.h5 or .h5 file that Keras wrote, "
            "or an .npz of `python -m training weights`."
        ) from error


def _layers(file: h5py.File) -> Weights:
    """Weights by layer, also of layers inside others.

    Keras 3 stores a layer in `.../SLOT/vars/0, 1, ...`, with its name next to them; Keras 2 in a group with its name
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
    """A layer's name as `build` gives it. A name that Keras generated depends on what was built before, so it is
    replaced by the slot, which numbers the layers of a kind (`conv2d`, `conv2d_1`, ...)."""
    kind = re.sub(r"_\d+$", "", slot)
    return slot if re.fullmatch(rf"{re.escape(kind)}(_\d+)?", name) else name
