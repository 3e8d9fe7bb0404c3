"""What a network is asked to predict, one array of target probabilities a head."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.emotions import FER2013, FERPLUS
from training.datasets.faceset import FaceSet

Targets = Mapping[str, NDArray[np.float32]]
"""Head name -> float32 (n, k): a row sums to 1, or is all zero where that head has nothing to learn from it."""


def class_targets(emotion: NDArray[np.integer], smoothing: float = 0.0) -> NDArray[np.float32]:
    """One-hot FER2013 classes with label smoothing (Szegedy et al. 2016); float32 (n, 7)."""
    one_hot = np.eye(len(FER2013), dtype=np.float32)[np.asarray(emotion, np.int64)]
    return one_hot * (1 - smoothing) + smoothing / len(FER2013)


def vote_targets(votes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """FER+'s votes as probabilities of the eight emotions; float32 (n, 8).

    Single votes are taken for slips and set to zero, as FER+'s authors do (Barsoum et al. 2016); a row with nothing
    left is all zero and so has no weight in the loss.
    """
    kept = np.where(votes[:, : len(FERPLUS)] > 1, votes[:, : len(FERPLUS)], 0).astype(np.float32)
    total = kept.sum(axis=1, keepdims=True)
    return kept / np.maximum(total, 1)


def majority(votes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """FER+'s official rule for its accuracy: zero every vote of 1; a row counts where the largest of the eight emotions
    exceeds half the sum of all ten columns.

    Returns:
        Which rows count, bool (n,), and every row's emotion in the order of `FERPLUS`, int64 (n,).
    """
    kept = np.where(votes > 1, votes, 0).astype(np.int64)
    emotions = kept[:, : len(FERPLUS)]
    return emotions.max(axis=1) * 2 > kept.sum(axis=1), emotions.argmax(axis=1)


def make_targets(faces: FaceSet, smoothing: float) -> Targets:
    """Targets of the FER2013 head, and of the FER+ head where there are votes."""
    targets = {"fer2013": class_targets(faces.emotion, smoothing)}
    if faces.votes is not None:
        targets["ferplus"] = vote_targets(faces.votes)
    return MappingProxyType(targets)
