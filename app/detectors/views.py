"""Looks at chosen squares of a picture: any place, size and turn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.geometry import keypoints_agree, tilt
from app.core.types import Box, Detection, Image
from app.detectors.blazeface import THRESHOLD, BlazeFaceNetwork
from app.detectors.search import INPUT

_MIRRORED = [1, 0, 2, 3, 5, 4]
"""Order of BlazeFace's keypoints in a mirror image: right and left change places."""


@dataclass(frozen=True, slots=True)
class View:
    """A square of a picture, in its pixels; may reach outside, where it is black.

    Attributes:
        center: x and y of its middle.
        side: Of the square, above 0.
        angle: Radians clockwise by which the square is turned: a head with this tilt stands upright in the view.
        mirrored: Left and right exchanged.
    """

    center: tuple[float, float]
    side: float
    angle: float = 0.0
    mirrored: bool = False

    def to_picture(self) -> NDArray[np.float64]:
        """The matrix (2, 3) that takes (x, y, 1) in pixels of the view, `INPUT` to a side, to pixels of the picture."""
        step = self.side / INPUT
        cos, sin = step * math.cos(self.angle), step * math.sin(self.angle)
        across = -1.0 if self.mirrored else 1.0
        turn = np.array([[across * cos, -sin], [across * sin, cos]])
        return np.column_stack((turn, np.array(self.center) - turn @ np.full(2, INPUT / 2)))


def around(detection: Detection, scale: float, quarters: int = 0, *, mirrored: bool = False) -> View:
    """The surroundings of a box, upright by its keypoints where these agree with each other and with the box.

    Args:
        detection: A claim that there is a face.
        scale: Side of the view over the longer side of the box.
        quarters: Turn by so many quarters (clockwise) and take no notice of keypoints, unless 0.
        mirrored: Left and right exchanged.
    """
    box, points = detection.box, detection.keypoints
    angle = quarters * math.pi / 2
    if not quarters and points is not None and keypoints_agree(points, box):
        angle = tilt(points)
    return View(box.center, scale * max(box.w, box.h), angle, mirrored)


def look(
    network: BlazeFaceNetwork, image: Image, views: Sequence[View], threshold: float = THRESHOLD
) -> list[tuple[Detection, ...]]:
    """Find the faces in views of a picture.

    Args:
        network: BlazeFace.
        image: BGR uint8, shape (H, W, 3). Not modified.
        views: Where to look; all of them go through the network together.
        threshold: Least score.

    Returns:
        For each view its faces in pixels of the picture, strongest first. Boxes are upright squares about the same
        centre, whatever the view's turn; keypoints are the person's right and left, also in a mirrored view.
    """
    squares = np.empty((len(views), INPUT, INPUT, 3), np.uint8)
    for square, view in zip(squares, views, strict=True):
        cv2.cvtColor(cut(image, view), cv2.COLOR_BGR2RGB, dst=square)
    found = network.faces(squares, threshold)
    return [tuple(_placed(face, view) for face in faces) for faces, view in zip(found, views, strict=True)]


def cut(image: Image, view: View) -> Image:
    """Resample a view to `INPUT` x `INPUT` pixels: averaged in whole steps where it shrinks, then bilinear."""
    matrix = view.to_picture()
    corners = matrix @ np.array([[0, INPUT, 0, INPUT], [0, 0, INPUT, INPUT], [1, 1, 1, 1]])
    height, width = image.shape[:2]
    step = max(1, int(view.side / INPUT))
    left, right = _span(corners[0], width, step)
    top, bottom = _span(corners[1], height, step)
    if left >= right or top >= bottom:
        return np.zeros((INPUT, INPUT, 3), np.uint8)
    part = image[top:bottom, left:right]
    if step > 1:
        size = (max(1, (right - left) // step), max(1, (bottom - top) // step))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    zoom = np.array([part.shape[1] / (right - left), part.shape[0] / (bottom - top)])
    matrix[:, 2] += matrix[:, :2] @ np.full(2, 0.5)  # of the first pixel's centre, half a pixel from its corner
    matrix[:, 2] -= (left, top)
    matrix *= zoom[:, np.newaxis]
    matrix[:, 2] -= 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(part, matrix, (INPUT, INPUT), flags=flags), np.uint8)


def _span(values: NDArray[np.float64], size: int, step: int) -> tuple[int, int]:
    first = max(math.floor(values.min()) - step, 0)
    return first, min(math.ceil(values.max()) + step, size)


def _placed(face: Detection, view: View) -> Detection:
    """Turn pixels of the view into pixels of the picture."""
    matrix, box = view.to_picture(), face.box
    x, y = matrix @ (*box.center, 1.0)
    zoom = view.side / INPUT
    width, height = box.w * zoom, box.h * zoom
    points = face.keypoints
    if points is not None:
        points = (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
        if view.mirrored:
            points = points[_MIRRORED]
    return Detection(Box(float(x) - width / 2, float(y) - height / 2, width, height), face.score, points)
