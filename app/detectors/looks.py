"""Looks of BlazeFace at chosen squares of a picture: of any place, size and rotation, also mirrored."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.core.geometry import keypoints_agree, tilt
from app.core.types import Box, Detection
from app.core.views import VIEW, Pyramid, Square
from app.detectors.blazeface import THRESHOLD, BlazeFaceNetwork

_MIRRORED = [1, 0, 2, 3, 5, 4]
"""Order of BlazeFace's keypoints in a mirror image: right and left are swapped."""


def around(claim: Detection, scale: float) -> Square:
    """The surroundings of a box, upright by its keypoints where these agree with each other and with the box.

    Args:
        claim: A claim that there is a face.
        scale: Side of the square over the longer side of the box.
    """
    box, points = claim.box, claim.keypoints
    angle = tilt(points) if points is not None and keypoints_agree(points, box) else 0.0
    return Square(*box.center, scale * max(box.w, box.h), angle)


def rotated(claim: Detection, scale: float, quarters: int) -> Square:
    """The surroundings of a box, rotated by quarter turns, regardless of its keypoints."""
    return Square(*claim.box.center, scale * max(claim.box.w, claim.box.h), quarters * math.pi / 2)


def look(
    network: BlazeFaceNetwork,
    pyramid: Pyramid,
    squares: Sequence[Square],
    threshold: float = THRESHOLD,
    mirrored: Sequence[bool] | None = None,
) -> list[tuple[Detection, ...]]:
    """Find the faces in squares of a picture.

    Args:
        network: BlazeFace.
        pyramid: The picture.
        squares: Where to look; all of them go through the network together.
        threshold: Least score.
        mirrored: Which of them are mirrored; none by default.

    Returns:
        For each square its faces in pixels of the picture, strongest first; right and left are the person's, also in
        mirrored squares.
    """
    views = pyramid.views(squares)
    flips = [False] * len(squares) if mirrored is None else mirrored
    for place, flip in enumerate(flips):
        if flip:
            views[place] = views[place, :, ::-1].copy()
    found = network.faces(views, threshold)
    size = (pyramid.width, pyramid.height)
    return [
        tuple(square.back(_unmirrored(face) if flip else face, *size) for face in faces)
        for square, faces, flip in zip(squares, found, flips, strict=True)
    ]


def _unmirrored(face: Detection) -> Detection:
    box, points = face.box, face.keypoints
    if points is not None:
        points = np.column_stack((VIEW - points[:, 0], points[:, 1]))[_MIRRORED].astype(np.float32)
    return replace(face, box=Box(VIEW - box.x - box.w, box.y, box.w, box.h), keypoints=points)
