"""Harder variants of pictures of faces: small, dark, blurred, with sunglasses, covered, cut by the edge, tilted."""

from collections.abc import Callable

import cv2
import numpy as np

from app.core.types import Box, Detection, Image

Varied = tuple[Image, Box]
"""A changed picture and the face's box in it."""


def varied(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    """One random variant of a picture of a face, in half of the cases mirrored.

    Args:
        image: BGR uint8, shape (H, W, 3). Not modified.
        face: The detected face in it.
        rng: Source of randomness.
    """
    way = _WAYS[int(rng.integers(len(_WAYS)))]
    picture, box = way(image, face, rng)
    if rng.random() < 0.5:
        return np.ascontiguousarray(picture[:, ::-1]), Box(picture.shape[1] - box.x - box.w, box.y, box.w, box.h)
    return picture, box


def _as_it_is(image: Image, face: Detection, _rng: np.random.Generator) -> Varied:
    return image, face.box


def _small(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    box = face.box
    scale = min(1.0, rng.uniform(18, 60) / box.w)
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return small, Box(box.x * scale, box.y * scale, box.w * scale, box.h * scale)


def _dark(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    return (image * rng.uniform(0.12, 0.6)).astype(np.uint8), face.box


def _blurred(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.01, 0.05) * face.box.w), np.uint8), face.box


def _sunglasses(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    if face.keypoints is None:
        return image, face.box
    right, left = face.keypoints[:2].astype(float)
    apart = float(np.hypot(*(left - right)))
    colour = tuple(int(level) for level in rng.integers(0, 60, 3))
    picture = image.copy()
    lens = (max(1, int(0.42 * apart)), max(1, int(0.32 * apart)))
    for x, y in (right, left):
        cv2.ellipse(picture, (int(x), int(y)), lens, 0, 0, 360, colour, -1)
    start, end = ((int(x), int(y)) for x, y in (right, left))
    cv2.line(picture, start, end, colour, max(1, int(0.08 * apart)))
    return picture, face.box


def _covered(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    """Cover the mouth or the forehead with a plain colour."""
    box, picture = face.box, image.copy()
    top = int(box.y + box.h * (0.65 if rng.random() < 0.5 else -0.35))
    rows = slice(max(0, top), max(0, top + int(0.6 * box.h)))
    columns = slice(max(0, int(box.x - 0.1 * box.w)), max(0, int(box.x + 1.1 * box.w)))
    picture[rows, columns] = rng.integers(0, 256, 3)
    return picture, box


def _cut(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    box = face.box
    if rng.random() < 0.5:
        left = min(max(0, int(box.x + box.w * rng.uniform(0, 0.3))), image.shape[1] - 1)
        return image[:, left:], Box(box.x - left, box.y, box.w, box.h)
    bottom = max(1, int(box.y + box.h * rng.uniform(0.75, 1)))
    return image[:bottom], box


def _leaning(image: Image, face: Detection, rng: np.random.Generator) -> Varied:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(face.box.center, rng.uniform(-28, 28), 1)
    turned = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, np.uint8), face.box


_WAYS: tuple[Callable[[Image, Detection, np.random.Generator], Varied], ...] = (
    _as_it_is,
    _small,
    _small,
    _dark,
    _blurred,
    _sunglasses,
    _covered,
    _cut,
    _leaning,
)
