"""Pictures without content: plain colours and noise of several kinds. They contain no face."""

from collections.abc import Iterator

import cv2
import numpy as np

from app.core.types import Image

_LEVELS = tuple(round(255 * step / 10) for step in range(11))
_NOISE = 1000
_SIZES = ((64, 64), (128, 128), (320, 240), (640, 480), (640, 360), (1280, 720))
_SEED = 20


def made_pictures() -> Iterator[tuple[str, Image]]:
    """1,331 plain colours (11 levels of each channel), 320x240, and 1,000 pictures of noise of several sizes.

    Yields:
        A name, and a picture, BGR uint8; the same ones each time.
    """
    yield from plain_pictures()
    rng = np.random.default_rng(_SEED)
    ways = (_uniform, _gaussian, _clouds, _gray_clouds)
    for place in range(_NOISE):
        width, height = _SIZES[place % len(_SIZES)]
        yield f"noise {place}", ways[place % len(ways)](width, height, rng)


def plain_pictures() -> Iterator[tuple[str, Image]]:
    """The 1,331 plain colours alone."""
    for blue in _LEVELS:
        for green in _LEVELS:
            for red in _LEVELS:
                yield f"plain {blue} {green} {red}", np.full((240, 320, 3), (blue, green, red), np.uint8)


def _uniform(width: int, height: int, rng: np.random.Generator) -> Image:
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def _gaussian(width: int, height: int, rng: np.random.Generator) -> Image:
    levels = rng.normal(rng.uniform(40, 215), rng.uniform(5, 60), (height, width, 3))
    return np.clip(levels, 0, 255).astype(np.uint8)


def _clouds(width: int, height: int, rng: np.random.Generator, channels: int = 3) -> Image:
    """Noise of several octaves, like Perlin noise."""
    total = np.zeros((height, width, channels), np.float64)
    for octave in range(2, 7):
        coarse = rng.normal(0, 1, (2**octave, 2**octave, channels))
        fine = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float64)
        total += fine.reshape(height, width, channels) / 1.6**octave
    levels = np.clip(128 + total * rng.uniform(60, 200), 0, 255)
    return np.broadcast_to(levels, (height, width, 3)).astype(np.uint8)


def _gray_clouds(width: int, height: int, rng: np.random.Generator) -> Image:
    return _clouds(width, height, rng, channels=1)
