"""Average faces: pictures that look like a face but show nobody, made of many Training pictures of one expression."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.emotions import FER2013, FERPLUS
from models.errors import InputError
from training.datasets.faceset import FaceSet

SMALLEST_CROWD = 60
SIDE = 240
NEAR_COPY_CORRELATION = 0.95
FLOW_SMOOTHING_PX = 6.0
"""Standard deviation, in pixels, of the Gaussian that smooths the flow, so that neighbouring parts move together."""
CLEAR_LEAD = 0.7
"""Share of the votes by which an expression leads the next one."""


def average_faces(faces: FaceSet, emotion: str, people: int, crowd: int = 60) -> list[NDArray[np.uint8]]:
    """Several distinct average faces of one expression, most typical first.

    Candidates are Training pictures on which FER2013's label and FER+'s votes agree, those with the clearest votes:
    averages of ambiguous faces show no recognisable expression. The `crowd` most typical candidates are aligned and
    averaged; the next face is made of the remaining ones.

    Args:
        faces: Training rows with votes.
        emotion: One of FER2013's seven.
        people: How many faces.
        crowd: Pictures in each average; fewer, but at least `SMALLEST_CROWD`, if candidates are short.

    Returns:
        `people` pictures, uint8 gray (240, 240).

    Raises:
        InputError: If there are too few candidates.
    """
    candidates = _clearest(faces, emotion, people * crowd)
    crowd = min(crowd, len(candidates) // people)
    if crowd < SMALLEST_CROWD:
        raise InputError(
            f"The demo needs {people * SMALLEST_CROWD} Training pictures that both label and votes call {emotion}; "
            f"the data has {len(candidates)}."
        )
    result = []
    for _ in range(people):
        chosen = _most_typical(candidates, crowd)
        result.append(_blend(candidates[chosen]))
        candidates = np.delete(candidates, chosen, axis=0)
    return result


def _clearest(faces: FaceSet, emotion: str, enough: int) -> NDArray[np.float32]:
    """Pictures whose votes favour the expression most clearly: float32 (n, 48, 48).

    Up to six times `enough` with a clear lead; for a rare expression one and a half times `enough`, whatever the lead.
    """
    assert faces.votes is not None
    votes = faces.votes.astype(np.float32)
    place = FERPLUS.index(emotion)
    lead = (votes[:, place] - np.delete(votes, place, axis=1).max(axis=1)) / np.maximum(votes.sum(axis=1), 1)
    rows = np.flatnonzero((faces.emotion == FER2013.index(emotion)) & (lead > 0))
    rows = rows[np.argsort(-lead[rows], kind="stable")][: 6 * enough]
    rows = rows[: max((lead[rows] >= CLEAR_LEAD).sum(), enough * 3 // 2)]
    pictures = faces.images[rows, :, :, 0].astype(np.float32)
    return pictures[_no_near_copies(pictures)] if len(pictures) else pictures


def _most_typical(pictures: NDArray[np.float32], crowd: int, rounds: int = 8) -> NDArray[np.intp]:
    """Indices of the `crowd` pictures closest to their mean, found iteratively.

    The mean includes the mirror images and is therefore a frontal face, so faces turned away drop out.
    """
    flat = _unit_vectors(pictures)
    mirrored = _unit_vectors(pictures[:, :, ::-1])
    center = (flat + mirrored).mean(axis=0)
    for _ in range(rounds):
        likeness = flat @ center + mirrored @ center
        chosen = np.argsort(-likeness)[:crowd]
        center = (flat[chosen] + mirrored[chosen]).mean(axis=0)
    return chosen


def _no_near_copies(pictures: NDArray[np.float32]) -> NDArray[np.bool_]:
    """False for near copies of an earlier picture, mirrored or not, so that nobody counts twice."""
    flat, mirrored = _unit_vectors(pictures), _unit_vectors(pictures[:, :, ::-1])
    likeness = np.maximum(flat @ flat.T, flat @ mirrored.T)
    return np.asarray(~(np.tril(likeness, -1) > NEAR_COPY_CORRELATION).any(axis=1))


def _unit_vectors(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half-size pictures as vectors of mean 0 and length 1, float32 (n, 576); their dot products are correlations."""
    small = np.stack([cv2.resize(picture, (24, 24), interpolation=cv2.INTER_AREA) for picture in pictures])
    flat = small.reshape(len(small), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6), np.float32)


def _blend(pictures: NDArray[np.float32], rounds: int = 3) -> NDArray[np.uint8]:
    """Align every picture and its mirror image to the average of all, repeatedly, and average at full size.

    First the whole face by an affine map, then its parts by optical flow, which keeps wrinkles and lips that an average
    of merely aligned faces loses (Kemelmacher-Shlizerman & Seitz 2012).
    """
    both = np.concatenate([pictures, pictures[:, :, ::-1]])
    large = [cv2.resize(_standardised(picture), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for picture in both]
    everywhere = np.full((SIDE, SIDE), 255, np.uint8)
    enlarged = np.asarray(large, np.float32)
    mean: NDArray[np.float32] = enlarged.mean(axis=0)
    for _ in range(rounds):
        aligned = np.stack([_aligned(picture, mean, everywhere) for picture in enlarged])
        mean = aligned.mean(axis=0)
    for _ in range(rounds):
        target = _gray(mean)
        warped = np.stack([_warped_by_flow(picture, target) for picture in aligned])
        mean = np.concatenate([warped, warped[:, :, ::-1]]).mean(axis=0)
    stretched = _stretched(mean, 20, 235)
    soft = cv2.GaussianBlur(stretched, (0, 0), 4)
    return np.clip(stretched + 0.6 * (stretched - soft), 0, 255).astype(np.uint8)


def _aligned(picture: NDArray[np.float32], target: NDArray[np.float32], mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The picture warped to the target by the affine map with the highest correlation (Evangelidis & Psarakis 2008)."""
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
    start = np.eye(2, 3, dtype=np.float32)
    try:
        warp = cv2.findTransformECC(target, picture, start, cv2.MOTION_AFFINE, stop, mask, 9)[1]
    except cv2.error:  # no alignment found: use the picture as it is
        return picture
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(picture, warp, picture.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _warped_by_flow(picture: NDArray[np.float32], target: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The picture warped to the target by smoothed optical flow (DIS, Kroeger et al. 2016)."""
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    moves = flow.calc(target, _gray(picture), np.zeros((SIDE, SIDE, 2), np.float32))
    moves = cv2.GaussianBlur(moves, (0, 0), FLOW_SMOOTHING_PX)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    moved = cv2.remap(picture, x + moves[..., 0], y + moves[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _gray(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    return _stretched(picture, 0, 255).astype(np.uint8)


def _stretched(picture: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    """Contrast stretched so that the 1st to 99th percentile spans low..high."""
    darkest, lightest = np.percentile(picture, [1, 99])
    stretched = np.clip((picture - darkest) / max(lightest - darkest, 1e-6), 0, 1) * (high - low) + low
    return np.asarray(stretched, np.float32)


def _standardised(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((picture - picture.mean()) / (picture.std() + 1e-6), np.float32)
