"""Class weights and oversampling for rare classes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_sample_weight

from training.datasets.balance import MOST_COPIES, class_weights, oversample
from training.datasets.faceset import FaceSet
from training.datasets.labels import label_set

CLASSES = st.lists(st.integers(0, 6), min_size=1, max_size=60)


def numbered(classes: list[int]) -> FaceSet:
    """Pictures that encode their row in the upper left corner, and show whether they are mirrored."""
    n = len(classes)
    images = np.zeros((n, 48, 48, 1), np.uint8)
    images[:, 0, 0, 0], images[:, 1, 0, 0] = np.arange(n), 1
    return FaceSet(images, np.array(classes, np.int8), np.array(["Training"] * n), np.zeros((n, 10), np.uint8))


@given(CLASSES)
def test_class_weights_are_the_usual_ones(classes: list[int]) -> None:
    targets = np.eye(7, dtype=np.float32)[classes]
    assert np.allclose(class_weights(targets), compute_sample_weight("balanced", classes), rtol=1e-5)


@given(CLASSES)
def test_rows_without_a_class_have_no_weight_and_change_no_other(classes: list[int]) -> None:
    targets = np.eye(7, dtype=np.float32)[classes]
    more = class_weights(np.concatenate([targets, np.zeros((3, 7), np.float32)]))
    assert np.allclose(more[:-3], class_weights(targets)) and not more[-3:].any()


@given(CLASSES)
def test_rare_classes_are_brought_to_half_of_the_largest(classes: list[int]) -> None:
    faces = numbered(classes)
    result = oversample(faces, label_set("fer2013"))
    assert np.array_equal(result.images[: len(faces)], faces.images)
    before, after = np.bincount(faces.emotion, minlength=7), np.bincount(result.emotion, minlength=7)
    half = -(-before.max() // 2)
    for count, now in zip(before, after, strict=True):
        assert now == max(count, min(half, MOST_COPIES * count))


def test_copies_are_mirrored_in_turn_and_leave_the_originals_alone() -> None:
    faces = numbered([3] * 12 + [1, 1])
    before = faces.images.copy()
    result = oversample(faces, label_set("fer2013"))
    assert np.array_equal(faces.images, before)
    copies = result.images[14:]
    mirrored = copies[:, 1, 47, 0] == 1
    rows = np.where(mirrored, copies[:, 0, 47, 0], copies[:, 0, 0, 0])
    assert rows.tolist() == [12, 13, 12, 13] and mirrored.tolist() == [True, True, False, False]
    assert set(result.emotion[14:]) == {1} and result.votes is not None and len(result.votes) == 18


def test_any_label_set_can_be_balanced() -> None:
    faces = numbered([3] * 10 + [0, 1, 2, 4] * 2 + [6])
    assert len(oversample(faces, label_set("valence"))) - len(faces) == 4  # neutral, from one copy to half of ten
    assert len(oversample(faces, label_set("fer2013"))) > len(faces) + 4


@pytest.mark.parametrize("usage", ["PublicTest", "PrivateTest"])
def test_rows_of_a_test_split_are_never_copied(usage: str) -> None:
    faces = replace(numbered([3, 3, 1]), usage=np.array(["Training", "Training", usage]))
    with pytest.raises(ValueError, match="only rows of Training"):
        oversample(faces, label_set("fer2013"))
