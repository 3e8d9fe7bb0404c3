"""ONNX: a Keras network as a file that ONNX Runtime and others run. Needs the extra `training`."""

import importlib.util
import os
import warnings
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from models.conversion import quiet_converter, require_tensorflow
from models.errors import InputError

PACKAGES = ("onnx", "onnxruntime", "tf2onnx")

# Since 1.29 ONNX Runtime sends usage statistics to Microsoft unless this is set before it is loaded (its Privacy.md).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def write_onnx(network: keras.Model, path: Path) -> None:
    """Convert a float32 network; the batch stays open and the outputs are named after the heads.

    Args:
        network: From gray levels (n, 48, 48, 1), 0..255, to {head: logits}, built under the float32 policy.
        path: File to write.

    Raises:
        InputError: If a package is missing or Keras does not run on TensorFlow.
    """
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(f"The ONNX export needs {', '.join(missing)}; install mimik[training].")
    require_tensorflow("The ONNX export")
    import onnx

    # A layer such as Resizing, whose `training` is True unless told otherwise, passes that on to those that follow it.
    inference = keras.Model(network.input, network(network.input, training=False))
    gray = keras.InputSpec(shape=(None, *network.input_shape[1:]), dtype="float32", name="gray")
    with quiet_converter(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of the patch by which Keras makes tf2onnx work with NumPy 2
        inference.export(path, format="onnx", verbose=False, input_signature=[gray])
    model = onnx.load(path)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"  # tf2onnx calls each by another invented name
    onnx.checker.check_model(model)
    onnx.save(model, path)


class OnnxEngine:
    """Runs an ONNX file on the CPU, as an engine of `models.engines.classifier`.

    Raises:
        InputError: If ONNX Runtime is missing or cannot read the file.
    """

    def __init__(self, path: Path) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise InputError("Running ONNX needs onnxruntime; install mimik[training].") from error
        try:
            self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's own kinds share no public base
            raise InputError(f"{path} cannot be run by ONNX Runtime: {str(error).splitlines()[0][:200]}.") from error
        self._heads = [output.name for output in self._session.get_outputs()]

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Logits of every head, float32 (n, k), of crops uint8 (n, h, w, 1)."""
        return dict(zip(self._heads, self._session.run(self._heads, {"gray": crops.astype(np.float32)}), strict=True))

    def close(self) -> None:
        """ONNX Runtime keeps nothing open."""
