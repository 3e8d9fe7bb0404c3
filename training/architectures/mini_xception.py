"""mini-Xception (Arriaga et al. 2017): residual separable convolutions, no dense layer."""

import keras
from keras import layers

from models.mini_xception import features
from training.architectures.layers import batch_normalization, gray_input, with_mixture
from training.backend import Tensor

ORIGIN = "residual separable convolutions without a dense layer; Arriaga et al. 2017"
DECAY = 0.01


def build(heads: dict[str, int]) -> keras.Model:
    """Two convolutions of 8 filters, four residual separable modules, and a convolution as wide as the classes."""
    inputs, x = gray_input()
    x = features(x, batch_normalization, keras.regularizers.L2(DECAY))
    outputs = with_mixture({name: _head(x, name, classes) for name, classes in heads.items()})
    return keras.Model(inputs, outputs, name="mini_xception")


def _head(x: Tensor, name: str, classes: int) -> Tensor:
    x = layers.Conv2D(classes, 3, padding="same", dtype="float32", name=f"{name}_map")(x)
    return layers.GlobalAveragePooling2D(dtype="float32", name=name)(x)
