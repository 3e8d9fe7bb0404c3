"""ResNet18 (He et al. 2016) with a stem of stride 1, suited to small pictures."""

import keras
from keras import layers

from training.architectures.layers import convolution, gray_input, logits, residual_block

ORIGIN = "He et al. 2016 with a 3x3 stem of stride 1 for 48x48"


def build(heads: dict[str, int]) -> keras.Model:
    """Four stages of two residual blocks, 64 to 512 channels at 48, 24, 12 and 6 pixels."""
    inputs, x = gray_input()
    x = convolution(x, 64)
    for stage, filters in enumerate((64, 128, 256, 512)):
        for block in range(2):
            x = residual_block(x, filters, stride=2 if stage > 0 and block == 0 else 1, excite=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    return keras.Model(inputs, logits(x, heads), name="resnet18")
