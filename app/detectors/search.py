"""Searches pictures of any size with a network that looks at small squares."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from app.core.geometry import iou
from app.core.types import Box, Detection, Image

INPUT = 128
"""Pixels of a side of the square that BlazeFace looks at."""

_SAME_IOU, _SAME_INSIDE = 0.3, 0.5
"""From how much overlap two boxes are one face: shared over united area, and shared over the smaller area. The latter
joins a face with the part of it that a tile's edge left."""

_AGREE_IOU = 0.7
"""From how much overlap two passes agree about a face's place and size."""

_WIDE = 1.5
"""Longer over shorter side from which a picture is searched in square tiles."""

_MOST_TILES = 4

_MARGIN = 0.1
"""So many of its sides a box must keep from a tile's inner edges to count as whole: nearer, the network saw a part of
the face and guessed the rest, up to a quarter of a side off."""

Look = Callable[[Sequence[Image]], Sequence[Sequence[Detection]]]
"""Finds the faces of small pictures: RGB uint8, sides up to `INPUT` -> for each its faces, in its own pixels."""


def search(image: Image, look: Look) -> tuple[Detection, ...]:
    """Find the faces of one picture.

    A wide picture is searched in overlapping square tiles, because squeezing it into 128x128 leaves a face of a tenth
    of its width 13 pixels. A face larger than the overlap may be cut by both tiles, so the whole picture is searched
    too: there such a face is large enough. Of the boxes of one face those that no tile's edge comes near go first.
    Against tiles alone this costs 1.5 times as much; the boxes of a face that crosses the seam stay in their place.

    Args:
        image: BGR uint8, shape (H, W, 3), any size from 1x1. Not modified.
        look: Runs the network.

    Returns:
        Strongest first, in pixels of the picture.
    """
    height, width = image.shape[:2]
    longer = max(width, height)
    starts = tile_starts(longer, min(width, height))
    side = min(width, height) if len(starts) > 1 else longer
    scale = INPUT / side
    small = resized(image, _even(width * scale), _even(height * scale))
    rgb = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), np.uint8)
    zoom = np.array((width / rgb.shape[1], height / rgb.shape[0]), np.float32)
    corners = [(round(start * scale), 0) if width >= height else (0, round(start * scale)) for start in starts]
    tiles = [rgb[top : top + INPUT, left : left + INPUT] for left, top in corners]
    if len(starts) > 1:
        scale = INPUT / max(rgb.shape[:2])
        tiles.append(resized(rgb, _even(rgb.shape[1] * scale), _even(rgb.shape[0] * scale)))
    found = look(tiles)
    whole: list[Detection] = []
    cut: list[Detection] = []
    for start, corner, faces in zip(starts, corners, found, strict=False):
        for face in faces:
            detection = _placed(face, corner, zoom)
            place = detection.box if width >= height else _turned(detection.box)
            (whole if is_whole(place, start, side, longer) else cut).append(detection)
    coarse: list[Detection] = []
    if len(starts) > 1:
        zoom = np.array((width / tiles[-1].shape[1], height / tiles[-1].shape[0]), np.float32)
        coarse = [_placed(face, (0, 0), zoom) for face in found[-1]]
    return suppress(whole, coarse, cut)


def _even(pixels: float) -> int:
    """The nearest even number of pixels, so that a tile lies in the middle of its square by whole pixels."""
    return max(2, 2 * round(pixels / 2))


def _placed(face: Detection, corner: tuple[int, int], zoom: np.ndarray) -> Detection:
    """Turn a tile's pixels into the picture's."""
    box, (left, top), (across, down) = face.box, corner, map(float, zoom)
    points = face.keypoints
    if points is not None:
        points = ((points + np.array(corner, np.float32)) * zoom).astype(np.float32)
    return Detection(
        Box((box.x + left) * across, (box.y + top) * down, box.w * across, box.h * down), face.score, points
    )


def tile_starts(longer: int, shorter: int) -> tuple[int, ...]:
    """Lay square tiles evenly along the longer side, so that neighbours share a tenth of a tile or more.

    Args:
        longer: Pixels of the picture's longer side.
        shorter: Pixels of its shorter side, the side of a tile.

    Returns:
        Where each tile starts on the longer side; (0,) where the whole picture is searched at once: it is hardly wider
        than high, as small as the network's input, or a strip that would need too many tiles.

    >>> tile_starts(1280, 720), tile_starts(640, 480), tile_starts(16000, 2)
    ((0, 560), (0,), (0,))
    """
    aspect = longer / shorter
    count = math.ceil((aspect - 0.1) / 0.9)
    if aspect < _WIDE or longer <= INPUT or count > _MOST_TILES:
        return (0,)
    return tuple(round(index * (longer - shorter) / (count - 1)) for index in range(count))


def is_whole(box: Box, start: int, side: int, longer: int) -> bool:
    """Tell whether a box keeps clear of its tile's inner edges, those that are not the picture's.

    Args:
        box: In pixels, x along the picture's longer side.
        start: Where the tile starts on it.
        side: Pixels of the tile's side.
        longer: Pixels of the longer side.

    >>> is_whole(Box(500, 0, 100, 100), 0, 720, 1280), is_whole(Box(610, 0, 100, 100), 0, 720, 1280)
    (True, False)
    >>> is_whole(Box(0, 0, 100, 100), 0, 720, 1280), is_whole(Box(570, 0, 100, 100), 560, 720, 1280)
    (True, False)
    """
    margin = _MARGIN * math.sqrt(box.area)
    first = start == 0 or box.x - start >= margin
    last = start + side >= longer or start + side - box.x - box.w >= margin
    return first and last


def suppress(
    whole: Iterable[Detection], coarse: Iterable[Detection] = (), cut: Iterable[Detection] = ()
) -> tuple[Detection, ...]:
    """Keep one of each group of boxes that show the same face, strongest first.

    Args:
        whole: Boxes of whole faces in tiles.
        coarse: Boxes of the pass over the whole picture. The strongest of both is kept, but takes place and keypoints
            from a whole one that agrees with it, because tiles are searched in finer detail.
        cut: Boxes at a tile's edge, kept where nothing else shows the face.
    """
    fine = sorted(whole, key=_score, reverse=True)
    kept: list[Detection] = []
    for candidates in (sorted((*fine, *coarse), key=_score, reverse=True), sorted(cut, key=_score, reverse=True)):
        for candidate in candidates:
            if not any(_same_face(candidate.box, other.box) for other in kept):
                kept.append(candidate)
    for index, one in enumerate(kept):
        exact = next((other for other in fine if iou(other.box, one.box) > _AGREE_IOU), one)
        kept[index] = replace(exact, score=one.score)
    return tuple(sorted(kept, key=_score, reverse=True))


def _score(detection: Detection) -> float:
    return detection.score


def _turned(box: Box) -> Box:
    return Box(box.y, box.x, box.h, box.w)


def resized(image: Image, width: int, height: int) -> Image:
    """Resize by area; far too large pictures are halved first, which takes less than half the time in all."""
    while image.shape[1] > 4 * width and image.shape[0] > 4 * height:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    way = cv2.INTER_LINEAR if image.shape[1] < width else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, (width, height), interpolation=way), np.uint8)


def _same_face(a: Box, b: Box) -> bool:
    overlap = iou(a, b)
    shared = overlap * (a.area + b.area) / (1 + overlap)
    return overlap > _SAME_IOU or shared > _SAME_INSIDE * min(a.area, b.area)
