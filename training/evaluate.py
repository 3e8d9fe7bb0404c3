"""Evaluates a bundle on one split of the data: the figures that `python -m training evaluate` prints."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle, Head
from models.emotions import project
from models.engines import Classifier
from models.engines.classifier import softmax
from models.errors import InputError
from training.calibration import crossed_calibration_error
from training.datasets.faceset import FaceSet
from training.datasets.labels import MERGES, LabelSet, label_set, truth
from training.metrics import expected_calibration_error, summary

VIEWS = ("single", "flip", "ten-crop")
CROP_SIDE = 44
BATCH = 256


def evaluate(classifier: Classifier, faces: FaceSet, split: str, views: str) -> dict[str, Any]:
    """Every figure that `evaluate --json` prints.

    The main figures are those of `main_head`. If there are votes and a FER+ head, `ferplus` has that head's figures by
    the official rule.

    Args:
        classifier: The bundle in an engine.
        faces: All rows; those of `split` are measured.
        split: `PublicTest` or `PrivateTest`.
        views: One of `VIEWS`; probabilities of the views are averaged.

    Raises:
        InputError: If the split has no labelled row, or the bundle's labels belong to no label set.
    """
    chosen = faces.split(split)
    if not len(chosen):
        raise InputError(f"The data has no row with Usage {split}.")
    heads = {head.name: head for head in classifier.bundle.heads}
    head, labels = main_head(classifier.bundle)
    logits = view_logits(classifier, chosen.images, views)
    result = {
        **_figures(head, labels, logits[head.name], chosen),
        "split": split,
        "views": views,
        "engine": classifier.engine,
        "head": head.name,
        "labels": labels.name,
    }
    if chosen.votes is not None and "ferplus" in heads and truth(chosen, label_set("ferplus"))[0].any():
        result["ferplus"] = _figures(heads["ferplus"], label_set("ferplus"), logits["ferplus"], chosen)
    return result


def main_head(bundle: Bundle) -> tuple[Head, LabelSet]:
    """The head that represents the bundle, and the labels that it is measured on.

    FER2013's labels with the `fer2013` head if there is one, else with the FER+ head without contempt, else the shown
    head with its own label set.

    Raises:
        InputError: If the head lacks a label of that set.
    """
    heads = {head.name: head for head in bundle.heads}
    head = heads.get("fer2013") or heads.get("ferplus") or bundle.head()
    labels = label_set(head.name if head.name in MERGES and head.name != "ferplus" else "fer2013")
    missing = [name for name in labels.labels if name not in head.labels]
    if missing:
        raise InputError(
            f"The head {head.name} of {bundle.path} cannot be measured by {labels.name}: it has no {missing[0]}."
        )
    return head, labels


def _figures(head: Head, labels: LabelSet, logits: list[NDArray[np.float32]], faces: FaceSet) -> dict[str, Any]:
    """`head_figures` on the rows that have a label of the set; the head's labels include the set's."""
    counts, label = truth(faces, labels)
    if not counts.any():
        raise InputError(f"None of the {len(faces)} rows has a label of {labels.name}.")
    return head_figures(head, labels.labels, label[counts], [values[counts] for values in logits])


def head_figures(
    head: Head, labels: Sequence[str], label: NDArray[np.integer], logits: Sequence[NDArray[np.float32]]
) -> dict[str, Any]:
    """Every figure of one head on labelled pictures: `training.metrics.summary` and the calibration errors.

    Args:
        head: Its labels include `labels`.
        labels: The classes to distinguish.
        label: Index into `labels`, int (n,).
        logits: One float32 (n, k) per view.

    Returns:
        `summary`, `ece`, `ece_uncalibrated`, `emotions`; with one view of the head's own labels also `ece_crossed`.
    """
    calibrated = project(mean_probabilities(logits, head.temperature), head.labels, labels)
    plain = project(mean_probabilities(logits, 1.0), head.labels, labels)
    result = {
        **summary(label, calibrated, labels),
        "ece": expected_calibration_error(label, calibrated),
        "ece_uncalibrated": expected_calibration_error(label, plain),
        "emotions": list(labels),
    }
    if tuple(head.labels) == tuple(labels) and len(logits) == 1 and len(label) > 1:
        result["ece_crossed"] = crossed_calibration_error(label, logits[0])
    return result


def view_logits(classifier: Classifier, images: NDArray[np.uint8], views: str) -> dict[str, list[NDArray[np.float32]]]:
    """Logits of every head for each view of the pictures: {head: [float32 (n, k), ...]}."""
    result: dict[str, list[NDArray[np.float32]]] = {head.name: [] for head in classifier.bundle.heads}
    for pictures in make_views(images, views):
        parts = [classifier.logits(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]
        for name in result:
            result[name].append(np.concatenate([part[name] for part in parts]))
    return result


def mean_probabilities(logits: Sequence[NDArray[np.float32]], temperature: float) -> NDArray[np.float32]:
    """Mean over the views of softmax(logits / temperature); float32 (n, k)."""
    return np.asarray(np.mean([softmax(values, temperature) for values in logits], axis=0, dtype=np.float32))


def make_views(images: NDArray[np.uint8], views: str) -> list[NDArray[np.uint8]]:
    """The pictures; `flip` adds their mirror images; `ten-crop` gives five resized 44-pixel crops, each mirrored too.

    Args:
        images: uint8 (n, 48, 48, 1).
        views: One of `VIEWS`.

    Returns:
        One, two or ten arrays of the same shape.

    Raises:
        InputError: If the name is not one of `VIEWS`.
    """
    if views not in VIEWS:
        raise InputError(f"There are no views {views!r}; choose one of {', '.join(VIEWS)}.")
    if views == "single":
        return [images]
    if views == "flip":
        return [images, _mirrored(images)]
    side, margin = images.shape[1], images.shape[1] - CROP_SIDE
    corners = [(0, 0), (0, margin), (margin, 0), (margin, margin), (margin // 2, margin // 2)]
    crops = [_resized(images[:, y : y + CROP_SIDE, x : x + CROP_SIDE], side) for y, x in corners]
    return [view for crop in crops for view in (crop, _mirrored(crop))]


def _mirrored(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(images[:, :, ::-1])


def _resized(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    import cv2  # not needed for other views

    return np.stack([cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC) for image in images])[..., None]
