"""Two ways to balance rare classes: weights in the loss, or mirrored copies of their pictures."""

import numpy as np
from numpy.typing import NDArray

from training.datasets.faceset import FaceSet
from training.datasets.labels import LabelSet, truth

BALANCES = ("none", "class-weights", "oversample")

SHARE_OF_LARGEST = 0.5
"""Each class is raised to this share of the largest one, so that none is more than twice as frequent as another."""

MOST_COPIES = 8
"""Highest number of occurrences of one picture, itself included; the network would memorise more."""


def class_weights(targets: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weight n / (k n_c) of every row, where n_c of the n rows have that row's class (scikit-learn's `balanced`).

    Args:
        targets: float32 (n, k); a row's class is its largest target, and a row of zeros has no class and no weight.

    Returns:
        float32 (n,): the weights of each class that occurs have the same sum, and their mean over the rows with a class
        is 1.
    """
    has_class = targets.any(axis=1)
    chosen = targets.argmax(axis=1)
    counts = np.bincount(chosen[has_class], minlength=targets.shape[1])
    weight = has_class.sum() / (np.count_nonzero(counts) * np.maximum(counts, 1))
    return np.where(has_class, weight[chosen], 0).astype(np.float32)


def oversample(faces: FaceSet, labels: LabelSet) -> FaceSet:
    """The rows, followed by copies of the rare classes' pictures; every other copy is mirrored, starting with the
    first.

    A class below `SHARE_OF_LARGEST` of the largest one is raised to it, as far as `MOST_COPIES` of a picture allow. Of
    FER2013's Training rows these are disgust (436 to 3,488) and surprise (3,171 to 3,608).

    Args:
        faces: Rows to train on; copies keep the emotion, usage and votes of their original.
        labels: The set whose classes are balanced.

    Raises:
        ValueError: If a row is not a Training row: copies are made after the split, so that they cannot cross it.
    """
    if not np.all(faces.usage == "Training"):
        raise ValueError("only rows of Training may be copied")
    counted, label = truth(faces, labels)
    counts = np.bincount(label[counted])
    if not len(counts):
        return faces
    wanted = int(np.ceil(counts.max() * SHARE_OF_LARGEST))
    order = [np.arange(len(faces))]
    mirrored = [np.zeros(len(faces), np.bool_)]
    for number in np.flatnonzero(counts):
        members = np.flatnonzero(counted & (label == number))
        missing = min(wanted, MOST_COPIES * len(members)) - len(members)
        if missing > 0:
            order.append(np.resize(members, missing))
            mirrored.append(np.arange(missing) // len(members) % 2 == 0)
    result = faces.rows(np.concatenate(order))
    flipped = np.concatenate(mirrored)
    result.images[flipped] = result.images[flipped, :, ::-1]
    return result
