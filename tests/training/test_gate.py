import numpy as np
import pytest

from models.candidates import SHOWN, UNLABELLED, Candidates
from models.errors import InputError
from tests.training.claims import WIDTH, scene
from training.gate import Examples, curve, fit_gate, passed, threshold

NOTHING = Examples(np.zeros((0, WIDTH), np.float32), np.zeros(0, bool))


def test_a_gate_keeps_faces_and_drops_the_rest() -> None:
    candidates, features = scene(np.random.default_rng(1))
    fitted = fit_gate(candidates, features, NOTHING)
    kept = passed(candidates, fitted)["looks"]
    assert kept["photos"][0] >= 0.97 * kept["photos"][1]
    assert kept["face"][0] >= 0.8 * kept["face"][1]
    assert kept["animal"][0] + kept["none"][0] + kept["made"][0] <= 3
    probabilities = fitted.gate.with_looks(fitted.crop.logits(features), candidates.evidence)
    assert probabilities[candidates.label == "face"].mean() > 0.9
    assert probabilities[candidates.label == "none"].mean() < 0.1


def test_what_comes_from_one_picture_is_never_on_both_sides() -> None:
    """A feature unique to each picture must not help: models that never saw a picture score its candidates."""
    rng = np.random.default_rng(2)
    candidates, _ = scene(rng)
    marks = {name: rng.normal(0, 1, 40) for name in set(candidates.picture.tolist())}
    features = np.array([marks[name] for name in candidates.picture.tolist()], np.float32)
    twice = Candidates(*(np.concatenate([getattr(candidates, name)] * 2) for name in candidates.__slots__))
    fitted = fit_gate(
        twice, np.concatenate([features, features]), Examples(np.zeros((0, 40), np.float32), NOTHING.is_face)
    )
    right = twice.label == "face"
    assert fitted.alone[right].mean() - fitted.alone[~right].mean() < 0.15


def test_an_unlabelled_person_is_not_learned_as_nothing() -> None:
    candidates, features = scene(np.random.default_rng(3))
    label = candidates.label.astype("<U12")
    hidden = np.flatnonzero((label == "face") & (candidates.way == SHOWN))[:5]
    label[hidden] = UNLABELLED
    changed = Candidates(
        candidates.crops, candidates.evidence, label, candidates.picture, candidates.way, candidates.detector
    )
    assert fit_gate(changed, features, NOTHING).left_out[hidden].sum() >= 4


def test_the_curve_falls() -> None:
    candidates, features = scene(np.random.default_rng(4))
    fitted = fit_gate(candidates, features, NOTHING)
    shares = [row[2]["face"] for row in curve(candidates, fitted) if row[0] == "looks"]
    assert len(shares) > 3 and None not in shares
    assert shares == sorted(shares, reverse=True)
    assert 0 < threshold(candidates, fitted.looks, np.ones(len(candidates), bool)) < 1


def test_too_few_pictures_are_refused() -> None:
    candidates, features = scene(np.random.default_rng(5))
    faces = candidates.label == "face"
    with pytest.raises(InputError, match="no face"):
        fit_gate(candidates.rows(faces), features[faces], NOTHING)
