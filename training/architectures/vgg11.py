"""VGG11 (Simonyan & Zisserman 2015), configuration A, with batch normalisation and small dense layers for 48x48."""

import keras
from keras import layers

from training.architectures.layers import convolution, gray_input, logits

ORIGIN = "configuration A of Simonyan & Zisserman 2015 with batch normalisation, for 48x48"
PLAN = ((64,), (128,), (256, 256), (512, 512), (512, 512))


def build(heads: dict[str, int]) -> keras.Model:
    """Eight 3x3 convolutions in five stages with max pooling, then dense 512 with dropout."""
    inputs, x = gray_input()
    for stage in PLAN:
        for filters in stage:
            x = convolution(x, filters)
        x = layers.MaxPooling2D()(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    x = layers.Dense(512, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, logits(x, heads), name="vgg11")
