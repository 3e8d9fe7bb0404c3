"""Which rows are learned from and which ones a network is selected on."""

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.datasets.duplicates import near_duplicates, same_pixels
from training.datasets.faceset import FaceSet, not_a_face

OFFICIAL = "official"

VALIDATION_SHARE, VALIDATION_SEED = 0.1, 1
"""Of data without rows to select on, what of the Training rows becomes PublicTest."""


@dataclass(frozen=True, slots=True)
class Division:
    """Rows by what they are for.

    Attributes:
        learn: Rows of Training to learn from.
        check: Rows to select on; none of them, nor a near copy of one, is in `learn`.
        left_out: How many rows would have been in `learn` but for a reason: `not_a_face`, `exact_duplicates`,
            `near_duplicates`; a row counts once, by the first reason.
    """

    learn: FaceSet
    check: FaceSet
    left_out: dict[str, int]


def divide(faces: FaceSet, split: str = OFFICIAL, seed: int = 1, *, keep_duplicates: bool = False) -> Division:
    """Divide the rows; those that show no face, and copies of rows to select on or to test with, are not learned from.

    Args:
        faces: All rows.
        split: `official`: Training to learn from, PublicTest to select on. `80/20` or any other `N/M` that sums to 100:
            N % of the Training rows to learn from and M % to select on, by chance within each class; PublicTest and
            PrivateTest take no part.
        seed: Of that chance.
        keep_duplicates: Learn from copies too, as most published figures do.

    Raises:
        InputError: If the split's name is wrong, or there is nothing to learn from or to select on.
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
        raise InputError("Nothing is left to learn from: every row shows no face or stands in another split too.")
    return Division(learn.rows(~out), check, left_out)


def stratified(classes: NDArray[np.integer], share: float, seed: int) -> NDArray[np.bool_]:
    """Choose a share of the rows of every class by chance.

    Scikit-learn's `train_test_split` refuses a class of one row; here such a class just is not chosen from.

    Args:
        classes: int (n,).
        share: 0..1; of a class of at least two rows at least one is chosen and at least one is not.
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
    """The same rows; where none is of PublicTest, a slice of each class of the Training ones is, which is noted.

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
        f"{source} has no part to select on; {100 * VALIDATION_SHARE:.0f} % of each class of its {len(training):,} "
        f"Training pictures, chosen by chance (seed {VALIDATION_SEED}), are taken for PublicTest."
    )
    return replace(faces, usage=usage, notes=(*faces.notes, note))


def _share(split: str) -> float:
    """The part to select on of `N/M`, 0..1."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})", split)
    if not match or int(match[1]) + int(match[2]) != 100:
        raise InputError(f"There is no split {split!r}; there are {OFFICIAL}, and such as 80/20 that sum to 100.")
    return int(match[2]) / 100
