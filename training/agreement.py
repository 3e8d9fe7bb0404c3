"""Checks that a converted network agrees with Keras."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.engines import Classifier
from models.errors import InputError

LARGEST_DIFFERENCE = 1e-3
"""Largest difference in probability allowed between a float32 export and Keras."""

LARGEST_DISAGREEMENT = 0.01
"""Share of labels on which a quantised export may differ although Keras clearly prefers its own."""

CLEAR_LEAD = MappingProxyType({"dynamic-int8": 0.02, "full-int8": 0.1})
"""Lead in probability over the second label above which Keras' preference is clear, by quantisation.

Measured with the shipped network on 2,048 pictures of PublicTest: with int8 weights 0.7 % of the labels differed, all
but 0.1 % below a lead of 0.02; with int8 activations as well 2.3 %, all but 0.2 % below 0.1. Neither changed the
accuracy by more than 0.2 points.
"""

BATCH = 64

Probabilities = Mapping[str, NDArray[np.float32]]
"""Head name -> float32 (n, k)."""


def head_probabilities(classifier: Classifier, images: NDArray[np.uint8]) -> Probabilities:
    """Calibrated probabilities of every head for pictures uint8 (n, 48, 48, 1)."""
    parts = range(0, len(images), BATCH)
    return {
        head.name: np.concatenate([classifier.probabilities(images[at : at + BATCH], head.name) for at in parts])
        for head in classifier.bundle.heads
    }


def require_agreement(what: str, given: Probabilities, wanted: Probabilities, quantisation: str) -> None:
    """Raise if a conversion changed the network's output too much.

    Args:
        what: Name of the converted file; begins the error's sentence.
        given: Its probabilities.
        wanted: Keras' probabilities for the same pictures.
        quantisation: `float32` must agree within `LARGEST_DIFFERENCE`; the others may choose another label where Keras
            has no clear preference (`CLEAR_LEAD`), or on one picture in a hundred.

    Raises:
        InputError: If they differ by more.
    """
    for head, reference in wanted.items():
        if quantisation == "float32":
            difference = float(np.abs(given[head] - reference).max())
            # not `>`: NaN must fail too
            failed, extent = not difference <= LARGEST_DIFFERENCE, f"by {difference:.4f} in probability"
        else:
            share = _differing(given[head], reference, CLEAR_LEAD[quantisation])
            failed, extent = share > LARGEST_DISAGREEMENT, f"on {100 * share:.1f} % of the labels"
        if failed:
            raise InputError(
                f"{what} ({quantisation}) differs from Keras {extent} for the head {head}, so nothing was written; "
                "choose another --quantisation or leave out --onnx."
            )


def _differing(given: NDArray[np.float32], wanted: NDArray[np.float32], lead: float) -> float:
    """Share of rows whose labels differ although the wanted label leads the second by more than `lead`."""
    second, first = np.sort(wanted, axis=1)[:, -2:].T
    differs = (given.argmax(axis=1) != wanted.argmax(axis=1)) | ~np.isfinite(given).all(axis=1)
    return float(np.mean(differs & (first - second > lead)))
