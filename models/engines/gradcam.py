"""Grad-CAM: which places of a crop raise the score of a label in a Keras network. Needs the `training` extra."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError

if TYPE_CHECKING:
    import keras


class GradCam:
    """Explains one head of a network (Selvaraju et al., 2017, arXiv 1610.02391) at its last plane of features.

    Args:
        network: As `load_network` gives it: crops float32 (n, h, w, 1) in, a dictionary of logits out.
        head: Name of the head.

    Raises:
        InputError: If no layer of the network has a plane of features that everything behind it depends on, or Keras
            runs on a backend of which no gradient is taken here.
    """

    def __init__(self, network: "keras.Model", head: str) -> None:
        import keras

        self._gradient = _gradient_of(keras.backend.backend())
        behind = (layer for layer in reversed(network.layers) if not isinstance(layer, keras.layers.InputLayer))
        layers = (layer for layer in behind if _is_plane(getattr(layer, "output", None)))
        for layer in layers:
            try:
                self._tail = keras.Model(layer.output, network.output[head])
            except ValueError:  # something goes past this layer
                continue
            self._features = keras.Model(network.input, layer.output)
            return
        raise InputError(f"The network {network.name} has no plane of features that Grad-CAM could weigh.")

    def map(self, crop: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
        """How much each place of a crop raises a label's score, the most important place 1.

        Args:
            crop: uint8 (h, w, 1).
            label: Its index in the head.

        Returns:
            float32, a plane of the network's own resolution, 0..1; all zero where no place raises it.
        """
        features = self._features(crop[np.newaxis].astype(np.float32), training=False)
        gradient = self._gradient(self._tail, features, label)
        planes = _array(features)[0]
        heat = np.maximum((planes * gradient[0].mean(axis=(0, 1))).sum(axis=-1), 0.0)
        top = float(heat.max())
        return np.asarray(heat / top if top > 0 else heat, np.float32)


def _is_plane(output: Any) -> bool:
    shape = getattr(output, "shape", ())
    return len(shape) == 4 and all(side is not None and side > 1 for side in shape[1:3])


def _array(tensor: Any) -> NDArray[np.float32]:
    from keras import ops

    return np.asarray(ops.convert_to_numpy(tensor), np.float32)


Gradient = Callable[["keras.Model", Any, int], NDArray[np.float32]]


def _gradient_of(backend: str) -> Gradient:
    """How a backend gives the gradient of a label's logit by the features."""
    known: dict[str, Gradient] = {"tensorflow": _by_tensorflow, "jax": _by_jax}
    if backend not in known:
        raise InputError(f"Grad-CAM needs Keras on TensorFlow or JAX, not on {backend}.")
    return known[backend]


def _by_tensorflow(tail: "keras.Model", features: Any, label: int) -> NDArray[np.float32]:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(features)
        score = tail(features, training=False)[0, label]
    return _array(tape.gradient(score, features))


def _by_jax(tail: "keras.Model", features: Any, label: int) -> NDArray[np.float32]:
    import jax

    return _array(jax.grad(lambda values: tail(values, training=False)[0, label])(features))
