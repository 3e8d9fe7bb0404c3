"""Fine-tuning: load pretrained weights, and freeze the shallow layers for a while."""

import difflib
from pathlib import Path

import keras

from models.errors import InputError
from training.architectures import published
from training.weights_file import Weights, read_weights

IMAGENET = "imagenet"
IMAGENET_SIDE = 96
"""Input side in pixels requested with the weights; only MobileNetV2's depend on it, and 96 is its smallest."""


def load_weights(network: keras.Model, source: str, *, whole: bool = False) -> int:
    """Give a network the weights of all layers that have the same name and the same shapes there; others keep theirs.

    Args:
        network: One that `build` made.
        source: `imagenet` (Keras fetches them), or a file that Keras wrote (`.keras`, `.weights.h5` or `.h5`), or the
            `.npz` of `python -m training weights`.
        whole: Refuse weights that do not fit every layer that has some.

    Returns:
        Number of layers whose weights were loaded.

    Raises:
        InputError: If the weights cannot be read or downloaded, or match no layer.
    """
    stored = _imagenet(network.name) if source == IMAGENET else read_weights(Path(source))
    count = 0
    for layer in network.layers:
        values = stored.get(layer.name, [])
        if values and [value.shape for value in values] == [tuple(weight.shape) for weight in layer.weights]:
            for weight, value in zip(layer.weights, values, strict=True):
                weight.assign(value)
            count += 1
        elif whole and layer.weights:
            raise InputError(
                f"{source} does not fit the layer {layer.name} of {network.name}; name with --model the network that "
                "the weights are of, or load only what fits with --weights."
            )
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
