"""Pictures without anything in them: plain colours and noise of several kinds. No face is to be found there."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.types import Image

_LEVELS = tuple(round(255 * step / 10) for step in range(11))
_NOISE = 2000
_SIZES = ((64, 64), (128, 128), (320, 240), (640, 480), (640, 360), (1280, 720))
_SEED = 20


def made_pictures() -> Iterator[tuple[str, Image]]:
    """1,331 plain colours (11 levels of each channel), 320x240, and 2,000 pictures of noise of several sizes.

    Yields:
        A name, and a picture, BGR uint8; the same ones each time.
    """
    for blue in _LEVELS:
        for green in _LEVELS:
            for red in _LEVELS:
                yield f"plain {blue} {green} {red}", np.full((240, 320, 3), (blue, green, red), np.uint8)
    rng = np.random.default_rng(_SEED)
    ways = (_uniform, _gaussian, _clouds, _gray_clouds, _blobs, _gray_blobs, _steep_clouds, _blurred)
    for place in range(_NOISE):
        width, height = _SIZES[place % len(_SIZES)]
        yield f"noise {place}", ways[place % len(ways)](width, height, rng)


def _uniform(width: int, height: int, rng: np.random.Generator) -> Image:
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def _gaussian(width: int, height: int, rng: np.random.Generator) -> Image:
    levels = rng.normal(rng.uniform(40, 215), rng.uniform(5, 60), (height, width, 3))
    return np.clip(levels, 0, 255).astype(np.uint8)


def _clouds(width: int, height: int, rng: np.random.Generator, channels: int = 3) -> Image:
    """Noise of several octaves, as Perlin's."""
    total = np.zeros((height, width, channels), np.float64)
    for octave in range(2, 7):
        coarse = rng.normal(0, 1, (2**octave, 2**octave, channels))
        total += _enlarged(coarse, width, height, cv2.INTER_CUBIC) / 1.6**octave
    levels = np.clip(128 + total * rng.uniform(60, 200), 0, 255)
    return np.broadcast_to(levels, (height, width, 3)).astype(np.uint8)


def _gray_clouds(width: int, height: int, rng: np.random.Generator) -> Image:
    return _clouds(width, height, rng, channels=1)


def _steep_clouds(width: int, height: int, rng: np.random.Generator) -> Image:
    """Octaves by sides of cells in pixels, the coarse ones far stronger than the fine ones."""
    total = np.zeros((height, width, 3), np.float32)
    for power in range(1, 7):
        cells = (max(2, height >> power), max(2, width >> power), 3)
        total += _enlarged(rng.normal(0, 2.0**power, cells), width, height, cv2.INTER_CUBIC)
    return np.clip(128 + total * rng.uniform(1, 7), 0, 255).astype(np.uint8)


def _blobs(width: int, height: int, rng: np.random.Generator, channels: int = 3) -> Image:
    """Cells of random colours, with soft or hard edges."""
    cell = rng.uniform(4, 64)
    size = (max(2, round(height / cell)), max(2, round(width / cell)), channels)
    ways = (cv2.INTER_CUBIC, cv2.INTER_CUBIC, cv2.INTER_LINEAR, cv2.INTER_NEAREST)
    levels = _enlarged(rng.uniform(0, 255, size), width, height, ways[rng.integers(len(ways))])
    return np.broadcast_to(np.clip(levels, 0, 255), (height, width, 3)).astype(np.uint8)


def _gray_blobs(width: int, height: int, rng: np.random.Generator) -> Image:
    return _blobs(width, height, rng, channels=1)


def _blurred(width: int, height: int, rng: np.random.Generator) -> Image:
    """Noise that was blurred and then stretched to full contrast."""
    noise = rng.normal(0, 1, (height, width, 3)).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), rng.uniform(2, 24)), np.float32)
    return np.clip(128 + soft / soft.std() * rng.uniform(25, 80), 0, 255).astype(np.uint8)


def _enlarged(cells: NDArray[np.floating], width: int, height: int, way: int) -> NDArray[np.float32]:
    """Cells (rows, columns, channels) spread over a picture."""
    spread = cv2.resize(cells.astype(np.float32), (width, height), interpolation=way)
    return np.asarray(spread, np.float32).reshape(height, width, -1)
