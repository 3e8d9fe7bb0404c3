"""Exponential moving average of a network, which is validated and saved instead of the latest weights."""

from typing import Any

import keras
from keras import ops
from numpy.typing import NDArray


class MovingAverage:
    """Exponential moving average of weights and batch statistics over the training steps (Polyak & Juditsky 1992).

    The decay grows as (1 + t) / (10 + t) up to its bound, so that the random initial weights are soon forgotten. Batch
    statistics are averaged too: averaged weights need matching statistics.

    Args:
        network: Its floating-point variables are averaged; random states keep their current values.
        decay: Per step, 0..1; with 0 the average is the weights that the last step began with.
    """

    def __init__(self, network: keras.Model, decay: float) -> None:
        self.decay = decay
        self.network = network
        self.followed = [variable for variable in network.variables if "float" in str(variable.dtype)]
        self.averages = [
            keras.Variable(
                ops.convert_to_numpy(variable.value), trainable=False, autocast=False, name=f"average_{number}"
            )
            for number, variable in enumerate(self.followed)
        ]
        self.steps = keras.Variable(0.0, trainable=False, autocast=False, dtype="float32", name="average_steps")

    @property
    def variables(self) -> list[keras.Variable]:
        """The state that a checkpoint must save."""
        return [self.steps, *self.averages]

    def update(self) -> None:
        """Update with the current values; called once per step, inside the compiled step, before the weights change."""
        self.steps.assign_add(1.0)
        decay = ops.minimum(self.decay, (1 + self.steps.value) / (10 + self.steps.value))
        for average, variable in zip(self.averages, self.followed, strict=True):
            present = ops.cast(ops.stop_gradient(variable.value), average.dtype)
            average.assign(average.value * decay + present * (1 - decay))

    def values(self) -> list[NDArray[Any]]:
        """The averaged network, in the order of `network.variables`."""
        averaged = {id(source): average for source, average in zip(self.followed, self.averages, strict=True)}
        return [ops.convert_to_numpy(averaged.get(id(v), v).value) for v in self.network.variables]
