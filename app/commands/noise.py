"""Noise of twelve kinds and many sizes: random pictures, which contain no face."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.types import Image

_SIZES = ((64, 64), (96, 128), (128, 128), (200, 150), (320, 240), (640, 480), (640, 360), (800, 600), (1280, 720))
_JPEG, _PALE = 0.3, 0.15
"""Fractions of the pictures that are compressed as JPEG, and that have low contrast."""

Levels = NDArray[np.floating]
"""Shape (height, width, 1 or 3), in levels; values may lie outside 0..255."""


def noise_pictures(count: int, seed: int) -> Iterator[tuple[str, Image]]:
    """Make pictures of noise.

    Args:
        count: Number of pictures.
        seed: The same seed gives the same pictures.

    Yields:
        A name with the kind, and a picture, BGR uint8, 64x64 to 1280x720, gray or coloured.
    """
    for place in range(count):
        rng = np.random.default_rng((seed, place))
        kind = _KINDS[place % len(_KINDS)]
        width, height = _SIZES[int(rng.integers(len(_SIZES)))]
        levels = kind(width, height, 3 if rng.random() < 0.5 else 1, rng)
        image = _picture(levels, width, height)
        if rng.random() < _JPEG:
            _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(5, 91))])
            image = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
        if rng.random() < _PALE:
            share = rng.uniform(0.1, 0.6)
            image = _picture(image * share + rng.uniform(0, 255 * (1 - share)), width, height)
        yield f"noise {seed} {place} {kind.__name__.strip('_')}", image


def _picture(levels: Levels, width: int, height: int) -> Image:
    whole = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(whole, (height, width, 3)))


def _white(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    return rng.uniform(0, 255, (height, width, channels))


def _gaussian(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    return rng.normal(rng.uniform(40, 215), rng.uniform(5, 70), (height, width, channels))


def _salt_and_pepper(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    levels = np.full((height, width, channels), rng.uniform(0, 255))
    share, chance = rng.uniform(0.02, 0.5), rng.random((height, width, channels))
    levels[chance < share / 2] = 0
    levels[chance > 1 - share / 2] = 255
    return levels


def _of_a_spectrum(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    """Noise with a power-law spectrum; that of natural pictures falls with the square of the frequency."""
    frequency = np.hypot(np.fft.fftfreq(height)[:, np.newaxis], np.fft.rfftfreq(width)[np.newaxis])
    frequency[0, 0] = np.inf
    strength = frequency ** -rng.uniform(0.5, 3)
    shape = (channels, *frequency.shape)
    waves = (rng.normal(size=shape) + 1j * rng.normal(size=shape)) * strength
    return _spread(np.asarray(np.moveaxis(np.fft.irfft2(waves, (height, width)), 0, -1), np.float64), rng)


def _enlarged(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    cell = int(rng.choice([2, 3, 4, 6, 8, 12, 16, 24, 32]))
    coarse = rng.uniform(0, 255, (max(2, height // cell), max(2, width // cell), channels))
    ways = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    return _resized(coarse, width, height, ways[int(rng.integers(len(ways)))])


def _clouds(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    """Noise of several octaves, like Perlin noise."""
    total, fall = np.zeros((height, width, channels)), rng.uniform(1.2, 2.4)
    first = int(rng.integers(1, 4))
    for octave in range(first, int(rng.integers(first + 1, 9))):
        coarse = rng.normal(0, 1, (2**octave, 2**octave, channels))
        total += _resized(coarse, width, height, cv2.INTER_CUBIC) / fall**octave
    return _spread(total, rng)


def _waves(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    y, x = (places / max(width, height) for places in _places(width, height))
    total = np.zeros((height, width, channels))
    for _ in range(int(rng.integers(4, 20))):
        across, down = rng.normal(0, rng.uniform(3, 25), 2)
        total += np.sin(2 * np.pi * (across * x + down * y) + rng.uniform(0, 2 * np.pi, channels))
    return _spread(total, rng)


def _blurred(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    sigma = rng.uniform(0.5, max(1.0, min(width, height) / 20))
    fine = rng.normal(0, 1, (height, width, channels))
    smooth = cv2.GaussianBlur(fine, (0, 0), sigma, sigmaY=sigma * (1 if rng.random() < 0.6 else rng.uniform(0.2, 4)))
    return _spread(np.asarray(smooth, np.float64).reshape(height, width, channels), rng)


def _stripes(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    y, x = _places(width, height)
    angle, period = rng.uniform(0, np.pi), rng.uniform(4, max(8, min(width, height) / 3))
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
    if rng.random() < 0.5:
        wave = np.sign(wave)
    levels: Levels = 128 + wave * rng.uniform(20, 120) + _grain(width, height, channels, rng)
    return levels


def _checkers(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    y, x = _places(width, height)
    side = int(rng.integers(3, max(5, min(width, height) // 4)))
    fields = 2.0 * ((x // side + y // side) % 2) - 1
    return 128 + fields * rng.uniform(15, 120) + _grain(width, height, channels, rng)


def _slope(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    y, x = _places(width, height)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    levels: Levels = (
        rng.uniform(60, 190) + slope * rng.uniform(40, 255, channels) + _grain(width, height, channels, rng)
    )
    return levels


def _spot(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    y, x = _places(width, height)
    distance = np.hypot((x / width - rng.random()) * rng.uniform(0.7, 1.5), y / height - rng.random())
    return rng.uniform(60, 190) + distance * rng.uniform(-255, 255, channels) + _grain(width, height, channels, rng)


def _places(width: int, height: int) -> tuple[Levels, Levels]:
    """Row and column of each pixel, of shapes (height, 1, 1) and (1, width, 1)."""
    return np.arange(height, dtype=float).reshape(-1, 1, 1), np.arange(width, dtype=float).reshape(1, -1, 1)


def _grain(width: int, height: int, channels: int, rng: np.random.Generator) -> Levels:
    return rng.normal(0, rng.uniform(0, 45), (height, width, channels))


def _spread(values: Levels, rng: np.random.Generator) -> Levels:
    """Scaled to a random mean level and a random contrast."""
    levels: Levels = rng.uniform(70, 180) + (values - values.mean()) / (values.std() + 1e-9) * rng.uniform(10, 90)
    return levels


def _resized(values: Levels, width: int, height: int, way: int) -> Levels:
    return np.asarray(cv2.resize(values, (width, height), interpolation=way), np.float64).reshape(height, width, -1)


_KINDS: tuple[Callable[[int, int, int, np.random.Generator], Levels], ...] = (
    _white,
    _gaussian,
    _salt_and_pepper,
    _of_a_spectrum,
    _enlarged,
    _clouds,
    _waves,
    _blurred,
    _stripes,
    _checkers,
    _slope,
    _spot,
)
