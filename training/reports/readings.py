"""What each head of a bundle says of one split, picture by picture, and the figures that follow from it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundle import Head
from models.emotions import SETS
from models.engines import Classifier
from models.errors import InputError
from training.calibration import crossed_calibration_error
from training.datasets.faceset import FaceSet
from training.datasets.labels import label_set, truth
from training.evaluate import mean_probabilities, view_logits
from training.metrics import expected_calibration_error, summary


@dataclass(frozen=True, slots=True)
class Reading:
    """What one head says of pictures whose truth is known.

    Attributes:
        head: The head, with its labels and its temperature.
        images: uint8 (n, 48, 48, 1).
        truth: Position in the head's labels, int64 (n,).
        logits: One float32 (n, k) a view of the pictures; the first view is the picture itself.
    """

    head: Head
    images: NDArray[np.uint8]
    truth: NDArray[np.int64]
    logits: tuple[NDArray[np.float32], ...]

    @property
    def calibrated(self) -> NDArray[np.float32]:
        """Probabilities with the head's temperature, mean over the views, float32 (n, k)."""
        return mean_probabilities(list(self.logits), self.head.temperature)

    @property
    def uncalibrated(self) -> NDArray[np.float32]:
        """Probabilities without a temperature, likewise."""
        return mean_probabilities(list(self.logits), 1.0)

    @property
    def one_view(self) -> "Reading":
        """The same of the pictures themselves alone."""
        return replace(self, logits=self.logits[:1])

    def figures(self) -> dict[str, Any]:
        """`training.metrics.summary` and the calibration errors, as `evaluate --json` names them."""
        result = {
            **summary(self.truth, self.calibrated, self.head.labels),
            "ece": expected_calibration_error(self.truth, self.calibrated),
            "ece_uncalibrated": expected_calibration_error(self.truth, self.uncalibrated),
        }
        if len(self.logits) == 1 and len(self.truth) > 1:
            result["ece_crossed"] = crossed_calibration_error(self.truth, self.logits[0])
        return result

    def recall_at_half(self) -> float:
        """Share of the pictures whose true class has a probability over 0.5: Keras' recall of one-hot rows."""
        return float(np.mean(self.calibrated[np.arange(len(self.truth)), self.truth] > 0.5))


def read_split(classifier: Classifier, faces: FaceSet, split: str, views: str = "single") -> tuple[Reading, ...]:
    """Read a split with every head whose truth the data holds, on the rows that its label set counts.

    Args:
        classifier: The bundle in an engine.
        faces: All rows; those of `split` are read.
        split: One of `training.datasets.faceset.SPLITS`.
        views: One of `training.evaluate.VIEWS`.

    Raises:
        InputError: If the split has no rows, or the data holds the truth of no head.
    """
    chosen = faces.split(split)
    if not len(chosen):
        raise InputError(f"The data has no row with Usage {split}.")
    logits = view_logits(classifier, chosen.images, views)
    readings = []
    for head in classifier.bundle.heads:
        if head.name not in SETS:
            continue  # a mean of other heads, which has learned no labels of its own
        labels = label_set(head.name)
        if labels.source == "votes" and faces.votes is None:
            continue
        rows, label = truth(chosen, labels)
        if rows.any():
            values = tuple(view[rows] for view in logits[head.name])
            readings.append(Reading(head, chosen.images[rows], label[rows], values))
    if not readings:
        names = ", ".join(head.name for head in classifier.bundle.heads)
        raise InputError(f"{split} holds no truth for the heads {names}; name the votes with --ferplus.")
    return tuple(readings)
