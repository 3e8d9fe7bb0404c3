"""Temperature scaling, one temperature per head, so that 0.8 means correct in 80 of 100 cases (Guo et al. 2017)."""

import numpy as np
from numpy.typing import NDArray

from models.engines.classifier import softmax
from training.metrics import expected_calibration_error

TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(5.0), 323))
"""Candidates: 0.2..5 in steps of one per cent."""


def fit_temperature(truth: NDArray[np.integer], logits: NDArray[np.floating]) -> float:
    """The temperature in 0.2..5 with the smallest expected calibration error; among ties, the one nearest to 1.

    Guo et al. maximise the likelihood; on held-out rows that temperature left a larger error (docs/decisions.md, 24).

    Args:
        truth: Classes, int (n,).
        logits: float (n, k), before softmax.

    Returns:
        1 where there are no rows.
    """
    if not len(truth):
        return 1.0
    errors = [expected_calibration_error(truth, softmax(logits, float(each))) for each in TEMPERATURES]
    order = np.lexsort((np.abs(np.log(TEMPERATURES)), np.round(errors, 9)))
    return float(TEMPERATURES[order[0]])


def crossed_calibration_error(truth: NDArray[np.integer], logits: NDArray[np.floating], seed: int = 0) -> float:
    """Cross-validated calibration error: temperature fitted on one half, measured on the other; mean of both ways."""
    order = np.random.default_rng(seed).permutation(len(truth))
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    errors = []
    for fit, measure in (halves, halves[::-1]):
        temperature = fit_temperature(truth[fit], logits[fit])
        errors.append(expected_calibration_error(truth[measure], softmax(logits[measure], temperature)))
    return float(np.mean(errors))
