"""Random augmentation of training faces, computed on the device inside the compiled step, on any Keras backend."""

import math
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from training.ranges import require_ranges
from training.tensor import Tensor

SHARPEST = 1e-6
"""Added to a variance, in square pixels, so that it is never 0."""

SMALLEST_HOLE = 0.1
"""Shortest side of the erased rectangle, fraction of the picture's side."""

RANGES = {
    "flip": (0.0, 1.0),
    "rotation_deg": (0.0, 180.0),
    "scale": (0.0, 4.0),
    "aspect": (0.0, 4.0),
    "shift": (0.0, 1.0),
    "gamma": (0.0, 4.0),
    "contrast": (0.0, 1.0),
    "brightness": (0.0, 1.0),
    "blur": (0.0, 8.0),
    "erase": (0.0, 1.0),
    "erase_side": (SMALLEST_HOLE, 1.0),
}
"""Lowest and highest value of each bound."""


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How far an augmented picture may differ from its source; amounts are drawn uniformly from minus to plus their
    bound, unless stated otherwise.

    Attributes:
        flip: Probability of a left-right flip, 0..1.
        rotation_deg: Degrees.
        scale: Fraction of the size; 0.2 zooms by 1/1.2 to 1.2.
        aspect: Fraction by which width and height may differ.
        shift: Fraction of the side.
        gamma: Natural logarithm of the exponent on gray levels; 0.3 draws exponents of 0.74 to 1.35.
        contrast: Fraction around the picture's mean.
        brightness: Fraction of 255.
        blur: Largest standard deviation of a Gaussian blur, pixels; drawn uniformly from 0.
        erase: Probability that a rectangle is replaced by the picture's mean (Zhong et al. 2020).
        erase_side: Longest side of that rectangle, fraction of the picture's side.

    Raises:
        ValueError: If a bound is outside of `RANGES`.
    """

    flip: float = 0.5
    rotation_deg: float = 12.0
    scale: float = 0.2
    aspect: float = 0.08
    shift: float = 0.1
    gamma: float = 0.3
    contrast: float = 0.3
    brightness: float = 0.15
    blur: float = 0.0
    erase: float = 0.3
    erase_side: float = 0.4

    def __post_init__(self) -> None:
        require_ranges(self, RANGES)


@keras.saving.register_keras_serializable("mimik")
class Augment(keras.layers.Layer):
    """Augments pictures (n, h, w, 1), levels 0..255, at random; float32 of the same shape and range."""

    def __init__(self, config: AugmentConfig, seed: int) -> None:
        super().__init__(dtype="float32", name="augment")
        self.bounds = config
        self.random = keras.random.SeedGenerator(seed)

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        images = ops.cast(images, "float32")
        if not training:
            return images
        return self._erase(self._light(self._blur(self._warp(images))))

    def _draw(self, n: int, bound: float) -> Tensor:
        return keras.random.uniform((n, 1, 1), -bound, bound, seed=self.random)

    def _chance(self, n: int, probability: float) -> Tensor:
        return keras.random.uniform((n, 1, 1), seed=self.random) < probability

    def _warp(self, images: Tensor) -> Tensor:
        """One bilinear resampling for flip, rotation, scale, aspect and shift; the border is replicated."""
        n, (h, w) = ops.shape(images)[0], images.shape[1:3]
        bounds = self.bounds
        angle = self._draw(n, bounds.rotation_deg * math.pi / 180)
        zoom, stretch = (
            ops.exp(self._draw(n, math.log1p(bounds.scale))),
            ops.exp(self._draw(n, math.log1p(bounds.aspect) / 2)),
        )
        mirror = ops.where(self._chance(n, bounds.flip), -1.0, 1.0)
        y = ops.reshape(ops.arange(h, dtype="float32") - (h - 1) / 2, (1, h, 1)) + self._draw(n, bounds.shift * h)
        x = ops.reshape(ops.arange(w, dtype="float32") - (w - 1) / 2, (1, 1, w)) + self._draw(n, bounds.shift * w)
        cos, sin = ops.cos(angle), ops.sin(angle)
        source_x = mirror * (cos * x - sin * y) * zoom * stretch + (w - 1) / 2
        source_y = (sin * x + cos * y) * zoom / stretch + (h - 1) / 2
        source_x, source_y = ops.clip(source_x, 0.0, w - 1.0), ops.clip(source_y, 0.0, h - 1.0)
        left, top = ops.minimum(ops.floor(source_x), w - 2.0), ops.minimum(ops.floor(source_y), h - 2.0)
        right_part, low_part = source_x - left, source_y - top
        flat = ops.reshape(images, (n, h * w))
        corner = ops.reshape(ops.cast(top, "int32") * w + ops.cast(left, "int32"), (n, h * w))

        def at(offset: int) -> Tensor:
            return ops.reshape(ops.take_along_axis(flat, corner + offset, axis=1), (n, h, w))

        upper = at(0) * (1 - right_part) + at(1) * right_part
        lower = at(w) * (1 - right_part) + at(w + 1) * right_part
        return ops.expand_dims(upper * (1 - low_part) + lower * low_part, -1)

    def _blur(self, images: Tensor) -> Tensor:
        """Separable Gaussian blur, rows then columns; the border is replicated. A no-op where the bound is 0."""
        bound = self.bounds.blur
        if bound == 0:
            return images
        sigma = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), 0, bound, seed=self.random)
        offsets = range(-math.ceil(2 * bound), math.ceil(2 * bound) + 1)
        parts = [ops.exp(-(offset**2) / (2 * ops.square(sigma) + SHARPEST)) for offset in offsets]
        whole = sum(parts)
        for axis in (1, 2):
            side = images.shape[axis]
            pixels = np.arange(side)
            shifted = (ops.take(images, np.clip(pixels + offset, 0, side - 1), axis=axis) for offset in offsets)
            images = sum(part * pixel for part, pixel in zip(parts, shifted, strict=True)) / whole
        return images

    def _light(self, images: Tensor) -> Tensor:
        n, bounds = ops.shape(images)[0], self.bounds
        exponent = ops.expand_dims(ops.exp(self._draw(n, bounds.gamma)), -1)
        images = 255.0 * ops.power(ops.clip(images / 255.0, 1e-4, 1.0), exponent)
        mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
        gain = ops.expand_dims(1 + self._draw(n, bounds.contrast), -1)
        offset = ops.expand_dims(255.0 * self._draw(n, bounds.brightness), -1)
        return ops.clip((images - mean) * gain + mean + offset, 0.0, 255.0)

    def _erase(self, images: Tensor) -> Tensor:
        n, (h, w) = ops.shape(images)[0], images.shape[1:3]
        bounds = self.bounds

        def span(side: int) -> Tensor:
            half = keras.random.uniform((n, 1), SMALLEST_HOLE / 2, bounds.erase_side / 2, seed=self.random) * side
            middle = keras.random.uniform((n, 1), 0, side, seed=self.random)
            return ops.abs(ops.expand_dims(ops.arange(side, dtype="float32"), 0) - middle) <= half

        hole = ops.logical_and(ops.expand_dims(span(h), 2), ops.expand_dims(span(w), 1))
        hole = ops.expand_dims(ops.logical_and(hole, self._chance(n, bounds.erase)), -1)
        return ops.where(hole, ops.mean(images, axis=(1, 2, 3), keepdims=True), images)
