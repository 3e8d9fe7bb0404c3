"""Merges the detections of several passes over one picture."""

from collections.abc import Iterable
from dataclasses import replace

from app.core.geometry import iou
from app.core.types import Box, Detection

_SAME_IOU, _SAME_INSIDE = 0.3, 0.5
"""Overlap from which two boxes are one face: intersection over union, and intersection over the smaller area. The
latter joins a face with a part of it that a tile's edge cut off."""

_AGREE_IOU = 0.7
"""Overlap from which two passes agree about a face's place and size."""


def suppress(
    close: Iterable[Detection] = (),
    fine: Iterable[Detection] = (),
    coarse: Iterable[Detection] = (),
    cut: Iterable[Detection] = (),
) -> tuple[Detection, ...]:
    """Keep one of each group of boxes that show the same face, strongest first.

    Args:
        close: Boxes of close looks; they take precedence over all others.
        fine: Boxes of whole faces in tiles.
        coarse: Boxes of the pass over the whole picture. The strongest of these and the fine ones is kept, but with the
            place and keypoints of a fine one that agrees with it, because tiles are searched in finer detail.
        cut: Boxes at a tile's edge, kept if no other box shows the face.
    """
    exact = [*_by_score(close), *_by_score(fine)]
    kept: list[Detection] = []
    for candidates in (_by_score(close), _by_score((*fine, *coarse)), _by_score(cut)):
        for candidate in candidates:
            if not any(same_face(candidate.box, other.box) for other in kept):
                kept.append(candidate)
    for index, one in enumerate(kept):
        best = next((other for other in exact if iou(other.box, one.box) > _AGREE_IOU), one)
        kept[index] = replace(best, score=one.score)
    return tuple(_by_score(kept))


def same_face(a: Box, b: Box) -> bool:
    """Whether two boxes of one picture show the same face."""
    overlap = iou(a, b)
    shared = overlap * (a.area + b.area) / (1 + overlap)
    return overlap > _SAME_IOU or shared > _SAME_INSIDE * min(a.area, b.area)


def _by_score(detections: Iterable[Detection]) -> list[Detection]:
    return sorted(detections, key=lambda detection: detection.score, reverse=True)
