"""Training targets."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.emotions import CONTEMPT_NO_DISGUST, FERPLUS
from models.errors import InputError
from training.datasets.fer2013 import read_fer2013
from training.datasets.labels import MERGES, label_set, parse_labels, truth
from training.datasets.targets import class_targets, make_targets, vote_targets

VOTES = arrays.arrays(np.uint8, (6, 10), elements=st.integers(0, 10))


@given(VOTES, st.sampled_from(["ferplus", "contempt-no-disgust"]))
def test_vote_targets_are_probabilities_or_nothing(votes: np.ndarray, name: str) -> None:
    labels = label_set(name)
    targets = vote_targets(votes, labels)
    total = targets.sum(axis=1)
    assert targets.dtype == np.float32 and targets.shape == (6, len(labels.labels))
    assert np.all(np.isclose(total, 1, atol=1e-5) | (total == 0))
    by_label = votes[:, [FERPLUS.index(label) for label in labels.labels]]
    assert np.all(targets[by_label <= 1] == 0)


def test_votes_for_a_dropped_emotion_are_left_out_or_take_the_row_with_them() -> None:
    disgust, anger, contempt = (FERPLUS.index(name) for name in ("disgust", "anger", "contempt"))
    votes = np.zeros((2, 10), np.uint8)
    votes[0, [disgust, anger, contempt]] = 3, 4, 4
    votes[1, [disgust, anger]] = 6, 4
    targets = vote_targets(votes, label_set("contempt-no-disgust"))
    assert targets[0, CONTEMPT_NO_DISGUST.index("anger")] == targets[0, CONTEMPT_NO_DISGUST.index("contempt")] == 0.5
    assert not targets[1].any()


def test_label_smoothing() -> None:
    targets = class_targets(np.array([3, 7]), label_set("fer2013"), 0.07)
    assert targets[0, 3] == pytest.approx(0.94)
    assert targets[0, 0] == pytest.approx(0.01)
    assert not targets[1].any()  # contempt, which the label set drops


def test_merged_classes_share_a_target() -> None:
    targets = class_targets(np.array([0, 1, 3, 5]), label_set("valence"))
    assert targets.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize("name", MERGES)
def test_targets_agree_with_the_truth_of_every_set(csv_files: tuple[Path, Path], name: str) -> None:
    faces, labels = read_fer2013(*csv_files), label_set(name)
    targets = make_targets(faces, [labels], 0.1)[name]
    counts, label = truth(faces, labels)
    assert counts.any()
    assert np.array_equal(targets.argmax(axis=1)[counts], label[counts])
    assert not targets[~counts].any() and np.allclose(targets[counts].sum(axis=1), 1)


def test_targets_of_several_heads(csv_files: tuple[Path, Path]) -> None:
    faces = read_fer2013(*csv_files)
    targets = make_targets(faces, parse_labels(None, True), 0.1)
    assert {head: values.shape for head, values in targets.items()} == {"fer2013": (105, 7), "ferplus": (105, 8)}
    with pytest.raises(InputError, match="--ferplus"):
        make_targets(read_fer2013(csv_files[0]), [label_set("ferplus")], 0.1)
    with pytest.raises(ValueError, match="unknown balance"):
        make_targets(faces, parse_labels(None, True), 0.1, "undersample")


def test_weighted_rows_keep_their_direction(csv_files: tuple[Path, Path]) -> None:
    faces = read_fer2013(*csv_files).rows(np.r_[0:14, 3:105:7])
    sets = parse_labels("fer2013+ferplus+valence", True)
    plain, weighted = make_targets(faces, sets, 0.1), make_targets(faces, sets, 0.1, "class-weights")
    assert list(weighted) == list(plain) == [labels.name for labels in sets]
    for name, values in weighted.items():
        weight = values.sum(axis=1)
        assert np.allclose(values, plain[name] * weight[:, np.newaxis], atol=1e-6)
        sums = np.bincount(plain[name].argmax(axis=1), weight)
        assert np.allclose(sums[sums > 0], sums.max(), rtol=1e-5)
        assert weight[weight > 0].mean() == pytest.approx(1, rel=1e-5)
        assert weight.max() > 1.5 * weight[weight > 0].min()
