"""Training targets: one array of target probabilities per head."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.emotions import FERPLUS
from training.datasets.balance import BALANCES, class_weights
from training.datasets.faceset import FaceSet
from training.datasets.labels import DROPPED, LabelSet, votes_of, without_slips

Targets = Mapping[str, NDArray[np.float32]]
"""Head name -> float32 (n, k): a row sums to its weight (1 unless classes are weighted), or is all zero if that head
learns nothing from it."""


def make_targets(faces: FaceSet, sets: Sequence[LabelSet], smoothing: float, balance: str = "none") -> Targets:
    """Targets of every label set.

    Args:
        faces: Rows to train on.
        sets: Label sets; those made of votes need faces with votes.
        smoothing: Label smoothing of the sets made of classes, 0..1; votes are soft already.
        balance: One of `balance.BALANCES`. With `class-weights` each row is multiplied by its class's weight
            (`balance.class_weights`), so that it sums to that weight instead of 1. With `oversample` the faces already
            contain the copies, so nothing changes here.

    Raises:
        ValueError: If `balance` is unknown.
        InputError: If a set needs votes and the faces have none.
    """
    if balance not in BALANCES:
        raise ValueError(f"unknown balance {balance}; there are {', '.join(BALANCES)}")
    targets = {}
    for labels in sets:
        values = (
            class_targets(faces.emotion, labels, smoothing)
            if labels.source == "classes"
            else vote_targets(votes_of(faces, labels), labels)
        )
        targets[labels.name] = values * class_weights(values)[:, np.newaxis] if balance == "class-weights" else values
    return MappingProxyType(targets)


def class_targets(emotion: NDArray[np.integer], labels: LabelSet, smoothing: float = 0.0) -> NDArray[np.float32]:
    """One-hot labels with label smoothing (Szegedy et al. 2016); a row whose class is dropped is all zero.

    Args:
        emotion: Positions in `faceset.CLASSES`, int (n,).
        labels: A set made of classes.
        smoothing: Share of the probability that is distributed over all labels, 0..1.

    Returns:
        float32 (n, k).
    """
    number = np.asarray(emotion, np.int64)
    smooth = labels.matrix[number] * (1 - smoothing) + smoothing / len(labels.labels)
    return np.where((labels.positions[number] != DROPPED)[:, np.newaxis], smooth, 0).astype(np.float32)


def vote_targets(votes: NDArray[np.uint8], labels: LabelSet) -> NDArray[np.float32]:
    """FER+'s votes as probabilities of the labels; float32 (n, k).

    Single votes are treated as noise and set to zero (`without_slips`). Votes for a dropped emotion are left out. If a
    dropped emotion has more votes than any label, the picture shows something outside the set and the row is all zero;
    so it is if no vote is left.
    """
    kept = without_slips(votes)[:, : len(FERPLUS)].astype(np.float32)
    merged = kept @ labels.matrix
    dropped = kept[:, labels.positions == DROPPED]
    strongest = dropped.max(axis=1, initial=0)
    merged[strongest > merged.max(axis=1)] = 0
    return np.asarray(merged / np.maximum(merged.sum(axis=1, keepdims=True), 1), np.float32)
