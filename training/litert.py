"""The one file that needs TensorFlow: a Keras network as a LiteRT flatbuffer."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import keras

from models.errors import InputError

QUANTISATIONS = ("float32", "dynamic-int8")


def to_litert(network: keras.Model, quantisation: str) -> bytes:
    """Convert a float32 network; the batch stays open and the outputs keep the names of the heads.

    Args:
        network: From gray levels (n, 48, 48, 1) to {head: logits}, built under the float32 policy.
        quantisation: One of `QUANTISATIONS`.

    Raises:
        InputError: If Keras does not run on TensorFlow here.
        ValueError: If the quantisation is unknown.
    """
    if quantisation not in QUANTISATIONS:
        raise ValueError(f"unknown quantisation {quantisation}")
    if keras.backend.backend() != "tensorflow":
        raise InputError(
            "The LiteRT export needs TensorFlow: install mimik[training] and set KERAS_BACKEND=tensorflow."
        )
    import tensorflow as tf

    height, width, channels = network.input_shape[1:]

    gray = tf.TensorSpec((None, height, width, channels), tf.float32, name="gray")
    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint("serve", lambda gray: network(gray, training=False), input_signature=[gray])
    with tempfile.TemporaryDirectory() as folder, _quiet():
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if quantisation == "dynamic-int8":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return converter.convert()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the converter's native chatter off the terminal; its errors come as exceptions."""
    saved = os.dup(2)
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
