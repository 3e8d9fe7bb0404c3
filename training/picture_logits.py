"""Combined predictions of several bundles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.emotions import SETS
from models.engines import open_classifier
from models.errors import InputError
from training.evaluate import mean_probabilities, view_logits
from training.logits_file import SMALLEST


def picture_logits(bundles: Sequence[Bundle], images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Log of the bundles' mean probabilities, each bundle averaged over the picture and its mirror image.

    Args:
        bundles: At least one.
        images: uint8 (n, 48, 48, 1).

    Returns:
        {head: float32 (n, k)} for every trained head common to all bundles.

    Raises:
        InputError: If they have no head in common.
    """
    shared = [
        head.name
        for head in bundles[0].heads
        if head.name in SETS and all(head.name in {other.name for other in bundle.heads} for bundle in bundles)
    ]
    if not shared:
        raise InputError(f"{', '.join(str(bundle.path) for bundle in bundles)} have no head in common.")
    parts: dict[str, list[NDArray[np.float32]]] = {name: [] for name in shared}
    for bundle in bundles:
        classifier = open_classifier(bundle)
        try:
            views = view_logits(classifier, images, "flip")
        finally:
            classifier.close()
        temperatures = {head.name: head.temperature for head in bundle.heads}
        for name in shared:
            parts[name].append(mean_probabilities(views[name], temperatures[name]))
    return {name: np.log(np.mean(values, axis=0) + SMALLEST).astype(np.float32) for name, values in parts.items()}
