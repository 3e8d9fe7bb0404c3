"""Four wide convolutions, each with max pooling and batch normalisation, and one very wide dense layer."""

import keras
from keras import layers

from training.architectures.layers import convolution, gray_input, logits

ORIGIN = "64-128-128-528 filters, each with max pooling and batch normalisation, dense 4096, dropout 0.3"


def build(heads: dict[str, int]) -> keras.Model:
    """Blocks of 64, 128, 128 and 528 filters, then dense 4096 with dropout 0.3."""
    inputs, x = gray_input()
    for filters in (64, 128, 128, 528):
        x = layers.MaxPooling2D()(convolution(x, filters))
    x = layers.Dense(4096, activation="relu")(layers.Flatten()(x))
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, logits(x, heads), name="four_block_cnn")
