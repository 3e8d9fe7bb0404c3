"""Rotates and mirrors pictures according to a container's display matrix."""

import struct

import cv2
import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

from app.core.types import Image

Turn = tuple[bool, bool, bool]
"""Swap rows and columns, then mirror left and right, then mirror up and down."""

UNTURNED: Turn = (False, False, False)


def turn_of(frame: VideoFrame) -> Turn:
    """The transformation that turns a frame upright: the nearest of the eight that keep its sides axis-aligned."""
    side = frame.side_data.get(Type.DISPLAYMATRIX)  # type: ignore[call-overload]
    return UNTURNED if side is None else turn_by(bytes(side))


def turn_by(matrix: bytes) -> Turn:
    """The same of a display matrix: nine 32-bit numbers, a point (x, y) goes to (a x + c y, b x + d y).

    >>> turn_by(struct.pack("9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30))
    (True, True, False)
    """
    if len(matrix) < 36:
        return UNTURNED
    a, b, _, c, d = struct.unpack("=5i", matrix[:20])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return False, a < 0, d < 0
    return True, c < 0, b < 0


def set_upright(image: Image, turn: Turn) -> Image:
    """Turn a picture."""
    swap, mirror, flip = turn
    if swap:
        image = np.asarray(cv2.transpose(image), np.uint8)
    if mirror or flip:
        image = np.asarray(cv2.flip(image, -1 if mirror and flip else 1 if mirror else 0), np.uint8)
    return image
