"""Networks of Keras Applications for gray pictures of 48x48, so that their published weights can be loaded.

The backbone is the published one, layer for layer; only what comes before and after it is ours. Before it, our own
normalisation (each picture to mean 0 and variance 1) is brought to the scale that the ImageNet weights have learned on.
That is an affine change with three equal channels, so the order of the colours does not matter.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import layers

from training.architectures.layers import gray_input, logits
from training.tensor import Tensor

IMAGENET_MEAN, IMAGENET_DEVIATION = 0.449, 0.226
"""Of ImageNet's pixels, 0..1, mean of the three colours (those of `keras.applications.imagenet_utils`)."""

MOMENTUM = 0.9
"""Of batch normalisation, as in our own networks; with the 0.999 of MobileNetV2 its statistics lag for many epochs."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What a published network expects in place of mean 0 and variance 1: x * scale + offset."""

    scale: float
    offset: float = 0.0


CAFFE = Preprocessing(255 * IMAGENET_DEVIATION)
"""Levels 0..255 less their mean."""

TENSORFLOW = Preprocessing(2 * IMAGENET_DEVIATION, 2 * IMAGENET_MEAN - 1)
"""Levels brought to -1..1."""

TORCH = Preprocessing(1.0)
"""Mean 0 and variance 1."""


def inline(
    published: Callable[..., keras.Model], preprocessing: Preprocessing, side: int = 48
) -> tuple[Tensor, Tensor]:
    """Put a published network behind a gray input, its layers side by side with ours (not one nested layer).

    Args:
        published: A function of `keras.applications`.
        preprocessing: What its ImageNet weights expect.
        side: Pixels that the picture is enlarged to, so that the last stages see more than one point of it.

    Returns:
        The input (n, 48, 48, 1) of gray levels 0..255, and the features (n, h, w, channels) of random weights.
    """
    inputs, x = gray_input()
    if side != x.shape[1]:
        x = layers.Resizing(side, side, dtype="float32")(x)
    x = layers.Rescaling(preprocessing.scale, preprocessing.offset, dtype="float32")(x)
    backbone = published(include_top=False, weights=None, input_tensor=layers.Concatenate()([x, x, x]))
    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = MOMENTUM
    return inputs, backbone.output


def pooled_classifier(name: str, inputs: Tensor, features: Tensor, heads: dict[str, int]) -> keras.Model:
    """From the features to {head: logits}: their mean over the picture, dropout, and one dense layer a head."""
    x = layers.GlobalAveragePooling2D()(features)
    x = layers.Dropout(0.4)(x)
    return keras.Model(inputs, logits(x, heads), name=name)
