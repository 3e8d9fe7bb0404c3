"""Converts a Keras network to a LiteRT flatbuffer. TensorFlow is imported only for that."""

import contextlib
import importlib.util
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.files import scratch_folder

if TYPE_CHECKING:
    import keras

QUANTISATIONS = ("float32", "dynamic-int8", "full-int8")
"""Weights and activations in float32; weights in int8; both in int8. The network's input and outputs stay float32."""

_WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")


def to_litert(network: "keras.Model", quantisation: str, crops: NDArray[np.uint8] | None = None) -> bytes:
    """Convert a float32 network; the batch size stays dynamic and the outputs keep the names of the heads.

    With `full-int8` the ranges of the activations are measured on `crops`. The operations before the first layer with
    weights (the normalisation of each picture) and after the last one stay in float32: with eight bits for the spread
    of gray levels, dark and flat pictures would lose most of their content.

    Args:
        network: From gray levels (n, 48, 48, 1), 0..255, to {head: logits}, built under the float32 policy.
        quantisation: One of `QUANTISATIONS`.
        crops: Representative pictures, uint8 (n, 48, 48, 1); a few hundred. Only `full-int8` needs them.

    Raises:
        InputError: If TensorFlow is not installed or Keras does not run on it.
        ValueError: If the quantisation is unknown, or `full-int8` is given no pictures.
    """
    if quantisation not in QUANTISATIONS:
        raise ValueError(f"unknown quantisation {quantisation}")
    if quantisation == "full-int8" and (crops is None or not len(crops)):
        raise ValueError("full-int8 needs representative crops")
    require_tensorflow("The LiteRT export")
    import tensorflow as tf

    gray = tf.TensorSpec((None, *network.input_shape[1:]), tf.float32, name="gray")
    serve = tf.function(lambda gray: network(gray, training=False), input_signature=[gray])
    module = tf.Module()  # faster than Keras' own archive, which saves every layer
    module.weights = [variable.value for variable in network.variables]
    with scratch_folder() as folder, quiet_converter():
        tf.saved_model.save(module, str(folder), signatures=serve.get_concrete_function())
        converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
        if quantisation == "full-int8":
            assert crops is not None
            return _fully_quantised(converter, crops)
        if quantisation == "dynamic-int8":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return bytes(converter.convert())


def has_tensorflow() -> bool:
    """Whether TensorFlow and Keras are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("tensorflow", "keras"))


def require_tensorflow(what: str) -> None:
    """Refuse with one sentence if TensorFlow is not installed, or Keras runs on another backend.

    Args:
        what: What needs it; the beginning of the sentence.

    Raises:
        InputError: If so.
    """
    if not has_tensorflow():
        raise InputError(f"{what} needs TensorFlow, which is not installed here; install mimik[training].")
    import keras

    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise InputError(f"{what} needs Keras on TensorFlow, not on {backend}; set KERAS_BACKEND=tensorflow.")


@contextlib.contextmanager
def quiet_converter() -> Iterator[None]:
    """Keep a converter's native log off the terminal; errors are exceptions."""
    saved = os.dup(2)
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def _fully_quantised(converter: Any, crops: NDArray[np.uint8]) -> bytes:
    """Quantise weights and activations, but not the nodes of `_outer_nodes`.

    TensorFlow offers to leave nodes out only through its quantisation debugger.
    """
    import tensorflow as tf

    outer = _outer_nodes(converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ({"gray": crop[None].astype(np.float32)} for crop in crops)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*tf.lite.Interpreter is deprecated", UserWarning)  # the debugger's own
        debugger = tf.lite.experimental.QuantizationDebugger(
            converter=converter,
            debug_dataset=converter.representative_dataset,
            debug_options=tf.lite.experimental.QuantizationDebugOptions(denylisted_nodes=outer),
        )
        return bytes(debugger.get_nondebug_quantized_model())


def _outer_nodes(flatbuffer: bytes) -> list[str]:
    """Names of the outputs of what runs before the first and after the last operation with weights."""
    from tensorflow.lite.tools import flatbuffer_utils

    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(flatbuffer))
    graph = model.subgraphs[0]
    kinds = [flatbuffer_utils.opcode_to_name(model, operator.opcodeIndex) for operator in graph.operators]
    weighted = [place for place, kind in enumerate(kinds) if kind in _WEIGHTED]
    outer = graph.operators[: weighted[0]] + graph.operators[weighted[-1] + 1 :]
    return [graph.tensors[output].name.decode() for operator in outer for output in operator.outputs]
