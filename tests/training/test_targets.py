"""What networks are asked to predict, and which rows may teach them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.emotions import FERPLUS
from models.errors import InputError
from training.datasets.faceset import SPLITS, FaceSet, not_a_face, same_pixels
from training.datasets.fer2013 import read_fer2013
from training.datasets.targets import class_targets, majority, make_targets, vote_targets
from training.train import training_rows

VOTES = arrays.arrays(np.uint8, (6, 10), elements=st.integers(0, 10))


@given(VOTES)
def test_vote_targets_are_probabilities_or_nothing(votes: np.ndarray) -> None:
    targets = vote_targets(votes)
    total = targets.sum(axis=1)
    assert np.all(np.isclose(total, 1, atol=1e-5) | (total == 0))
    assert np.all(targets[votes[:, :8] <= 1] == 0)


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


def test_label_smoothing() -> None:
    targets = class_targets(np.array([3]), 0.07)
    assert targets[0, 3] == pytest.approx(0.94)
    assert targets[0, 0] == pytest.approx(0.01)


def test_rows_without_a_face_are_found() -> None:
    images = np.random.default_rng(0).integers(0, 255, (3, 48, 48, 1), dtype=np.uint8)
    images[1] = 7
    votes = np.zeros((3, 10), np.uint8)
    votes[:, 0], votes[2, 9] = 3, 9
    faces = FaceSet(images, np.zeros(3, np.int8), np.array(["Training"] * 3), votes)
    assert not_a_face(faces).tolist() == [False, True, True]


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(SPLITS)), min_size=1, max_size=40))
def test_no_row_of_a_test_split_ever_reaches_training(rows: list[tuple[int, str]]) -> None:
    """Pictures are numbered by their content, so that equal numbers are duplicates, also across splits."""
    images = np.zeros((len(rows), 48, 48, 1), np.uint8)
    images[:, 0, 0, 0] = [number + 1 for number, _ in rows]
    usage = np.array([split for _, split in rows])
    faces = FaceSet(images, np.zeros(len(rows), np.int8), usage)
    try:
        learn, check, left_out = training_rows(faces)
    except InputError:
        assert "Training" not in usage or "PublicTest" not in usage
        return
    held_out = {number for number, split in rows if split != "Training"}
    assert not held_out & {int(image[0, 0, 0]) - 1 for image in learn.images}
    assert set(learn.usage) <= {"Training"}
    assert set(check.usage) == {"PublicTest"}
    assert len(learn) + sum(left_out.values()) == (usage == "Training").sum()


def test_targets_of_both_heads(csv_files: tuple[Path, Path]) -> None:
    faces = read_fer2013(*csv_files)
    targets = make_targets(faces, 0.1)
    assert {head: values.shape for head, values in targets.items()} == {"fer2013": (105, 7), "ferplus": (105, 8)}
    assert set(make_targets(read_fer2013(csv_files[0]), 0.1)) == {"fer2013"}


def test_same_pixels_compares_whole_pictures() -> None:
    images = np.zeros((4, 48, 48, 1), np.uint8)
    images[1, 5, 5, 0], images[2, 5, 5, 0], images[3, 40, 5, 0] = 1, 1, 1
    faces = FaceSet(images, np.zeros(4, np.int8), np.array(["Training"] * 4))
    assert same_pixels(faces.rows(np.array([1, 3])), faces.rows(np.array([0, 2]))).tolist() == [True, False]
