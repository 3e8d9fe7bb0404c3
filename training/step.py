"""The compiled training step: rows of pictures kept on the device -> views -> logits -> loss of every head."""

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from training.augmentation import Augment
from training.datasets.targets import Targets
from training.tensor import Tensor


class TrainingStep(keras.Model):
    """Wraps a network so that `fit` only passes row numbers; pictures (uint8) and targets stay on the device.

    Args:
        network: From gray levels to {head: logits}.
        images: uint8 (n, 48, 48, 1).
        targets: {head: float32 (n, k)}; a row of zeros has no weight.
        augment: Makes the random views.
        head_weights: Weight of each head's cross-entropy; heads of the network that are missing in it count 1.
    """

    def __init__(
        self,
        network: keras.Model,
        images: NDArray[np.uint8],
        targets: Targets,
        augment: Augment,
        head_weights: dict[str, float],
    ) -> None:
        super().__init__(name="training_step")
        self.network = network
        self.augment = augment
        self.head_weights = head_weights
        self.images = _constant(images, "images")
        self.targets = {head: _constant(values, f"targets_{head}") for head, values in targets.items()}
        self.loss_mean = keras.metrics.Mean(name="loss")
        self.accuracies = {head: keras.metrics.Mean(name=f"{head}_accuracy") for head in targets}

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [self.loss_mean, *self.accuracies.values()]

    def call(self, rows: Tensor, training: bool = False) -> dict[str, dict[str, Tensor]]:
        views = self.augment(ops.take(self.images.value, rows, axis=0), training=training)
        return {
            "logits": self.network(views, training=training),
            "targets": {head: ops.take(values.value, rows, axis=0) for head, values in self.targets.items()},
        }

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        total = sum(self.losses)  # of regularisers
        for head, wanted in y_pred["targets"].items():
            given = y_pred["logits"][head]
            counts = ops.sum(wanted, axis=-1)
            entropy = -ops.sum(wanted * ops.log_softmax(given, axis=-1), axis=-1)
            total = total + self.head_weights.get(head, 1.0) * ops.sum(entropy) / ops.maximum(ops.sum(counts), 1.0)
            right = ops.cast(ops.equal(ops.argmax(given, axis=-1), ops.argmax(wanted, axis=-1)), "float32")
            self.accuracies[head].update_state(right, sample_weight=ops.cast(counts > 0, "float32"))
        self.loss_mean.update_state(total)
        return total

    def compute_metrics(self, x: Tensor, y: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> dict[str, Tensor]:
        return self.get_metrics_result()

    @property
    def learned(self) -> list[keras.Variable]:
        """All that a resumed run must have back: weights, statistics, random states and the optimiser's memory."""
        states = [self.augment.random.state, *(layer.seed_generator.state for layer in _with_random(self.network))]
        return _unique([*self.network.variables, *states, *self.optimizer.variables])


def _constant(values: NDArray, name: str) -> keras.Variable:
    return keras.Variable(values, dtype=str(values.dtype), trainable=False, autocast=False, name=name)


def _with_random(network: keras.Model) -> list[keras.layers.Layer]:
    return [layer for layer in network.layers if hasattr(layer, "seed_generator")]


def _unique(variables: list[keras.Variable]) -> list[keras.Variable]:
    return list({id(variable): variable for variable in variables}.values())
