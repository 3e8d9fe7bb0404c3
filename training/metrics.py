"""Figures of merit: from true classes int (n,) and probabilities float (n, k) to rates as fractions 0..1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15


def summary(truth: NDArray[np.integer], probabilities: NDArray[np.floating], labels: Sequence[str]) -> dict[str, Any]:
    """Accuracy and its 95 % interval, balanced accuracy, macro F1, AUC, log-likelihood, and figures for each class.

    A class without rows has no say in the averages over classes.
    """
    from sklearn import metrics as sk  # which training does without, for a machine that has JAX and Keras alone

    k = len(labels)
    guess = probabilities.argmax(axis=1)
    precision, recall, f1, counts = sk.precision_recall_fscore_support(truth, guess, labels=range(k), zero_division=0)
    present = counts > 0
    return {
        "n": len(truth),
        "accuracy": float(np.mean(guess == truth)),
        "balanced_accuracy": float(recall[present].mean()),
        "macro_f1": float(f1[present].mean()),
        "auc": auc(truth, probabilities),
        "nll": negative_log_likelihood(truth, probabilities),
        "interval": bootstrap_interval(guess == truth),
        "per_class": {
            name: {"precision": float(p), "recall": float(r), "f1": float(f), "n": int(n)}
            for name, p, r, f, n in zip(labels, precision, recall, f1, counts, strict=True)
        },
        "confusion": sk.confusion_matrix(truth, guess, labels=range(k)).tolist(),
        "binary_accuracy_not_comparable": binary_accuracy(truth, probabilities),
    }


def auc(truth: NDArray[np.integer], probabilities: NDArray[np.floating]) -> float | None:
    """Area under the ROC curve, one class against the rest, mean over classes with rows; None with one class."""
    from sklearn import metrics as sk

    areas = [
        sk.roc_auc_score(truth == k, probabilities[:, k])
        for k in range(probabilities.shape[1])
        if 0 < np.sum(truth == k) < len(truth)
    ]
    return float(np.mean(areas)) if areas else None


def negative_log_likelihood(truth: NDArray[np.integer], probabilities: NDArray[np.floating]) -> float:
    """Mean of -ln p(true class)."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(truth)), truth], 1e-12)).mean())


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pictures of about the same confidence: their mean confidence and their accuracy (0..1), and how many they are."""

    confidence: float
    accuracy: float
    n: int


def reliability(
    truth: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """The pictures in `bins` bins of equal width over the confidence, without the empty ones (Guo et al. 2017)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        ReliabilityBin(float(confidence[place == b].mean()), float(right[place == b].mean()), int((place == b).sum()))
        for b in np.unique(place)
    )


def expected_calibration_error(
    truth: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = BINS
) -> float:
    """Mean gap between confidence and accuracy over the bins of `reliability`, weighted by their pictures."""
    gaps = [abs(b.accuracy - b.confidence) * b.n for b in reliability(truth, probabilities, bins)]
    return float(np.sum(gaps) / len(truth))


def binary_accuracy(truth: NDArray[np.integer], probabilities: NDArray[np.floating]) -> float:
    """Share of right yes-or-no answers when each class is a question of its own, threshold 0.5.

    Saying "no" to everything scores (k - 1) / k, so the figure cannot be compared with an accuracy; it is here because
    others have published it as one.
    """
    one_hot = np.eye(probabilities.shape[1], dtype=bool)[truth]
    return float(np.mean((probabilities > 0.5) == one_hot))


def bootstrap_interval(right: NDArray[np.bool_], rounds: int = 2000, seed: int = 0) -> list[float]:
    """95 % interval of an accuracy: percentiles of the accuracy of `rounds` samples drawn with replacement."""
    n = len(right)
    accuracy = np.random.default_rng(seed).binomial(n, right.mean(), rounds) / n
    low, high = np.percentile(accuracy, [2.5, 97.5])
    return [float(low), float(high)]
