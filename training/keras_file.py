"""Writes a network as `.keras` with its kernels in half precision, which Keras reads like any other."""

import shutil
import tempfile
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np

_WEIGHTS = "model.weights.h5"


def save_half(network: keras.Model, path: Path) -> None:
    """Round a network's kernels to float16 and save it, in about half the bytes.

    Vectors (biases and the statistics of batch normalisation) stay as they are: they are few, and their range is wide.
    The network itself is rounded too, so that later conversions have the weights of the file.

    Args:
        network: In float32. Changed.
        path: The `.keras` file.
    """
    for variable in network.variables:
        if len(variable.shape) > 1:
            variable.assign(np.asarray(keras.ops.convert_to_numpy(variable), np.float16).astype(np.float32))
    network.save(path)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        whole, half, made = (Path(folder) / name for name in ("whole.h5", "half.h5", "made.keras"))
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as smaller:
            with archive.open(_WEIGHTS) as source, whole.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            with h5py.File(whole, "r") as source, h5py.File(half, "w") as copy:
                _copy(source, copy)
            for name in archive.namelist():
                smaller.writestr(name, half.read_bytes() if name == _WEIGHTS else archive.read(name))
        made.replace(path)


def _copy(source: h5py.Group, copy: h5py.Group) -> None:
    """Copy a group with its attributes, its matrices in float16."""
    copy.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            _copy(item, copy.create_group(name))
        else:
            values = np.asarray(item)
            kind = np.float16 if values.ndim > 1 and values.dtype == np.float32 else values.dtype
            copy.create_dataset(name, data=values.astype(kind)).attrs.update(item.attrs)
