"""Measures a bundle on one split of FER2013: what `python -m training evaluate` prints."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.emotions import FER2013, FERPLUS, project
from models.engines import Classifier
from models.engines.classifier import softmax
from models.errors import InputError
from training.calibration import crossed_calibration_error
from training.datasets.faceset import FaceSet
from training.datasets.targets import majority
from training.metrics import expected_calibration_error, summary

VIEWS = ("single", "flip", "ten-crop")
CROP_SIDE = 44
BATCH = 256


def evaluate(classifier: Classifier, faces: FaceSet, split: str, views: str) -> dict[str, Any]:
    """Every figure of INTERFACES' `evaluate --json`.

    FER2013's figures come from the `fer2013` head where there is one, else from the FER+ head without contempt.

    Args:
        classifier: The bundle in an engine.
        faces: All rows; those of `split` are measured.
        split: `PublicTest` or `PrivateTest`.
        views: One of `VIEWS`; probabilities of the views are averaged.

    Raises:
        InputError: If the split has no rows.
    """
    chosen = faces.split(split)
    if not len(chosen):
        raise InputError(f"The data has no row with Usage {split}.")
    logits = view_logits(classifier, chosen.images, views)
    heads = {head.name: head for head in classifier.bundle.heads}
    calibrated = {name: mean_probabilities(values, heads[name].temperature) for name, values in logits.items()}
    truth = chosen.emotion.astype(np.int64)
    name = "fer2013" if "fer2013" in heads else classifier.bundle.shown
    seven = project(calibrated[name], heads[name].labels, FER2013)
    plain = project(mean_probabilities(logits[name], 1.0), heads[name].labels, FER2013)
    result = {
        **summary(truth, seven, FER2013),
        "ece": expected_calibration_error(truth, seven),
        "ece_uncalibrated": expected_calibration_error(truth, plain),
        "emotions": list(FER2013),
        "split": split,
        "views": views,
        "engine": classifier.engine,
        "head": name,
    }
    if tuple(heads[name].labels) == FER2013 and views == "single":
        result["ece_crossed"] = crossed_calibration_error(truth, logits[name][0])
    if chosen.votes is not None and "ferplus" in heads:
        counts, emotion = majority(chosen.votes)
        eight = project(calibrated["ferplus"], heads["ferplus"].labels, FERPLUS)
        result["ferplus"] = {**summary(emotion[counts], eight[counts], FERPLUS), "emotions": list(FERPLUS)}
        result["ferplus"]["ece"] = expected_calibration_error(emotion[counts], eight[counts])
        if views == "single":
            result["ferplus"]["ece_crossed"] = crossed_calibration_error(emotion[counts], logits["ferplus"][0][counts])
    return result


def view_logits(classifier: Classifier, images: NDArray[np.uint8], views: str) -> dict[str, list[NDArray[np.float32]]]:
    """Logits of every head for each view of the pictures: {head: [float32 (n, k), ...]}."""
    result: dict[str, list[NDArray[np.float32]]] = {head.name: [] for head in classifier.bundle.heads}
    for pictures in make_views(images, views):
        parts = [classifier.logits(pictures[at : at + BATCH]) for at in range(0, len(pictures), BATCH)]
        for name in result:
            result[name].append(np.concatenate([part[name] for part in parts]))
    return result


def mean_probabilities(logits: list[NDArray[np.float32]], temperature: float) -> NDArray[np.float32]:
    """Mean over the views of softmax(logits / temperature); float32 (n, k)."""
    return np.mean([softmax(values, temperature) for values in logits], axis=0, dtype=np.float32)


def make_views(images: NDArray[np.uint8], views: str) -> list[NDArray[np.uint8]]:
    """The pictures, with their mirror images, or five crops of 44 pixels brought back to size, mirrored too.

    Args:
        images: uint8 (n, 48, 48, 1).
        views: One of `VIEWS`.

    Returns:
        One, two or ten arrays of the same shape.

    Raises:
        InputError: If the name is none of `VIEWS`.
    """
    if views not in VIEWS:
        raise InputError(f"There are no views {views!r}; there are {', '.join(VIEWS)}.")
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
    return np.stack([cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC) for image in images])[..., None]
