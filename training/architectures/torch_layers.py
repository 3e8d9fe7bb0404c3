"""Layers for the PyTorch backend; imported only there."""

import keras
import torch
from torch import Tensor


@keras.saving.register_keras_serializable("mimik")
class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Batch normalisation over the last axis of (n, h, w, c) that trains through PyTorch's fused kernel.

    Keras' own layer consists of separate operations there, which made a training step 1.4 to 1.8 times as long on a
    CPU. The weights are the same, so a network trained with this layer is exported with the ordinary one.
    """

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor | None = None) -> Tensor:
        if not training:
            return super().call(inputs, training=training, mask=mask)
        outputs = torch.nn.functional.batch_norm(
            inputs.permute(0, 3, 1, 2),
            self.moving_mean.value,
            self.moving_variance.value,
            self.gamma.value,
            self.beta.value,
            training=True,
            momentum=1 - self.momentum,
            eps=self.epsilon,
        )
        return outputs.permute(0, 2, 3, 1)
