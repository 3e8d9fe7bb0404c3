"""Classification metrics, from true classes int (n,) and probabilities float (n, k); rates are fractions 0..1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15


def summary(truth: NDArray[np.integer], probabilities: NDArray[np.floating], labels: Sequence[str]) -> dict[str, Any]:
    """Accuracy and its 95 % interval, balanced accuracy, macro F1, AUC, negative log-likelihood, and metrics per class.

    Classes without rows are left out of the averages over classes.
    """
    from sklearn import metrics as sk  # not needed for training, which may run on a machine with only JAX and Keras

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
    """One-vs-rest area under the ROC curve, mean over the classes with rows; None if there is only one class."""
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
    """A bin of pictures with similar confidence: mean confidence and accuracy (0..1), and their number."""

    confidence: float
    accuracy: float
    n: int


def reliability(
    truth: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Reliability diagram of the strongest class, without empty bins."""
    return bins_of_confidence(probabilities.max(axis=1), probabilities.argmax(axis=1) == truth, bins)


def bins_of_confidence(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Bins of equal width over the confidence 0..1, float (n,), without the empty ones (Guo et al. 2017)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        ReliabilityBin(float(confidence[place == b].mean()), float(right[place == b].mean()), int((place == b).sum()))
        for b in np.unique(place)
    )


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Expected calibration error: mean absolute gap between confidence and accuracy, weighted by the bins' sizes."""
    gaps = [abs(b.accuracy - b.confidence) * b.n for b in bins]
    return float(np.sum(gaps) / sum(b.n for b in bins))


def expected_calibration_error(
    truth: NDArray[np.integer], probabilities: NDArray[np.floating], bins: int = BINS
) -> float:
    """`calibration_error` of the bins of `reliability`."""
    return calibration_error(reliability(truth, probabilities, bins))


def binary_accuracy(truth: NDArray[np.integer], probabilities: NDArray[np.floating]) -> float:
    """Share of correct yes-or-no answers if each class is a separate binary question, with threshold 0.5.

    Always answering no scores (k - 1) / k, so the figure cannot be compared with an accuracy; it is here because others
    have published it as one.
    """
    one_hot = np.eye(probabilities.shape[1], dtype=bool)[truth]
    return float(np.mean((probabilities > 0.5) == one_hot))


def bootstrap_interval(right: NDArray[np.bool_], rounds: int = 2000, seed: int = 0) -> list[float]:
    """95 % bootstrap interval of an accuracy: percentiles over `rounds` resamples with replacement."""
    n = len(right)
    accuracy = np.random.default_rng(seed).binomial(n, right.mean(), rounds) / n
    low, high = np.percentile(accuracy, [2.5, 97.5])
    return [float(low), float(high)]
