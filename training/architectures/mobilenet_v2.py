"""MobileNetV2 (Sandler et al. 2018) of Keras Applications, on pictures enlarged to 96x96."""

import keras

from training.architectures.applications import TENSORFLOW, inline, pooled_classifier

ORIGIN = "Sandler et al. 2018, Keras Applications, on 48x48 enlarged to 96x96"
PUBLISHED = keras.applications.MobileNetV2
SIDE = 96


def build(heads: dict[str, int]) -> keras.Model:
    """Seventeen inverted residual blocks from 48 to 3 pixels; 96x96 is the smallest size with ImageNet weights.

    Args:
        heads: Name of each head and its number of classes.

    Returns:
        A model from gray levels (n, 48, 48, 1), 0..255, to {head: logits (n, classes)}.
    """
    inputs, features = inline(PUBLISHED, TENSORFLOW, SIDE)
    return pooled_classifier("mobilenet_v2", inputs, features, heads)
