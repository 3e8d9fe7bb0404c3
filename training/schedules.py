"""Learning rate schedules, and the optimisers that use them."""

import math

import keras
from keras import ops

from training.backend import Tensor
from training.recipes.recipe import Recipe

SMALLEST = 1 / 20
"""Rate at the first step, as a fraction of the peak."""


@keras.saving.register_keras_serializable("mimik")
class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """A linear rise to the peak, then a fall to 0: a cosine or linear.

    With a short rise and the cosine, this is the usual warm-up and annealing (Loshchilov & Hutter 2017); with a rise
    over a third of the steps and the linear fall, the one-cycle policy (Smith 2018).

    Args:
        peak: Highest rate.
        steps: Steps of the whole run.
        rise: Steps to the peak.
        shape: `cosine` or `one-cycle`, of the fall.
    """

    def __init__(self, peak: float, steps: int, rise: int, shape: str) -> None:
        self.peak, self.steps, self.rise, self.shape = peak, steps, rise, shape

    def __call__(self, step: Tensor) -> Tensor:
        at = ops.cast(step, "float32")
        up = SMALLEST + (1 - SMALLEST) * at / max(self.rise, 1)
        done = ops.clip((at - self.rise) / max(self.steps - self.rise, 1), 0.0, 1.0)
        down = 0.5 * (1 + ops.cos(math.pi * done)) if self.shape == "cosine" else 1 - done
        return self.peak * ops.where(at < self.rise, up, down)

    def get_config(self) -> dict[str, float | int | str]:
        return {"peak": self.peak, "steps": self.steps, "rise": self.rise, "shape": self.shape}


def rate_at(progress: float, recipe: Recipe, peak: float) -> float:
    """The rate of `Schedule` at progress 0..1; the warm-up has its share of the recipe's epochs."""
    rise = 1 / 3 if recipe.schedule == "one-cycle" else min(recipe.warmup_epochs / recipe.epochs, 1.0)
    if progress < rise:
        return peak * (SMALLEST + (1 - SMALLEST) * progress / rise)
    done = min((progress - rise) / (1 - rise), 1.0) if rise < 1 else 1.0
    return peak * (0.5 * (1 + math.cos(math.pi * done)) if recipe.schedule == "cosine" else 1 - done)


def make_schedule(recipe: Recipe, peak: float, epochs: int, steps_per_epoch: int) -> Schedule:
    """The recipe's schedule over `epochs`."""
    steps = epochs * steps_per_epoch
    rise = steps // 3 if recipe.schedule == "one-cycle" else round(recipe.warmup_epochs * steps_per_epoch)
    return Schedule(peak, steps, min(rise, steps), recipe.schedule)


def make_optimizer(recipe: Recipe, schedule: Schedule | float) -> keras.optimizers.Optimizer:
    """The recipe's optimiser; weight decay is not applied to biases and normalisation.

    Args:
        recipe: Determines its kind, momentum, decay and clipping.
        schedule: The learning rate by step, or the initial one if a callback sets it at each step.
    """
    common = {"weight_decay": recipe.weight_decay, "global_clipnorm": recipe.clip_norm or None}
    if recipe.optimizer == "adamw":
        optimizer = keras.optimizers.AdamW(schedule, beta_1=recipe.momentum, **common)
    else:
        optimizer = keras.optimizers.SGD(schedule, recipe.momentum, nesterov=True, **common)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return optimizer
