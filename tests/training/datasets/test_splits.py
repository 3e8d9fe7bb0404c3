"""Splits: no row of a test split, nor a copy of one, may reach training."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import InputError
from training.datasets.balance import oversample
from training.datasets.duplicates import near_duplicates, same_pixels
from training.datasets.faceset import SPLITS, FaceSet, not_a_face
from training.datasets.labels import label_set
from training.datasets.splits import divide, stratified


def photographs(count: int) -> np.ndarray:
    """Mutually dissimilar pictures with shapes at the scale of facial features; uint8 (count, 48, 48, 1)."""
    rng = np.random.default_rng(3)
    small = rng.normal(0, 1, (count, 4, 4)).astype(np.float32)
    large = np.stack([cv2.resize(picture, (48, 48), interpolation=cv2.INTER_CUBIC) for picture in small])
    return np.clip(128 + 40 * large, 20, 200).astype(np.uint8)[..., np.newaxis]


PHOTOGRAPHS = photographs(24)


def shifted(image: np.ndarray) -> np.ndarray:
    return np.concatenate([image[:, :1], image[:, :-1]], axis=1)


def marked(image: np.ndarray) -> np.ndarray:
    copy = image.copy()
    copy[40:44, 10:30] = copy[40:44, 10:30] // 2 + 60
    return copy


def shrunk(image: np.ndarray) -> np.ndarray:
    return cv2.resize(cv2.resize(image, (30, 30), interpolation=cv2.INTER_AREA), (48, 48))[..., np.newaxis]


COPIES = {
    "exact": lambda image: image,
    "mirrored": lambda image: image[:, ::-1],
    "darker": lambda image: (image * 0.6).astype(np.uint8),
    "brighter": lambda image: image + np.uint8(30),
    "shifted": shifted,
    "marked": marked,
    "shrunk": shrunk,
    "mirrored, shifted and darker": lambda image: (shifted(image[:, ::-1]) * 0.7).astype(np.uint8),
}
ROWS = st.lists(
    st.tuples(st.integers(0, len(PHOTOGRAPHS) - 1), st.sampled_from(sorted(COPIES)), st.sampled_from(SPLITS)),
    min_size=1,
    max_size=40,
)


def made(rows: list[tuple[int, str, str]]) -> FaceSet:
    images = np.stack([COPIES[copy](PHOTOGRAPHS[number]) for number, copy, _ in rows])
    classes = np.array([number % 7 for number, _, _ in rows], np.int8)
    return FaceSet(images, classes, np.array([usage for _, _, usage in rows]))


def rows_of(part: FaceSet, rows: list[tuple[int, str, str]], faces: FaceSet) -> list[int]:
    """For each picture of a part, the first row of the whole with the same pixels and split."""
    known = {}
    for at in reversed(range(len(faces))):
        known[faces.images[at].tobytes(), str(faces.usage[at])] = at
    return [known[image.tobytes(), str(usage)] for image, usage in zip(part.images, part.usage, strict=True)]


@settings(deadline=None)
@given(ROWS, st.sampled_from(["official", "80/20", "50/50", "95/5"]), st.integers(0, 3))
def test_no_photograph_of_a_test_split_ever_reaches_training(
    rows: list[tuple[int, str, str]], split: str, seed: int
) -> None:
    faces = made(rows)
    try:
        division = divide(faces, split, seed)
    except InputError:
        return
    assert set(oversample(division.learn, label_set("fer2013")).usage) == {"Training"}
    assert set(division.check.usage) == {"PublicTest" if split == "official" else "Training"}
    hidden = {number for number, _, usage in rows if usage != "Training"}
    hidden |= {rows[at][0] for at in rows_of(division.check, rows, faces)}
    learned = {rows[at][0] for at in rows_of(division.learn, rows, faces)}
    assert not hidden & learned
    training = sum(usage == "Training" for _, _, usage in rows)
    rest = 0 if split == "official" else len(division.check)
    assert len(division.learn) + sum(division.left_out.values()) + rest == training


@given(ROWS)
@settings(deadline=None)
def test_what_has_no_copy_elsewhere_is_learned_from(rows: list[tuple[int, str, str]]) -> None:
    """Otherwise excluding everything would pass the tests on copies."""
    hidden = {number for number, _, usage in rows if usage != "Training"}
    free = sum(usage == "Training" and number not in hidden for number, _, usage in rows)
    if not free or "PublicTest" not in {usage for _, _, usage in rows}:
        return
    assert len(divide(made(rows)).learn) == free


def test_copies_are_counted_by_kind_and_can_be_kept() -> None:
    rows = [
        (0, "exact", "PublicTest"),
        (1, "exact", "PrivateTest"),
        (0, "exact", "Training"),
        (1, "darker", "Training"),
    ]
    rows += [(2, "exact", "Training"), (3, "exact", "Training")]
    faces = made(rows)
    faces.images[5] = 9
    division = divide(faces)
    assert division.left_out == {"not_a_face": 1, "exact_duplicates": 1, "near_duplicates": 1}
    assert len(division.learn) == 1
    kept = divide(faces, keep_duplicates=True)
    assert kept.left_out == {"not_a_face": 1, "exact_duplicates": 0, "near_duplicates": 0}
    assert len(kept.learn) == 3


@pytest.mark.parametrize("copy", sorted(COPIES))
def test_every_kind_of_copy_is_found_and_no_other_picture(copy: str) -> None:
    copies = np.stack([COPIES[copy](picture) for picture in PHOTOGRAPHS])
    assert near_duplicates(copies, PHOTOGRAPHS[::-1]).all()
    assert not near_duplicates(copies[:12], PHOTOGRAPHS[12:]).any()


def test_many_pictures_are_compared_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.datasets.duplicates.BLOCK", 5)
    others = PHOTOGRAPHS[[3, 17]]
    assert np.flatnonzero(near_duplicates(PHOTOGRAPHS, others)).tolist() == [3, 17]


def test_nothing_resembles_a_flat_picture_or_no_picture() -> None:
    flat = np.full((2, 48, 48, 1), 90, np.uint8)
    assert not near_duplicates(flat, flat).any()
    assert not near_duplicates(flat, flat[:0]).any() and not near_duplicates(flat[:0], flat).any()


def test_same_pixels_compares_whole_pictures() -> None:
    images = np.zeros((4, 48, 48, 1), np.uint8)
    images[1, 5, 5, 0], images[2, 5, 5, 0], images[3, 40, 5, 0] = 1, 1, 1
    assert same_pixels(images[[1, 3]], images[[0, 2]]).tolist() == [True, False]


def test_rows_without_a_face_are_found() -> None:
    images = np.random.default_rng(0).integers(0, 255, (3, 48, 48, 1), dtype=np.uint8)
    images[1] = 7
    votes = np.zeros((3, 10), np.uint8)
    votes[:, 0], votes[2, 9] = 3, 9
    faces = FaceSet(images, np.zeros(3, np.int8), np.array(["Training"] * 3), votes)
    assert not_a_face(faces).tolist() == [False, True, True]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=80), st.floats(0.01, 0.99), st.integers(0, 5))
def test_a_share_of_every_class_is_chosen(classes: list[int], share: float, seed: int) -> None:
    chosen = stratified(np.array(classes), share, seed)
    assert np.array_equal(chosen, stratified(np.array(classes), share, seed))
    for each in set(classes):
        members = np.array(classes) == each
        total, taken = members.sum(), chosen[members].sum()
        assert abs(taken - share * total) <= 1
        assert 0 < taken < total or total == 1


def test_another_seed_divides_otherwise() -> None:
    classes = np.arange(60) % 3
    assert not np.array_equal(stratified(classes, 0.5, 1), stratified(classes, 0.5, 2))


@pytest.mark.parametrize("split", ["80/30", "0/100", "100/0", "80-20", "unofficial", "", "180/-80"])
def test_a_split_that_is_none_is_refused(split: str) -> None:
    with pytest.raises(InputError, match="There is no split"):
        divide(made([(0, "exact", "Training"), (7, "exact", "Training"), (1, "exact", "PublicTest")]), split)


@pytest.mark.parametrize("missing", ["Training", "PublicTest"])
def test_a_missing_split_is_named(missing: str) -> None:
    rows = [(number, "exact", usage) for number, usage in enumerate(SPLITS) if usage != missing]
    with pytest.raises(InputError, match=missing):
        divide(made(rows))


def test_nothing_left_to_learn_from_is_refused() -> None:
    with pytest.raises(InputError, match="No rows are left"):
        divide(made([(0, "exact", "Training"), (0, "mirrored", "PublicTest")]))
