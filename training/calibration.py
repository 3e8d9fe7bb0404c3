"""One temperature a head, so that 0.8 means right in 80 of 100 cases (Guo et al. 2017)."""

import numpy as np
from numpy.typing import NDArray

from models.engines.classifier import softmax
from training.metrics import expected_calibration_error, negative_log_likelihood


def fit_temperature(truth: NDArray[np.integer], logits: NDArray[np.floating]) -> float:
    """The temperature in 0.2..5 with the smallest negative log-likelihood.

    The likelihood has one minimum in the temperature, so a golden-section search finds it.

    Args:
        truth: Classes, int (n,).
        logits: float (n, k), before softmax.
    """
    low, high = np.log(0.2), np.log(5.0)
    ratio = (np.sqrt(5) - 1) / 2

    def cost(log_temperature: float) -> float:
        return negative_log_likelihood(truth, softmax(logits, float(np.exp(log_temperature))))

    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if cost(left) < cost(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def crossed_calibration_error(truth: NDArray[np.integer], logits: NDArray[np.floating], seed: int = 0) -> float:
    """Calibration error with the temperature fitted on one half and measured on the other, mean of both ways."""
    order = np.random.default_rng(seed).permutation(len(truth))
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    errors = []
    for fit, measure in (halves, halves[::-1]):
        temperature = fit_temperature(truth[fit], logits[fit])
        errors.append(expected_calibration_error(truth[measure], softmax(logits[measure], temperature)))
    return float(np.mean(errors))
