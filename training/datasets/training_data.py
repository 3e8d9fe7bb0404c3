"""The training data: rows, with the targets of each head."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.datasets.balance import oversample
from training.datasets.faceset import FaceSet
from training.datasets.labels import LabelSet, label_set, truth
from training.datasets.splits import OFFICIAL, divide
from training.datasets.targets import Targets, make_targets
from training.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The training rows with their targets, and the validation rows.

    Attributes:
        learn: Training rows, with copies of rare classes if the balance asks for them.
        targets: Targets of the same rows.
        check: Validation rows.
        left_out: As `Division.left_out`.
        missing_labels: Head -> its labels that no training picture has; heads without such labels are left out.
    """

    learn: FaceSet
    targets: Targets
    check: FaceSet
    left_out: dict[str, int]
    missing_labels: dict[str, tuple[str, ...]]


def make_training_data(
    faces: FaceSet,
    sets: Sequence[LabelSet],
    *,
    split: str = OFFICIAL,
    seed: int = 1,
    keep_duplicates: bool = False,
    balance: str = "none",
    smoothing: float = 0.0,
) -> TrainingData:
    """Divide the rows, copy those of rare classes, and leave out rows from which no head learns anything.

    Args:
        faces: All rows.
        sets: The heads' label sets; the classes of the first one are balanced.
        split: As `divide` takes it.
        seed: Of a random split.
        keep_duplicates: As `divide` takes it.
        balance: One of `balance.BALANCES`.
        smoothing: As `make_targets` takes it.

    Raises:
        InputError: As `divide` and `make_targets`.
    """
    division = divide(faces, split, seed, keep_duplicates=keep_duplicates)
    learn = oversample(division.learn, sets[0]) if balance == "oversample" else division.learn
    targets = make_targets(learn, sets, smoothing, balance)
    useful = np.any([values.any(axis=1) for values in targets.values()], axis=0)  # some sets drop emotions
    kept = {name: values[useful] for name, values in targets.items()}
    return TrainingData(learn.rows(useful), kept, division.check, division.left_out, _missing_labels(learn, sets))


def _missing_labels(learn: FaceSet, sets: Sequence[LabelSet]) -> dict[str, tuple[str, ...]]:
    result = {}
    for labels in sets:
        counts, label = truth(learn, labels)
        missing = np.setdiff1d(np.arange(len(labels.labels)), label[counts])
        if len(missing):
            result[labels.name] = tuple(labels.labels[number] for number in missing)
    return result


def training_data_of_run(record: RunRecord, faces: FaceSet) -> TrainingData:
    """A run's training data, reconstructed from its record.

    Raises:
        InputError: As `make_training_data`.
    """
    return make_training_data(
        faces,
        [label_set(name) for name in record.labels],
        split=record.data.split,
        seed=record.seed,
        keep_duplicates=record.data.keep_duplicates,
        balance=record.recipe.get("balance", "none"),
        smoothing=record.recipe.get("label_smoothing", 0.0),
    )
