"""The gate's network: what the classifier sees in a crop, pooled, and one logit on top.

The classifier's own layers are taken as they are, so that a few thousand crops are enough and minutes on a CPU.
"""

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from models.engines.gate import OUTPUT

_MAPS = 2
"""So many of the classifier's resolutions, the coarsest ones, are looked at."""

_COARSEST = 3
"""Pixels of a side below which a layer's output is no map of the face but a number for each channel."""

_BATCH = 256


def features_of(network: keras.Model) -> keras.Model:
    """What a classifier sees in a crop: mean and maximum of each channel of its last maps.

    Args:
        network: From gray levels (n, 48, 48, 1) to logits; any architecture with convolutions.

    Returns:
        A model from the same input to float32 (n, k).
    """
    maps = {}
    for layer in network.layers:
        shape: tuple[int | None, ...] = getattr(layer.output, "shape", ())
        if len(shape) == 4 and shape[1] is not None and _COARSEST <= shape[1] < network.input_shape[1]:
            maps[shape[1]] = layer.output  # the last one of each size stands
    coarsest = [maps[size] for size in sorted(maps)[:_MAPS]]
    pools = {"mean": layers.GlobalAveragePooling2D, "most": layers.GlobalMaxPooling2D}
    pooled = [
        pool(name=f"gate_{name}_{number}")(each) for number, each in enumerate(coarsest) for name, pool in pools.items()
    ]
    return keras.Model(network.inputs, layers.Concatenate(name="gate_features")(pooled))


def computed(features: keras.Model, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The features of crops uint8 (n, 48, 48, 1): float32 (n, k)."""
    if not len(crops):
        return np.zeros((0, features.output_shape[-1]), np.float32)
    values: NDArray[np.float32] = features.predict(crops.astype(np.float32), batch_size=_BATCH, verbose=0)
    return values


def with_logit(
    features: keras.Model,
    mean: NDArray[np.floating],
    spread: NDArray[np.floating],
    weights: NDArray[np.floating],
    bias: float,
) -> keras.Model:
    """The features with one logit on top: ((features - mean) / spread) @ weights + bias.

    Mean and spread stay a layer of their own: folded into the weights they would differ so much in size that eight bits
    could not hold them.
    """
    scaled = layers.Normalization(mean=mean, variance=np.square(spread), name="gate_scale")(features.output)
    top = layers.Dense(1, name=OUTPUT)
    logit = top(scaled)
    top.set_weights([np.reshape(weights, (-1, 1)), np.array([bias])])
    return keras.Model(features.inputs, {OUTPUT: logit})
