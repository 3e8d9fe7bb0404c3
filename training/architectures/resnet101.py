"""ResNet101 (He et al. 2016) of Keras Applications, on pictures enlarged to 64x64."""

import keras

from training.architectures.applications import CAFFE, inline, pooled_classifier

ORIGIN = "He et al. 2016, Keras Applications, on 48x48 enlarged to 64x64"
PUBLISHED = keras.applications.ResNet101
SIDE = 64


def build(heads: dict[str, int]) -> keras.Model:
    """Four stages of 3, 4, 23 and 3 bottleneck blocks at 16, 8, 4 and 2 pixels, 256 to 2048 channels.

    Args:
        heads: Name of each head and its number of classes.

    Returns:
        A model from gray levels (n, 48, 48, 1), 0..255, to {head: logits (n, classes)}.
    """
    inputs, features = inline(PUBLISHED, CAFFE, SIDE)
    return pooled_classifier("resnet101", inputs, features, heads)
