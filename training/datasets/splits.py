"""Divides the rows into those for training and those for validation."""

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.datasets.duplicates import near_duplicates, same_pixels
from training.datasets.faceset import FaceSet, not_a_face

OFFICIAL = "official"

VALIDATION_SHARE, VALIDATION_SEED = 0.1, 1
"""The share of the Training rows that becomes PublicTest if data has no validation part."""


@dataclass(frozen=True, slots=True)
class Division:
    """The rows, divided by purpose.

    Attributes:
        learn: Training rows to train on.
        check: Validation rows; neither they nor near copies of them are in `learn`.
        left_out: How many rows were excluded from `learn`, by reason: `not_a_face`, `exact_duplicates`,
            `near_duplicates`; each row counts once, for the first reason that applies.
    """

    learn: FaceSet
    check: FaceSet
    left_out: dict[str, int]


def divide(faces: FaceSet, split: str = OFFICIAL, seed: int = 1, *, keep_duplicates: bool = False) -> Division:
    """Divide the rows; those that show no face, and copies of validation and test rows, are excluded from training.

    Args:
        faces: All rows.
        split: `official`: Training for training, PublicTest for validation. `80/20` or any other `N/M` that sums to
            100: N % of the Training rows for training and M % for validation, at random within each class; PublicTest
            and PrivateTest are not used.
        seed: Of that random choice.
        keep_duplicates: Also train on copies, as for most published figures.

    Raises:
        InputError: If the split's name is wrong, or no rows are left for training or validation.
    """
    training = faces.split("Training")
    held_out = faces.rows(faces.usage != "Training")
    if split == OFFICIAL:
        learn, check = training, faces.split("PublicTest")
        hidden = held_out.images
    else:
        chosen = stratified(training.emotion, _share(split), seed)
        learn, check = training.rows(~chosen), training.rows(chosen)
        hidden = np.concatenate([held_out.images, check.images])
    for rows, usage in ((learn, "Training"), (check, "PublicTest" if split == OFFICIAL else "Training")):
        if not len(rows):
            raise InputError(f"The data has too few rows of {usage} for the split {split}.")
    reasons = {"not_a_face": not_a_face(learn)}
    if not keep_duplicates:
        reasons["exact_duplicates"] = same_pixels(learn.images, hidden)
        reasons["near_duplicates"] = near_duplicates(learn.images, hidden)
    out = np.zeros(len(learn), np.bool_)
    left_out = dict.fromkeys(("not_a_face", "exact_duplicates", "near_duplicates"), 0)
    for reason, found in reasons.items():
        left_out[reason] = int((found & ~out).sum())
        out |= found
    if out.all():
        raise InputError("No rows are left for training: each one shows no face or is also in another split.")
    return Division(learn.rows(~out), check, left_out)


def stratified(classes: NDArray[np.integer], share: float, seed: int) -> NDArray[np.bool_]:
    """Choose a share of the rows of every class at random.

    Scikit-learn's `train_test_split` refuses a class with a single row; here nothing is chosen from such a class.

    Args:
        classes: int (n,).
        share: 0..1; from a class of two or more rows at least one is chosen and at least one is not.
        seed: The same seed chooses the same rows.

    Returns:
        bool (n,).
    """
    chosen = np.zeros(len(classes), np.bool_)
    random = np.random.default_rng(seed)
    for each in np.unique(classes):
        members = random.permutation(np.flatnonzero(classes == each))
        if len(members) > 1:
            chosen[members[: min(max(round(share * len(members)), 1), len(members) - 1)]] = True
    return chosen


def with_validation(faces: FaceSet, source: str) -> FaceSet:
    """The same rows; if none belongs to PublicTest, a part of each class of the Training rows is moved there and a note
    is added.

    Args:
        faces: All rows.
        source: What the note calls the data.
    """
    training = np.flatnonzero(faces.usage == "Training")
    if np.any(faces.usage == "PublicTest") or not len(training):
        return faces
    usage = faces.usage.astype("U16")
    usage[training[stratified(faces.emotion[training], VALIDATION_SHARE, VALIDATION_SEED)]] = "PublicTest"
    note = (
        f"{source} has no validation part; {100 * VALIDATION_SHARE:.0f} % of each class of its {len(training):,} "
        f"Training pictures, chosen at random (seed {VALIDATION_SEED}), become PublicTest."
    )
    return replace(faces, usage=usage, notes=(*faces.notes, note))


def _share(split: str) -> float:
    """The validation share of `N/M`, 0..1."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})", split)
    if not match or int(match[1]) + int(match[2]) != 100:
        raise InputError(f"There is no split {split!r}; choose {OFFICIAL}, or one such as 80/20 that sums to 100.")
    return int(match[2]) / 100
