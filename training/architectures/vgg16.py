"""VGG16 (Simonyan & Zisserman 2015), configuration D, of Keras Applications, with small dense layers for 48x48."""

import keras
from keras import layers

from training.architectures.applications import CAFFE, inline
from training.architectures.layers import batch_normalization, logits

ORIGIN = "configuration D of Simonyan & Zisserman 2015, Keras Applications, small dense layers"
PUBLISHED = keras.applications.VGG16


def build(heads: dict[str, int]) -> keras.Model:
    """Thirteen 3x3 convolutions in five stages with max pooling, then dense 512 with dropout.

    The published layers have no batch normalisation, and with Keras' default initialisation the signal vanishes: such a
    network soon predicts the most frequent class for every input. So the convolutions are initialised as He et al.
    (2015) derived for ReLU, and the features are batch-normalised once, after the last convolution. This also cancels
    the input scale of the ImageNet weights, which convolutions, ReLU and pooling pass on. At the low rate of
    `recipes/vgg16.toml` it does not collapse (figures: docs/networks.md).
    """
    inputs, x = inline(PUBLISHED, CAFFE)
    x = layers.Dropout(0.5)(layers.Flatten()(batch_normalization()(x)))
    x = layers.Dense(512, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    network = keras.Model(inputs, logits(x, heads), name="vgg16")
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            layer.kernel.assign(keras.initializers.HeNormal()(layer.kernel.shape))
    return network
