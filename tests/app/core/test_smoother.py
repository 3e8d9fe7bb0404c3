import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.smoother import Smoother
from app.core.types import UNCERTAIN

LABELS = ("anger", "happiness", "neutral", "fear")


def row(**probabilities: float) -> np.ndarray:
    """Probabilities by name; the other labels share the rest."""
    rest = (1 - sum(probabilities.values())) / (len(LABELS) - len(probabilities))
    return np.array([probabilities.get(label, rest) for label in LABELS], np.float32)


HAPPY, ANGRY = row(happiness=0.9), row(anger=0.9)
rows = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda v: np.array(v, np.float32) / np.float32(sum(v)))


@given(st.lists(st.tuples(st.integers(0, 3), rows, st.floats(0, 3)), min_size=1, max_size=40))
def test_results_are_probabilities_and_labels(calls: list[tuple[int, np.ndarray, float]]) -> None:
    smoother = Smoother(LABELS)
    time_s = 0.0
    for track_id, raw, step_s in calls:
        time_s += step_s
        before = raw.copy()
        smooth, label = smoother.update(track_id, raw, time_s)
        np.testing.assert_array_equal(raw, before)
        assert smooth.dtype == np.float32
        assert smooth.sum() == pytest.approx(1, abs=1e-5)
        assert smooth.min() >= 0
        assert label in (*LABELS, UNCERTAIN)
        assert label == UNCERTAIN or smooth.max() >= 0.35 - 1e-6


def test_the_first_value_is_taken_as_it_is() -> None:
    smooth, label = Smoother(LABELS).update(0, HAPPY, 12.3)
    np.testing.assert_allclose(smooth, HAPPY, atol=1e-7)
    assert label == "happiness"


@pytest.mark.parametrize("fps", [5, 10, 25, 60])
def test_the_frame_rate_does_not_matter(fps: int) -> None:
    smoother = Smoother(LABELS, tau_s=0.35)
    smooth, _ = smoother.update(0, HAPPY, 0.0)
    for i in range(1, 2 * fps + 1):
        smooth, _ = smoother.update(0, ANGRY, i / fps)
    share = 1 - math.exp(-2 / 0.35)
    np.testing.assert_allclose(smooth, HAPPY + share * (ANGRY - HAPPY), atol=1e-5)


def test_each_face_for_itself() -> None:
    smoother = Smoother(LABELS)
    smoother.update(0, HAPPY, 0.0)
    smooth, label = smoother.update(1, ANGRY, 0.03)
    np.testing.assert_allclose(smooth, ANGRY, atol=1e-7)
    assert label == "anger"


def test_a_small_lead_changes_the_label_only_after_a_while() -> None:
    smoother = Smoother(LABELS, tau_s=1e-6, margin=0.08, patience_s=0.5)
    smoother.update(0, row(happiness=0.5, anger=0.4), 0.0)
    close = row(happiness=0.44, anger=0.47)
    labels = [smoother.update(0, close, 0.1 * i)[1] for i in range(1, 9)]
    assert labels[:5] == ["happiness"] * 5
    assert labels[-1] == "anger"


def test_a_clear_lead_changes_the_label_at_once() -> None:
    smoother = Smoother(LABELS, tau_s=1e-6)
    smoother.update(0, row(happiness=0.5, anger=0.4), 0.0)
    assert smoother.update(0, row(happiness=0.4, anger=0.5), 0.03)[1] == "anger"


def test_flicker_around_equality_keeps_the_label() -> None:
    smoother = Smoother(LABELS, tau_s=1e-6)
    up, down = row(happiness=0.47, anger=0.43), row(happiness=0.43, anger=0.47)
    assert {smoother.update(0, down if i % 2 else up, i / 30)[1] for i in range(90)} == {"happiness"}


def test_below_the_threshold_it_is_uncertain_and_recovers_with_a_margin() -> None:
    smoother = Smoother(LABELS, tau_s=1e-6, threshold=0.35)
    steps = [(0.36, "happiness"), (0.34, UNCERTAIN), (0.36, UNCERTAIN), (0.39, "happiness"), (0.36, "happiness")]
    for i, (level, label) in enumerate(steps):
        assert smoother.update(0, row(happiness=level), i / 30)[1] == label


def test_a_face_seen_for_the_first_time_at_the_threshold_is_certain() -> None:
    assert Smoother(LABELS, threshold=0.35).update(0, row(happiness=0.351), 0.0)[1] == "happiness"
    assert Smoother(LABELS, threshold=0.35).update(0, row(happiness=0.349), 0.0)[1] == UNCERTAIN


@pytest.mark.parametrize("later_s", [2.5, -10.0])
def test_a_face_unseen_for_long_starts_over(later_s: float) -> None:
    smoother = Smoother(LABELS, forget_s=2)
    smoother.update(0, HAPPY, 0.0)
    smooth, _ = smoother.update(0, ANGRY, later_s)
    np.testing.assert_allclose(smooth, ANGRY, atol=1e-7)


def test_memory_stays_bounded() -> None:
    smoother = Smoother(LABELS, forget_s=2)
    for i in range(10_000):
        smoother.update(i, HAPPY, i / 10)
    assert len(smoother._memories) <= 22


def test_a_wrong_number_of_probabilities_is_refused() -> None:
    with pytest.raises(ValueError, match="4 labels"):
        Smoother(LABELS).update(0, np.ones(3, np.float32) / 3, 0.0)
