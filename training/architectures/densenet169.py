"""DenseNet169 (Huang et al. 2017) of Keras Applications, on pictures enlarged to 64x64."""

import keras

from training.architectures.applications import TORCH, inline, pooled_classifier

ORIGIN = "Huang et al. 2017, Keras Applications, on 48x48 enlarged to 64x64"
PUBLISHED = keras.applications.DenseNet169
SIDE = 64


def build(heads: dict[str, int]) -> keras.Model:
    """Four dense blocks of 6, 12, 32 and 32 layers at 16, 8, 4 and 2 pixels, each layer adding 32 channels.

    Args:
        heads: Name of each head and its number of classes.

    Returns:
        A model from gray levels (n, 48, 48, 1), 0..255, to {head: logits (n, classes)}.
    """
    inputs, features = inline(PUBLISHED, TORCH, SIDE)
    return pooled_classifier("densenet169", inputs, features, heads)
