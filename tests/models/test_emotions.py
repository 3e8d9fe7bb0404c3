"""Names, spellings and the mapping of probabilities by name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.emotions import FER2013, FERPLUS, HEAD_LABELS, MIXTURE, SETS, canonical, project


def test_orders_are_the_published_ones() -> None:
    assert FER2013 == ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    assert FERPLUS == ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")


def test_smaller_sets_keep_the_order_of_what_they_are_made_of() -> None:
    assert SETS["four"] == ("anger", "happiness", "sadness", "neutral")
    assert SETS["contempt-no-disgust"] == (
        "neutral", "happiness", "surprise", "sadness", "anger", "fear", "contempt"
    )  # fmt: skip
    assert SETS["valence"] == ("negative", "neutral", "positive")
    assert dict(HEAD_LABELS) == {**SETS, MIXTURE: FERPLUS}


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("angry", "anger"), ("HAPPY", "happiness"), (" Sad\n", "sadness"), ("fears", "fear"), ("Surprised", "surprise")],
)
def test_usual_spellings(spelling: str, name: str) -> None:
    assert canonical(spelling) == name


@given(st.sampled_from(FERPLUS), st.sampled_from([str.upper, str.title, str.lower, "  {} ".format]))
def test_every_name_is_its_own_spelling(name: str, dress: object) -> None:
    assert canonical(dress(name)) == name  # type: ignore[operator]


def test_unknown_words_are_none() -> None:
    assert canonical("hungry") is None
    assert canonical("") is None


@given(arrays.arrays(np.float32, (5, 8), elements=st.floats(0.0, 1, width=32)))
def test_seven_from_eight(values: np.ndarray) -> None:
    values = values + np.float32(1e-3)
    eight = values / values.sum(axis=1, keepdims=True)
    seven = project(eight, FERPLUS, FER2013)
    assert seven.shape == (5, 7)
    assert np.allclose(seven.sum(axis=1), 1, atol=1e-5)
    kept = eight[:, :7]
    assert np.allclose(seven[:, FER2013.index("fear")], kept[:, 6] / kept.sum(axis=1), atol=1e-5)


def test_a_row_with_nothing_left_is_uniform() -> None:
    contempt = np.eye(8, dtype=np.float32)[[7]]
    assert np.allclose(project(contempt, FERPLUS, FER2013), 1 / 7)


def test_a_missing_emotion_is_an_error() -> None:
    with pytest.raises(ValueError, match="contempt"):
        project(np.full((1, 7), 1 / 7), FER2013, FERPLUS)
