"""Metrics compared with values computed by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.engines.classifier import softmax
from training.calibration import crossed_calibration_error, fit_temperature
from training.metrics import binary_accuracy, bootstrap_interval, expected_calibration_error, summary

TRUTH = np.array([0, 0, 1, 2])
PROBABILITIES = np.array([[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.1, 0.9, 0.0], [0.2, 0.1, 0.7]])


def test_summary_of_four_rows() -> None:
    result = summary(TRUTH, PROBABILITIES, ("a", "b", "c"))
    assert result["accuracy"] == 0.75
    assert result["balanced_accuracy"] == pytest.approx((0.5 + 1 + 1) / 3)
    assert result["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert result["confusion"] == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert result["per_class"]["b"] == {"precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3), "n": 1}
    assert result["nll"] == pytest.approx(-np.log([0.8, 0.3, 0.9, 0.7]).mean())
    assert result["auc"] == 1.0
    assert result["interval"][0] <= 0.75 <= result["interval"][1]


def test_a_class_without_rows_does_not_count_in_the_means() -> None:
    result = summary(np.array([0, 1]), np.eye(3)[:2], ("a", "b", "c"))
    assert result["balanced_accuracy"] == 1.0 and result["macro_f1"] == 1.0


def test_saying_no_to_everything_scores_high_in_binary_accuracy() -> None:
    assert binary_accuracy(np.arange(7), np.full((7, 7), 1 / 7)) == pytest.approx(6 / 7)


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1]] * 10)
    truth = np.array([0] * 7 + [1] * 3)
    assert expected_calibration_error(truth, probabilities) == pytest.approx(0.2)


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Classes sampled from softmax(logits) (Gumbel-max), and those logits."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 4))
    return (logits + rng.gumbel(size=logits.shape)).argmax(axis=1), logits


@settings(max_examples=15, deadline=None)
@given(st.floats(0.4, 3.0))
def test_the_temperature_that_made_the_data_is_found(temperature: float) -> None:
    truth, logits = drawn()
    assert fit_temperature(truth, logits * temperature) == pytest.approx(temperature, rel=0.12)


def test_fitting_on_the_other_half_still_calibrates() -> None:
    truth, logits = drawn()
    sharp = 3 * logits
    assert crossed_calibration_error(truth, sharp) < 0.03 < expected_calibration_error(truth, softmax(sharp))


def test_the_interval_narrows_with_more_rows() -> None:
    few, many = (bootstrap_interval(np.arange(n) % 2 == 0) for n in (100, 10000))
    assert few[1] - few[0] > 5 * (many[1] - many[0])
