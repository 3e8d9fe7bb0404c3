"""The calls into Keras that its public interface lacks, each in one place."""

import keras


def all_layers(network: keras.Model) -> list[keras.Layer]:
    """Every layer of a network, also those inside other layers."""
    return list(network._flatten_layers())


def fetch_trained_state(model: keras.Model) -> None:
    """Update the variables of a model inside `fit`; on JAX their present values are elsewhere until then."""
    if keras.backend.backend() == "jax":
        model.jax_state_sync()
