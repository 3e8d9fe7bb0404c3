"""The gate's network: pooled features of the classifier, and one logit on top.

The classifier's layers are frozen, so a few thousand crops and minutes on a CPU are enough.
"""

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from models.engines.gate import OUTPUT

_MAPS = 2
"""Number of the classifier's resolutions that are used, the coarsest ones."""

_COARSEST = 3
"""Side in pixels below which a layer's output is not a feature map but one number per channel."""

_BATCH = 256


def features_of(network: keras.Model) -> keras.Model:
    """Features of a classifier: mean and maximum of each channel of its last feature maps.

    Args:
        network: From gray levels (n, 48, 48, 1) to logits; any architecture with convolutions.

    Returns:
        A model from the same input to float32 (n, k).
    """
    maps = {}
    for layer in network.layers:
        shape: tuple[int | None, ...] = getattr(layer.output, "shape", ())
        if len(shape) == 4 and shape[1] is not None and _COARSEST <= shape[1] < network.input_shape[1]:
            maps[shape[1]] = layer.output  # the last layer of each size is used
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

    Mean and spread stay a separate layer: folded into the weights, their range would be too large for eight bits.
    """
    scaled = layers.Normalization(mean=mean, variance=np.square(spread), name="gate_scale")(features.output)
    top = layers.Dense(1, name=OUTPUT)
    logit = top(scaled)
    top.set_weights([np.reshape(weights, (-1, 1)), np.array([bias])])
    return keras.Model(features.inputs, {OUTPUT: logit})
