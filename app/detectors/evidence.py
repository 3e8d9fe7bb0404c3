"""Second looks: a detector's box is a claim, and this gathers the evidence for it."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.core.geometry import contains, iou, side, tilt
from app.core.types import Detection
from app.core.views import Pyramid
from app.detectors.blazeface import THRESHOLD, BlazeFaceNetwork
from app.detectors.looks import around, look, rotated
from models.gate import EVIDENCE

_LOOKS = ((1.5, False), (2.0, False), (2.8, False), (2.0, True))
"""Side of each look over the longer side of the box, and whether it is mirrored."""

_FAR = (3.5, 4.5)
"""Likewise, of looks from further away."""

_TURNED_SCALES = (1.6, 2.4)
"""The same for looks at the picture rotated by quarter turns."""

_FRAMED = 2.0
"""The same for the look that locates a rotated face, as it would locate an upright face that fills half of a
picture."""

_LEAST_TURNED = 0.6
"""Least score of a face in the rotated picture."""

_UPRIGHT = math.radians(45)
"""Largest tilt at which a face is found in the picture as it is."""

_FAINT = 0.03
"""Least score in a look: far below a detector's threshold, because the looks are evaluated together."""

_SAME_IOU = 0.3
"""Overlap from which a face found in a look is the claimed one."""

_MISPLACED_IOU = 0.5
"""If a box overlaps less than this with a stronger face inside it, it is poorly placed, for example by a tile that cut
the face."""


def look_again(
    network: BlazeFaceNetwork, pyramid: Pyramid, detections: Sequence[Detection]
) -> tuple[tuple[Detection, ...], NDArray[np.float32]]:
    """Look closely at claims of faces.

    A claim with a poorly placed box is moved to the stronger face that the look finds within it.

    Args:
        network: BlazeFace.
        pyramid: The picture.
        detections: The claims; may be empty.

    Returns:
        The claims, in order, each unchanged or better placed; and the evidence for each, float32 (n, k), columns as
        `models.gate.EVIDENCE`.
    """
    claims = list(detections)
    found = _look(network, pyramid, claims)
    moved = {i: better for i in range(len(claims)) if (better := _better(claims[i], found[i])) is not None}
    for i, better in moved.items():
        claims[i] = better
    for i, seen in zip(moved, _look(network, pyramid, list(moved.values())), strict=True):
        found[i] = seen
    rows = [_evidence(claim, seen) for claim, seen in zip(claims, found, strict=True)]
    return tuple(claims), np.array(rows, np.float32).reshape(-1, len(EVIDENCE))


def look_from_afar(network: BlazeFaceNetwork, pyramid: Pyramid, detections: Sequence[Detection]) -> NDArray[np.float32]:
    """Scores of claims in looks at their wider surroundings, float32 (n, 2), 0 where a look shows nothing there.

    Args:
        network: BlazeFace.
        pyramid: The picture.
        detections: The claims; may be empty.
    """
    found = look(network, pyramid, [around(claim, scale) for claim in detections for scale in _FAR], _FAINT)
    claims = [claim for claim in detections for _ in _FAR]
    matches = [_match(claim, seen) for claim, seen in zip(claims, found, strict=True)]
    scores = [0.0 if match is None else match.score for match in matches]
    return np.array(scores, np.float32).reshape(-1, len(_FAR))


def quarter_turned(
    network: BlazeFaceNetwork, pyramid: Pyramid, detections: Sequence[Detection]
) -> tuple[Detection | None, ...]:
    """Look at claims with the picture rotated by 90, 180 and 270 degrees.

    Args:
        network: BlazeFace.
        pyramid: The picture.
        detections: The claims; may be empty.

    Returns:
        For each claim the strongest face found in the rotated picture, with its keypoints in pixels of the original
        picture, so that cropping rotates it upright; None if none is found.
    """
    ways = [(scale, quarters) for quarters in (1, 2, 3) for scale in _TURNED_SCALES]
    found = look(network, pyramid, [rotated(claim, *way) for claim in detections for way in ways])
    strongest: list[Detection | None] = []
    for claim, at in zip(detections, range(0, len(found), len(ways)), strict=True):
        faces = [face for seen in found[at : at + len(ways)] for face in seen if _within(claim, face)]
        faces = [face for face in faces if abs(tilt(face.keypoints)) > _UPRIGHT and face.score >= _LEAST_TURNED]
        strongest.append(max(faces, key=_score, default=None))
    kept = [face for face in strongest if face is not None]
    framed = look(network, pyramid, [rotated(face, _FRAMED, _quarters(face)) for face in kept])
    closer = {id(face): _match(face, seen) or face for face, seen in zip(kept, framed, strict=True)}
    return tuple(None if face is None else closer[id(face)] for face in strongest)


def _quarters(face: Detection) -> int:
    """The number of quarter turns of a face."""
    return round(tilt(face.keypoints) / (math.pi / 2))


def _look(
    network: BlazeFaceNetwork, pyramid: Pyramid, claims: Sequence[Detection]
) -> list[list[tuple[Detection, ...]]]:
    squares = [around(claim, scale) for claim in claims for scale, _ in _LOOKS]
    mirrored = [flip for _ in claims for _, flip in _LOOKS]
    found = look(network, pyramid, squares, _FAINT, mirrored)
    return [found[at : at + len(_LOOKS)] for at in range(0, len(found), len(_LOOKS))]


def _better(claim: Detection, seen: Sequence[Sequence[Detection]]) -> Detection | None:
    faces = [face for faces in seen for face in faces if _within(claim, face)]
    best = max(faces, key=_score, default=None)
    if best is None or best.score < max(claim.score, THRESHOLD) or iou(best.box, claim.box) >= _MISPLACED_IOU:
        return None
    return best


def _within(claim: Detection, face: Detection) -> bool:
    return contains(claim.box, face.box.center) or iou(claim.box, face.box) > _SAME_IOU


def _evidence(claim: Detection, seen: Sequence[Sequence[Detection]]) -> list[float]:
    matches = [_match(claim, faces) for faces in seen]
    overlaps = [0.0 if match is None else iou(match.box, claim.box) for match in matches]
    scores = [0.0 if match is None else match.score for match in matches]
    return [claim.score, *scores, sum(overlaps) / len(overlaps), _spread(claim, matches)]


def _match(claim: Detection, faces: Sequence[Detection]) -> Detection | None:
    same = [face for face in faces if iou(face.box, claim.box) > _SAME_IOU]
    return max(same, key=_score, default=None)


def _spread(claim: Detection, matches: Sequence[Detection | None]) -> float:
    """Mean distance of eyes, nose and mouth from their mean positions over the looks, in sides of the box, at most
    1."""
    points = [match.keypoints[:4] for match in matches if match is not None and match.keypoints is not None]
    if len(points) < 2:
        return 1.0
    places = np.stack(points)
    distance = np.linalg.norm(places - places.mean(axis=0), axis=2).mean()
    return min(1.0, float(distance) / side(claim.box))


def _score(detection: Detection) -> float:
    return detection.score
