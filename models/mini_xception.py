"""mini_XCEPTION by `tf.function`: the reference for the speed of our networks. Needs the extra `training`.

Its weights are random, which does not affect the time; `training/architectures/mini_xception.py` builds a trainable one
from the same layers.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.conversion import require_tensorflow

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

CLASSES = 7
SIDE = 48


def build() -> "keras.Model":
    """The network of Arriaga et al. (2017, arXiv:1710.07557): gray levels (n, 48, 48, 1), 0..255, to (n, 7).

    Two convolutions of 8 filters, four residual modules of separable convolutions, a convolution as wide as the
    classes, the mean over the picture, softmax.
    """
    import keras
    from keras import layers

    inputs = keras.Input((SIDE, SIDE, 1), name="gray")
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = features(x, layers.BatchNormalization)
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(CLASSES, 3, padding="same")(x))
    return keras.Model(inputs, layers.Softmax()(x), name="mini_xception")


def features(x: Any, normalisation: "Callable[[], keras.layers.Layer]", regularizer: Any = None) -> Any:
    """Two convolutions of 8 filters and four residual modules of separable convolutions, 16 to 128 filters wide.

    Args:
        x: A Keras tensor (n, h, w, 1), normalised.
        normalisation: Creates a normalisation layer.
        regularizer: Of the first two kernels.

    Returns:
        A Keras tensor (n, h / 16, w / 16, 128), rounded up after the two convolutions took two pixels each.
    """
    from keras import layers

    for _ in range(2):
        x = layers.Conv2D(8, 3, use_bias=False, kernel_regularizer=regularizer)(x)
        x = layers.ReLU()(normalisation()(x))
    for filters in (16, 32, 64, 128):
        shortcut = normalisation()(layers.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(x))
        y = normalisation()(layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x))
        y = layers.ReLU()(y)
        y = normalisation()(layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(y))
        y = layers.MaxPooling2D(3, strides=2, padding="same")(y)
        x = layers.Add()([shortcut, y])
    return x


class MiniXception:
    """The network in a `tf.function` with an open batch, with as many threads as TensorFlow has been given.

    Raises:
        InputError: If Keras on TensorFlow is not there.
    """

    def __init__(self) -> None:
        require_tensorflow("mini_XCEPTION by tf.function")
        import tensorflow as tf

        network = build()
        gray = tf.TensorSpec((None, SIDE, SIDE, 1), tf.float32)
        self._run = tf.function(lambda crops: network(crops, training=False), input_signature=[gray])

    def probabilities(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Of an untrained network: float32 (n, 7), rows sum to 1, for crops uint8 (n, 48, 48, 1)."""
        return np.asarray(self._run(crops.astype(np.float32)))
