"""Predictions of each head of a bundle on one split, and the figures computed from them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundle import Head
from models.emotions import SETS
from models.engines import Classifier
from models.errors import InputError
from training.datasets.faceset import FaceSet
from training.datasets.labels import label_set, truth
from training.evaluate import head_figures, mean_probabilities, view_logits


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions of one head on labelled pictures.

    Attributes:
        head: The head, with its labels and its temperature.
        images: uint8 (n, 48, 48, 1).
        truth: Index into the head's labels, int64 (n,).
        logits: One float32 (n, k) per view; the first view is the picture itself.
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
        """Probabilities without temperature, mean over the views, float32 (n, k)."""
        return mean_probabilities(list(self.logits), 1.0)

    @property
    def one_view(self) -> "Predictions":
        """The same with the first view only."""
        return replace(self, logits=self.logits[:1])

    def figures(self) -> dict[str, Any]:
        """Every figure, as `evaluate --json` names them."""
        return head_figures(self.head, self.head.labels, self.truth, self.logits)

    def recall_at_half(self) -> float:
        """Share of pictures whose true class has a probability above 0.5: Keras' recall on one-hot labels."""
        return float(np.mean(self.calibrated[np.arange(len(self.truth)), self.truth] > 0.5))


def predict_split(classifier: Classifier, faces: FaceSet, split: str, views: str = "single") -> tuple[Predictions, ...]:
    """Run every head for which the data has labels on one split, on the rows with a label of the head's set.

    Args:
        classifier: The bundle in an engine.
        faces: All rows; those of `split` are used.
        split: One of `training.datasets.faceset.SPLITS`.
        views: One of `training.evaluate.VIEWS`.

    Raises:
        InputError: If the split has no rows, or the data has labels for no head.
    """
    chosen = faces.split(split)
    if not len(chosen):
        raise InputError(f"The data has no row with Usage {split}.")
    logits = view_logits(classifier, chosen.images, views)
    predictions = []
    for head in classifier.bundle.heads:
        if head.name not in SETS:
            continue  # a mixture of other heads, without labels of its own
        labels = label_set(head.name)
        if labels.source == "votes" and faces.votes is None:
            continue
        rows, label = truth(chosen, labels)
        if rows.any():
            values = tuple(view[rows] for view in logits[head.name])
            predictions.append(Predictions(head, chosen.images[rows], label[rows], values))
    if not predictions:
        names = ", ".join(head.name for head in classifier.bundle.heads)
        raise InputError(f"{split} has no labels for the heads {names}; name the votes with --ferplus.")
    return tuple(predictions)
