"""The compiled training step: row numbers -> pictures on the device -> views -> logits -> loss of every head."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from training.augmentation import Augment
from training.backend import Tensor, all_layers
from training.datasets.targets import Targets
from training.mixing import mix
from training.moving_average import MovingAverage
from training.recipes.recipe import Recipe
from training.teachers import Teacher


class TrainingStep(keras.Model):
    """Wraps a network so that `fit` only passes row numbers; pictures (uint8) and targets stay on the device.

    If the teacher knows only fixed views, a row number stands for one of them (`FixedViews.chosen`).

    Only full batches are passed, so that there is one shape to compile and to divide among devices; the last one is
    padded with negative numbers -1 - row, pictures of zero weight.

    Args:
        network: From gray levels to {head: logits}.
        images: uint8 (n, 48, 48, 1).
        targets: {head: float32 (n, k)}; a row of zeros has zero weight.
        recipe: Head weights, mixing, averaging and the teacher's share.
        seed: Of views and mixing.
        teacher: Gives logits for the same views.
    """

    def __init__(
        self,
        network: keras.Model,
        images: NDArray[np.uint8],
        targets: Targets,
        recipe: Recipe,
        seed: int,
        teacher: Teacher | None = None,
    ) -> None:
        super().__init__(name="training_step")
        self.network = network
        self.recipe = recipe
        self.augment = Augment(recipe.augment, seed)
        self.mixing = keras.random.SeedGenerator(seed + 1)
        self.teacher = teacher
        self.teacher_state = [] if teacher is None else teacher.state  # Keras tracks the variables of layers in a list
        self.average = MovingAverage(network, recipe.averaging)
        self.average_state = self.average.variables
        self.images = constant(images, "images")
        self.views = None if teacher is None else teacher.views
        if self.views is not None:
            self.numbers = constant(self.views.numbers(len(images)), "views")
        self.targets = {head: constant(values, f"targets_{head}") for head, values in targets.items()}
        self.loss_mean = keras.metrics.Mean(name="loss")
        self.accuracies = {head: keras.metrics.Mean(name=f"{head}_accuracy") for head in targets}

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [self.loss_mean, *self.accuracies.values()]

    def call(self, rows: Tensor, training: bool = False) -> dict[str, Tensor | dict[str, Tensor]]:
        counts = ops.cast(rows >= 0, "float32")
        places = ops.where(rows >= 0, rows, -1 - rows)
        rows = places if self.views is None else places % self.images.shape[0]
        wanted = {
            head: ops.take(values.value, rows, axis=0) * ops.expand_dims(counts, -1)
            for head, values in self.targets.items()
        }
        pictures = ops.take(self.images.value, rows, axis=0)
        if training and self.views is not None:
            views = self.augment.view(pictures, ops.take(self.numbers.value, places, axis=0))
        else:
            views = self.augment(pictures, training=training)
        if training:
            views, wanted = mix(views, wanted, self.recipe.mixup, self.recipe.cutmix, self.mixing)
        result = {"logits": self.network(views, training=training), "targets": wanted, "counts": counts}
        if training and self.teacher is not None:
            result["teacher"] = self.teacher.logits(places, views)
        if training:
            self.average.update()
        return result

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        total = sum(self.losses)  # from regularisers
        taught: Mapping[str, Tensor] = y_pred.get("teacher", {})
        share, temperature = self.recipe.teacher_share, self.recipe.teacher_temperature
        for head, wanted in y_pred["targets"].items():
            given = y_pred["logits"][head]
            weight = ops.sum(wanted, axis=-1)
            entropy = -ops.sum(wanted * ops.log_softmax(given, axis=-1), axis=-1)
            loss = ops.sum(entropy) / ops.maximum(ops.sum(ops.cast(weight > 0, "float32")), 1.0)
            if head in taught:
                loss = (1 - share) * loss + share * _distillation(given, taught[head], temperature, y_pred["counts"])
            total = total + self.recipe.head_weights.get(head, 1.0) * loss
            right = ops.cast(ops.equal(ops.argmax(given, axis=-1), ops.argmax(wanted, axis=-1)), "float32")
            self.accuracies[head].update_state(right, sample_weight=ops.cast(weight > 0, "float32"))
        self.loss_mean.update_state(total)
        return total

    def compute_metrics(self, x: Tensor, y: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> dict[str, Tensor]:
        result: dict[str, Tensor] = self.get_metrics_result()
        return result

    @property
    def learned(self) -> list[keras.Variable]:
        """All state that a resumed run needs: weights, averages, random states and the optimiser's variables."""
        layers = all_layers(self.network)
        states = [layer.seed_generator.state for layer in layers if hasattr(layer, "seed_generator")]
        chance = [self.augment.random.state, self.mixing.state, *states]
        return _unique([*self.network.variables, *self.average.variables, *chance, *self.optimizer.variables])


def constant(values: NDArray[Any], name: str) -> keras.Variable:
    """An array that stays on the device and is not trained."""
    return keras.Variable(values, dtype=str(values.dtype), trainable=False, autocast=False, name=name)


def _distillation(given: Tensor, taught: Tensor, temperature: float, counts: Tensor) -> Tensor:
    """Cross-entropy with the teacher's softened probabilities, scaled by T^2 (Hinton, Vinyals & Dean 2015); the mean
    over the rows with weight."""
    wanted = ops.softmax(ops.stop_gradient(taught) / temperature, axis=-1)
    entropy = -ops.sum(wanted * ops.log_softmax(given / temperature, axis=-1), axis=-1)
    return temperature**2 * ops.sum(entropy * counts) / ops.maximum(ops.sum(counts), 1.0)


def _unique(variables: list[keras.Variable]) -> list[keras.Variable]:
    return list({id(variable): variable for variable in variables}.values())
