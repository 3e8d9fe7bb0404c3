"""Keras and its backend: the first import, the type of tensors, and the calls that Keras' public interface lacks."""

from typing import TYPE_CHECKING, Any

from models.standard_error import quiet_stderr

if TYPE_CHECKING:
    import keras

Tensor = Any
"""A tensor of the active backend; the backends share no base class."""


def load_keras() -> None:
    """Import Keras with TensorFlow's startup log suppressed; a second call costs nothing.

    Raises:
        ModuleNotFoundError: If Keras or its backend is not installed.
    """
    with quiet_stderr():
        import keras  # noqa: F401  (later imports find it already loaded)


def all_layers(network: "keras.Model") -> "list[keras.Layer]":
    """Every layer of a network, also those inside other layers."""
    return list(network._flatten_layers())


def fetch_trained_state(model: "keras.Model") -> None:
    """Update the variables of a model inside `fit`; on JAX their present values are elsewhere until then."""
    import keras

    if keras.backend.backend() == "jax":
        model.jax_state_sync()
