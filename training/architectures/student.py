"""The network that the app ships: a small residual network, designed for less than a millisecond per face on a CPU."""

import keras
from keras import layers

from training.architectures.layers import convolution, gray_input, logits, residual_block

ORIGIN = "residual blocks with squeeze and excitation at 24, 12 and 6 pixels; the network that the app ships"
WIDTHS = (48, 96, 144)
BLOCKS = (2, 2, 2)


def build(heads: dict[str, int]) -> keras.Model:
    """Three stages of residual blocks with squeeze and excitation at 24, 12 and 6 pixels; one dense layer per head."""
    inputs, x = gray_input()
    x = convolution(x, 16)
    x = convolution(x, WIDTHS[0], stride=2)
    for stage, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS, strict=True)):
        for block in range(blocks):
            x = residual_block(x, width, stride=2 if stage > 0 and block == 0 else 1)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, logits(x, heads), name="student")
