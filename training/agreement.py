"""Holds what a converted network says against what Keras says."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.engines import Classifier
from models.errors import InputError

LARGEST_DIFFERENCE = 1e-3
"""In probability, of a float32 export from Keras."""

LARGEST_DISAGREEMENT = 0.01
"""Share of labels on which a quantised export may differ where Keras prefers its own clearly."""

CLEAR_LEAD = MappingProxyType({"dynamic-int8": 0.02, "full-int8": 0.1})
"""From which lead in probability over the second label Keras' preference is clear, by quantisation.

Both follow from the shipped network on 2,048 pictures of PublicTest: with int8 weights 0.7 % of the labels differed,
all but 0.1 % below a lead of 0.02; with int8 activations too 2.3 %, all but 0.2 % below 0.1. Neither changed the
accuracy by more than 0.2 points.
"""

BATCH = 64

Probabilities = Mapping[str, NDArray[np.float32]]
"""Head name -> float32 (n, k)."""


def head_probabilities(classifier: Classifier, images: NDArray[np.uint8]) -> Probabilities:
    """Calibrated probabilities of every head, of pictures uint8 (n, 48, 48, 1)."""
    parts = range(0, len(images), BATCH)
    return {
        head.name: np.concatenate([classifier.probabilities(images[at : at + BATCH], head.name) for at in parts])
        for head in classifier.bundle.heads
    }


def require_agreement(what: str, given: Probabilities, wanted: Probabilities, quantisation: str) -> None:
    """Refuse a conversion that changed what the network says.

    Args:
        what: The converted file, as the beginning of the sentence.
        given: Its probabilities.
        wanted: Those of Keras, of the same pictures.
        quantisation: `float32` must agree to `LARGEST_DIFFERENCE`; the others may prefer another label where Keras
            hardly prefers its own (`CLEAR_LEAD`), or on one picture in a hundred.

    Raises:
        InputError: If it differs by more.
    """
    for head, reference in wanted.items():
        if quantisation == "float32":
            difference = float(np.abs(given[head] - reference).max())
            # `not` the other way round: NaN is no agreement
            failed, extent = not difference <= LARGEST_DIFFERENCE, f"by {difference:.4f} in probability"
        else:
            share = _differing(given[head], reference, CLEAR_LEAD[quantisation])
            failed, extent = share > LARGEST_DISAGREEMENT, f"on {100 * share:.1f} % of the labels"
        if failed:
            raise InputError(
                f"{what} ({quantisation}) differs from Keras {extent} of the head {head}, so nothing was written; "
                "choose another --quantisation or leave out --onnx."
            )


def _differing(given: NDArray[np.float32], wanted: NDArray[np.float32], lead: float) -> float:
    """Share of the rows where the labels differ though the wanted one leads the second by more than `lead`."""
    second, first = np.sort(wanted, axis=1)[:, -2:].T
    differs = (given.argmax(axis=1) != wanted.argmax(axis=1)) | ~np.isfinite(given).all(axis=1)
    return float(np.mean(differs & (first - second > lead)))
