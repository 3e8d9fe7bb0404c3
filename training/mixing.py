"""Mixup and CutMix inside the compiled step."""

from collections.abc import Mapping

import keras
from keras import ops

from training.backend import Tensor


def mix(
    views: Tensor, targets: Mapping[str, Tensor], mixup: float, cutmix: float, seed: keras.random.SeedGenerator
) -> tuple[Tensor, dict[str, Tensor]]:
    """Mix each picture and its targets with its neighbour in the batch, whose order is random.

    Mixup (Zhang et al. 2018) blends the two with a share drawn from Beta(mixup, mixup); CutMix (Yun et al. 2019) pastes
    a rectangle whose area is drawn uniformly. With both on, a batch gets either CutMix or mixup.

    Args:
        views: float32 (n, h, w, c).
        targets: Head -> float32 (n, k).
        mixup: Parameter of the Beta distribution; 0 is off.
        cutmix: Probability that a batch gets CutMix; 0 is off.
        seed: Source of random numbers.

    Returns:
        Views and targets of the same shapes.
    """
    if not mixup and not cutmix:
        return views, dict(targets)
    n, (h, w) = ops.shape(views)[0], views.shape[1:3]
    share = keras.random.beta((n, 1, 1, 1), mixup, mixup, seed=seed) if mixup else ops.ones((n, 1, 1, 1))
    keep = ops.broadcast_to(share, (n, h, w, 1))
    if cutmix:
        cut = keras.random.uniform((1, 1, 1, 1), seed=seed) < cutmix
        side = ops.sqrt(
            keras.random.uniform((n, 1), seed=seed)
        )  # fraction of the picture's side; its square is the area
        hole = ops.expand_dims(_span(h, side, seed), 2) & ops.expand_dims(_span(w, side, seed), 1)
        keep = ops.where(cut, 1 - ops.cast(ops.expand_dims(hole, -1), "float32"), keep)
    neighbours = ops.roll(views, 1, axis=0)
    part = ops.reshape(ops.mean(keep, axis=(1, 2, 3)), (n, 1))
    mixed = {head: _mixed_targets(values, ops.roll(values, 1, axis=0), part) for head, values in targets.items()}
    return views * keep + neighbours * (1 - keep), mixed


def _span(length: int, side: Tensor, seed: keras.random.SeedGenerator) -> Tensor:
    """Mask of a random interval of `side * length` pixels; bool (n, length)."""
    middle = keras.random.uniform(ops.shape(side), seed=seed) * length
    return ops.abs(ops.expand_dims(ops.arange(length, dtype="float32") + 0.5, 0) - middle) <= side * length / 2


def _mixed_targets(own: Tensor, neighbour: Tensor, part: Tensor) -> Tensor:
    """Mixed targets; all zero, which trains nothing, where a row or its neighbour has no targets."""
    both = ops.any(own > 0, axis=-1, keepdims=True) & ops.any(neighbour > 0, axis=-1, keepdims=True)
    return ops.where(both, own * part + neighbour * (1 - part), 0.0)
