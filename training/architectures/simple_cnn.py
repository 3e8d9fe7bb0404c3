"""The usual tutorial network: three convolutions with max pooling, and a dense layer."""

import keras
from keras import layers

from training.architectures.layers import gray_input, logits

ORIGIN = "three convolutions with max pooling and a dense layer; the usual first tutorial"


def build(heads: dict[str, int]) -> keras.Model:
    """Convolutions of 32, 64 and 128 filters, each with max pooling, then dense 256 with dropout."""
    inputs, x = gray_input()
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dropout(0.4)(layers.Flatten()(x))
    x = layers.Dense(256, activation="relu")(x)
    x = layers.Dropout(0.4)(x)
    return keras.Model(inputs, logits(x, heads), name="simple_cnn")
