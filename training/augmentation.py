"""Random augmentation of training faces, computed on the device inside the compiled step, on any Keras backend."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from training.backend import Tensor
from training.ranges import require_ranges

Drawn = Mapping[str, Tensor]
"""Each of `DRAWN`, float32 (n, 1, 1)."""

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


DRAWN = (
    "angle",
    "zoom",
    "stretch",
    "mirror",
    "down",
    "right",
    "blur",
    "gamma",
    "contrast",
    "brightness",
    "hole_height",
    "hole_y",
    "hole_width",
    "hole_x",
    "erased",
)
"""The parameters of a view, each drawn uniformly from 0..1; the bounds give them their meaning."""


@keras.saving.register_keras_serializable("mimik")
class Augment(keras.layers.Layer):
    """Turns pictures (n, h, w, 1), levels 0..255, into views, float32 of the same shape and range: calling it gives
    random views, `view` those of given parameters."""

    def __init__(self, config: AugmentConfig, seed: int) -> None:
        super().__init__(dtype="float32", name="augment")
        self.bounds = config
        self.random = keras.random.SeedGenerator(seed)

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        if not training:
            return ops.cast(images, "float32")
        return self.view(images, keras.random.uniform((ops.shape(images)[0], len(DRAWN)), seed=self.random))

    def view(self, images: Tensor, numbers: Tensor) -> Tensor:
        """The views of given parameters 0..1, float32 (n, `len(DRAWN)`); the same parameters give the same view."""
        drawn = {name: ops.reshape(numbers[:, place], (-1, 1, 1)) for place, name in enumerate(DRAWN)}
        images = self._warp(ops.cast(images, "float32"), drawn)
        return self._erase(self._light(self._blur(images, drawn), drawn), drawn)

    def _warp(self, images: Tensor, drawn: Drawn) -> Tensor:
        """One bilinear resampling for flip, rotation, scale, aspect and shift; the border is replicated."""
        n, (h, w) = ops.shape(images)[0], images.shape[1:3]
        bounds = self.bounds
        angle = _around_0(drawn["angle"], bounds.rotation_deg * math.pi / 180)
        zoom = ops.exp(_around_0(drawn["zoom"], math.log1p(bounds.scale)))
        stretch = ops.exp(_around_0(drawn["stretch"], math.log1p(bounds.aspect) / 2))
        mirror = ops.where(drawn["mirror"] < bounds.flip, -1.0, 1.0)
        down, right = _around_0(drawn["down"], bounds.shift * h), _around_0(drawn["right"], bounds.shift * w)
        y = ops.reshape(ops.arange(h, dtype="float32") - (h - 1) / 2, (1, h, 1)) + down
        x = ops.reshape(ops.arange(w, dtype="float32") - (w - 1) / 2, (1, 1, w)) + right
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

    def _blur(self, images: Tensor, drawn: Drawn) -> Tensor:
        """Along the rows, then along the columns; the border is replicated. No operation where the bound is 0."""
        bound = self.bounds.blur
        if bound == 0:
            return images
        sigma = ops.expand_dims(drawn["blur"], -1) * bound
        offsets = range(-math.ceil(2 * bound), math.ceil(2 * bound) + 1)
        parts = [ops.exp(-(offset**2) / (2 * ops.square(sigma) + SHARPEST)) for offset in offsets]
        whole = sum(parts)
        for axis in (1, 2):
            side = images.shape[axis]
            pixels = np.arange(side)
            shifted = (ops.take(images, np.clip(pixels + offset, 0, side - 1), axis=axis) for offset in offsets)
            images = sum(part * pixel for part, pixel in zip(parts, shifted, strict=True)) / whole
        return images

    def _light(self, images: Tensor, drawn: Drawn) -> Tensor:
        bounds = self.bounds
        exponent = ops.expand_dims(ops.exp(_around_0(drawn["gamma"], bounds.gamma)), -1)
        images = 255.0 * ops.power(ops.clip(images / 255.0, 1e-4, 1.0), exponent)
        mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
        gain = ops.expand_dims(1 + _around_0(drawn["contrast"], bounds.contrast), -1)
        offset = ops.expand_dims(255.0 * _around_0(drawn["brightness"], bounds.brightness), -1)
        return ops.clip((images - mean) * gain + mean + offset, 0.0, 255.0)

    def _erase(self, images: Tensor, drawn: Drawn) -> Tensor:
        """No operation where the bound is 0."""
        if self.bounds.erase == 0:
            return images
        longest = self.bounds.erase_side

        def span(side: int, length: Tensor, place: Tensor) -> Tensor:
            half = (SMALLEST_HOLE + length[:, 0] * (longest - SMALLEST_HOLE)) / 2 * side
            return ops.abs(ops.expand_dims(ops.arange(side, dtype="float32"), 0) - place[:, 0] * side) <= half

        h, w = images.shape[1:3]
        rows, columns = span(h, drawn["hole_height"], drawn["hole_y"]), span(w, drawn["hole_width"], drawn["hole_x"])
        hole = ops.logical_and(ops.expand_dims(rows, 2), ops.expand_dims(columns, 1))
        hole = ops.expand_dims(ops.logical_and(hole, drawn["erased"] < self.bounds.erase), -1)
        return ops.where(hole, ops.mean(images, axis=(1, 2, 3), keepdims=True), images)


def _around_0(number: Tensor, bound: float) -> Tensor:
    """Maps numbers 0..1 to minus to plus the bound."""
    return (2.0 * number - 1.0) * bound
