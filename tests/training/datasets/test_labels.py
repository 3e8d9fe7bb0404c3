"""Merging and dropping labels: the table, and its effect on classes and votes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.emotions import FER2013, FERPLUS, SETS
from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.labels import DROPPED, MERGES, label_set, majority, parse_labels, truth

NAMES = tuple(MERGES)
EMOTIONS = arrays.arrays(np.int8, st.integers(1, 20), elements=st.integers(0, 7))
VOTES = arrays.arrays(np.uint8, (8, 10), elements=st.integers(0, 10))


def faces_of(emotion: np.ndarray, votes: np.ndarray | None = None) -> FaceSet:
    n = len(emotion)
    return FaceSet(np.zeros((n, 48, 48, 1), np.uint8), emotion, np.array(["Training"] * n), votes)


def test_every_set_has_a_row_in_the_table_and_every_label_an_emotion() -> None:
    assert set(MERGES) == set(SETS)
    for name in NAMES:
        labels = label_set(name)
        assert set(labels.merge) <= set(labels.emotions)
        assert set(labels.merge.values()) == set(labels.labels)
        assert labels.matrix.shape == (len(labels.emotions), len(labels.labels))
        assert set(labels.matrix.sum(axis=1)) <= {0.0, 1.0}


@pytest.mark.parametrize(
    ("name", "emotion", "label"),
    [
        ("fer2013", "sadness", "sadness"),
        ("fer2013", "contempt", None),
        ("four", "happiness", "happiness"),
        ("four", "fear", None),
        ("valence", "fear", "negative"),
        ("valence", "contempt", "negative"),
        ("valence", "happiness", "positive"),
        ("valence", "neutral", "neutral"),
        ("valence", "surprise", None),
        ("ferplus", "contempt", "contempt"),
        ("contempt-no-disgust", "contempt", "contempt"),
        ("contempt-no-disgust", "disgust", None),
    ],
)
def test_which_emotion_becomes_which_label(name: str, emotion: str, label: str | None) -> None:
    labels = label_set(name)
    position = labels.positions[labels.emotions.index(emotion)]
    assert (None if position == DROPPED else labels.labels[position]) == label


@given(EMOTIONS, st.sampled_from([name for name in NAMES if MERGES[name][0] == "classes"]))
def test_classes_are_merged_by_name_row_by_row(emotion: np.ndarray, name: str) -> None:
    labels = label_set(name)
    counts, label = truth(faces_of(emotion), labels)
    for number, counted, position in zip(emotion, counts, label, strict=True):
        wanted = labels.merge.get(CLASSES[number])
        assert counted == (wanted is not None)
        if wanted is not None:
            assert labels.labels[position] == wanted


@given(VOTES)
def test_votes_count_by_the_official_rule_unless_their_emotion_is_dropped(votes: np.ndarray) -> None:
    faces = faces_of(np.zeros(8, np.int8), votes)
    rule, emotion = majority(votes)
    counts, label = truth(faces, label_set("ferplus"))
    assert np.array_equal(counts, rule) and np.array_equal(label, emotion)
    labels = label_set("contempt-no-disgust")
    counts, label = truth(faces, labels)
    assert np.array_equal(counts, rule & (emotion != FERPLUS.index("disgust")))
    assert [labels.labels[at] for at in label[counts]] == [FERPLUS[at] for at in emotion[counts]]


@given(VOTES)
def test_the_official_rule_written_out(votes: np.ndarray) -> None:
    counts, emotion = majority(votes)
    for row, counted, found in zip(votes.tolist(), counts, emotion, strict=True):
        kept = [0 if vote == 1 else vote for vote in row]
        best = max(kept[:8])
        assert counted == (best > sum(kept) / 2)
        if counted:
            assert kept[found] == best


def test_the_official_rule_on_a_known_row() -> None:
    counts, emotion = majority(np.array([[4, 0, 0, 1, 3, 2, 0, 0, 0, 0], [6, 0, 1, 1, 0, 0, 0, 0, 2, 0]], np.uint8))
    assert counts.tolist() == [False, True]
    assert FERPLUS[emotion[1]] == "neutral"


def test_the_default_is_all_that_the_data_has() -> None:
    assert [labels.name for labels in parse_labels(None, True)] == ["fer2013", "ferplus"]
    assert [labels.name for labels in parse_labels(None, False)] == ["fer2013"]
    assert parse_labels("fer2013", False)[0].labels == FER2013


@given(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_any_sets_can_be_joined(names: list[str]) -> None:
    assert [labels.name for labels in parse_labels(" + ".join(names), True)] == names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("seven", f"there are {', '.join(MERGES)}"),
        ("fer2013+", "no label set ''"),
        ("four+four", "twice"),
        ("ferplus", "--ferplus"),
        ("fer2013+contempt-no-disgust", "--ferplus"),
    ],
)
def test_names_that_cannot_be_used(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_labels(text, False)
    assert reason in str(caught.value)


def test_truth_from_votes_needs_votes() -> None:
    with pytest.raises(InputError, match="--ferplus"):
        truth(faces_of(np.zeros(1, np.int8)), label_set("ferplus"))
