"""Building blocks that more than one network uses."""

import keras
from keras import layers, ops

from models.emotions import FER2013, FERPLUS, MIXTURE
from training.backend import Tensor

LABEL_SHARE = 0.6
"""Weight of FER2013's head in the mixture, chosen on the photos; 0.5 did about as well (docs/experiments.md)."""


def convolution(x: Tensor, filters: int, kernel: int = 3, stride: int = 1, *, activate: bool = True) -> Tensor:
    """Convolution without bias, batch normalisation, and ReLU unless `activate` is off."""
    x = layers.Conv2D(
        filters, kernel, stride, padding="same", use_bias=False, kernel_initializer=keras.initializers.HeNormal()
    )(x)
    x = batch_normalization()(x)
    return layers.ReLU()(x) if activate else x


def batch_normalization() -> keras.layers.Layer:
    """Keras' batch normalisation; on the PyTorch backend one that trains through PyTorch's own fused kernel."""
    if keras.backend.backend() == "torch":
        from training.architectures.torch_layers import FusedBatchNormalization

        return FusedBatchNormalization(momentum=0.9)
    return layers.BatchNormalization(momentum=0.9)


def squeeze_excite(x: Tensor, ratio: int = 8) -> Tensor:
    """Squeeze and excitation: reweights channels by global context (Hu et al. 2018)."""
    channels = x.shape[-1]
    weights = layers.GlobalAveragePooling2D(keepdims=True)(x)
    weights = layers.Dense(channels // ratio, activation="relu")(weights)
    weights = layers.Dense(channels, activation="sigmoid")(weights)
    return layers.Multiply()([x, weights])


def residual_block(x: Tensor, filters: int, stride: int = 1, *, excite: bool = True) -> Tensor:
    """Two 3x3 convolutions with a shortcut (He et al. 2016), with squeeze and excitation unless `excite` is off."""
    y = convolution(x, filters, stride=stride)
    y = convolution(y, filters, activate=False)
    if excite:
        y = squeeze_excite(y)
    if stride != 1 or x.shape[-1] != filters:
        x = convolution(x, filters, kernel=1, stride=stride, activate=False)
    return layers.ReLU()(layers.Add()([x, y]))


def gray_input(size: int = 48) -> tuple[Tensor, Tensor]:
    """Input of raw gray levels 0..255 and its normalisation, which is therefore part of every export.

    Each picture is normalised to mean 0 and variance 1, which cancels the camera's exposure and contrast.

    Returns:
        The input tensor (n, size, size, 1) and the normalised one.
    """
    inputs = keras.Input((size, size, 1), name="gray")
    x = layers.Rescaling(1 / 255, dtype="float32")(inputs)
    x = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False, epsilon=1e-3, dtype="float32")(x)
    return inputs, x


def logits(x: Tensor, heads: dict[str, int]) -> dict[str, Tensor]:
    """One float32 dense layer of logits per head: name -> tensor (n, classes), before softmax; and the mixture."""
    return with_mixture({name: layers.Dense(classes, dtype="float32", name=name)(x) for name, classes in heads.items()})


def with_mixture(outputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """If there are a FER2013 and a FER+ head, add `mixture`: the log of the weighted mean of their probabilities.

    It has FER+'s emotions and no weights. FER2013's labels name an expression more readily, FER+'s votes lean to
    neutral; on photos from another source their mean was right more often than either.
    """
    if not {"fer2013", "ferplus"} <= set(outputs):
        return outputs
    classes, votes = (ops.softmax(outputs[name], axis=-1) for name in ("fer2013", "ferplus"))
    shared = [FER2013.index(name) for name in FERPLUS if name in FER2013]  # FER2013 lacks contempt, FER+'s last emotion
    mean = (1 - LABEL_SHARE) * votes + LABEL_SHARE * ops.pad(ops.take(classes, shared, axis=-1), ((0, 0), (0, 1)))
    return {**outputs, MIXTURE: ops.log(mean + 1e-7)}
