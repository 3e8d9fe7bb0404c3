"""Tone mapping of high dynamic range (PQ, HLG) to eight bits."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.types import Image

_WHITE = 203.0
"""Luminance of reference white in HDR, nits (ITU-R BT.2408)."""
_PEAK = 1000.0 / _WHITE
"""The brightest distinguishable level, as a multiple of reference white."""
_KNEE = 0.7
"""Light up to this multiple of reference white is unchanged; everything above is compressed into the remaining
range."""
_BT2020 = 9
_TO_709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
"""Linear light of BT.2020's primaries in BT.709's, R, G, B; after ITU-R BT.2087."""


def to_standard_range(deep: NDArray[np.uint16], *, hlg: bool, primaries: int) -> Image:
    """Tone-map one picture by a fixed curve: skin and mid-tones keep their brightness, highlights are compressed.

    Args:
        deep: BGR uint16 of full range, shape (H, W, 3), coded by PQ or HLG.
        hlg: HLG (ARIB STD-B67) rather than PQ (SMPTE ST 2084).
        primaries: As numbered by ITU-T H.273; those of BT.2020 are converted.

    Returns:
        BGR uint8 of the same size.
    """
    light = _light(hlg)[deep]
    if primaries == _BT2020:
        light = np.asarray(cv2.transform(light, np.ascontiguousarray(_TO_709[::-1, ::-1])), np.float32)
    levels = np.clip(light * np.float32(65535 / _PEAK), 0, 65535).astype(np.uint16)
    shown: Image = _shown()[levels]
    return shown


@cache
def _light(hlg: bool) -> NDArray[np.float32]:
    """Light in whites of each 16-bit level, by the curves of ITU-R BT.2100; HLG on a display of 1000 nits."""
    level = np.arange(65536) / 65535
    if hlg:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(level <= 0.5, level**2 / 3, (np.exp((level - c) / a) + b) / 12)
        return (scene**1.2 * 1000 / _WHITE).astype(np.float32)
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = level ** (1 / m2)
    return ((np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) * 10000 / _WHITE).astype(np.float32)


@cache
def _shown() -> NDArray[np.uint8]:
    """The 8-bit level (BT.1886's gamma of 2.4 taken back) of each of 65,536 steps of light up to the peak."""
    light = np.arange(65536) / 65535 * _PEAK
    # above the knee, a hyperbola from slope one to white
    room, over = 1 - _KNEE, light - _KNEE
    bent = _KNEE + room * over * (1 + over * room / (_PEAK - _KNEE) ** 2) / (over + room)
    mapped = np.clip(np.where(light <= _KNEE, light, bent), 0, 1)
    return np.rint(255 * mapped ** (1 / 2.4)).astype(np.uint8)
