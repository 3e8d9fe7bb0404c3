"""Networks of Keras Applications for 48x48 gray pictures, such that their published weights can be loaded: a table.

The backbone is the published one, layer for layer; only the input and the output are ours. Our normalisation (each
picture to mean 0 and variance 1) is rescaled to the range that the ImageNet weights were trained on. This is an affine
map with three equal channels, so the order of the colours does not matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import keras
from keras import layers

from training.architectures.layers import gray_input, logits
from training.backend import Tensor

IMAGENET_MEAN, IMAGENET_DEVIATION = 0.449, 0.226
"""Mean and deviation of ImageNet's pixels, 0..1, averaged over the colours (`keras.applications.imagenet_utils`)."""

MOMENTUM = 0.9
"""Momentum of batch normalisation, as in our own networks; MobileNetV2's 0.999 makes the statistics lag for epochs."""


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """Maps mean 0 and variance 1 to the input that a published network expects: x * scale + offset."""

    scale: float
    offset: float = 0.0


CAFFE = Preprocessing(255 * IMAGENET_DEVIATION)
"""Levels 0..255 minus their mean."""

TENSORFLOW = Preprocessing(2 * IMAGENET_DEVIATION, 2 * IMAGENET_MEAN - 1)
"""Levels scaled to -1..1."""

TORCH = Preprocessing(1.0)
"""Mean 0 and variance 1."""


@dataclass(frozen=True, slots=True)
class Application:
    """A network of Keras Applications with a pooled classifier on top.

    Attributes:
        published: The function of `keras.applications` that makes its backbone.
        preprocessing: What its ImageNet weights expect.
        side: Pixels to which the pictures are enlarged, so that the last stages have more than one spatial position.
        source: Authors and year.
    """

    published: Callable[..., keras.Model]
    preprocessing: Preprocessing
    side: int
    source: str

    @property
    def origin(self) -> str:
        """One line on where it comes from."""
        return f"{self.source}, Keras Applications, on 48x48 enlarged to {self.side}x{self.side}"


APPLICATIONS = MappingProxyType(
    {
        "resnet50": Application(keras.applications.ResNet50, CAFFE, 64, "He et al. 2016"),
        "resnet101": Application(keras.applications.ResNet101, CAFFE, 64, "He et al. 2016"),
        # 96x96 is the smallest size with published weights.
        "mobilenet_v2": Application(keras.applications.MobileNetV2, TENSORFLOW, 96, "Sandler et al. 2018"),
        "densenet169": Application(keras.applications.DenseNet169, TORCH, 64, "Huang et al. 2017"),
    }
)


def build_application(name: str, heads: dict[str, int]) -> keras.Model:
    """One of `APPLICATIONS`: the backbone, global average pooling, dropout, and one dense layer per head.

    Returns:
        A model from gray levels (n, 48, 48, 1), 0..255, to {head: logits (n, classes)}.
    """
    entry = APPLICATIONS[name]
    inputs, features = inline(entry.published, entry.preprocessing, entry.side)
    x = layers.GlobalAveragePooling2D()(features)
    x = layers.Dropout(0.4)(x)
    return keras.Model(inputs, logits(x, heads), name=name)


def inline(
    published: Callable[..., keras.Model], preprocessing: Preprocessing, side: int = 48
) -> tuple[Tensor, Tensor]:
    """Put a published network behind a gray input, with its layers inlined (not as one nested layer).

    Args:
        published: A function of `keras.applications`.
        preprocessing: What its ImageNet weights expect.
        side: Pixels to which the pictures are enlarged.

    Returns:
        The input (n, 48, 48, 1) of gray levels 0..255, and the features (n, h, w, channels); the weights are random.
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
