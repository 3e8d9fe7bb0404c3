"""Emotion names, their published orders, and the spellings that people use for them."""

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

FER2013 = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""FER2013's classes; the position is the number in its `emotion` column."""

FERPLUS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""FER+'s classes (Barsoum et al. 2016), the order of its vote columns."""

MIXTURE = "mixture"
"""The head that averages a FER2013 and a FER+ head; it has FER+'s emotions."""

FOUR = ("anger", "happiness", "sadness", "neutral")
"""The four classes that one source project reduced FER2013 to, in FER2013's order."""

CONTEMPT_NO_DISGUST = tuple(name for name in FERPLUS if name != "disgust")
"""Another source project's seven: disgust out, contempt in, in FER+'s order."""

VALENCE = ("negative", "neutral", "positive")
"""How pleasant an expression looks, in three steps (the valence of Russell 1980)."""

SETS = MappingProxyType(
    {
        "fer2013": FER2013,
        "ferplus": FERPLUS,
        "four": FOUR,
        "contempt-no-disgust": CONTEMPT_NO_DISGUST,
        "valence": VALENCE,
    }
)
"""The label sets that a head can be trained on."""

HEAD_LABELS = MappingProxyType({**SETS, MIXTURE: FERPLUS})
"""Emotions of every head by its name."""

_SPELLINGS = {
    "anger": "anger angry",
    "disgust": "disgust disgusted",
    "fear": "fear fearful afraid scared",
    "happiness": "happiness happy happily joy",
    "sadness": "sadness sad",
    "surprise": "surprise surprised",
    "neutral": "neutral",
    "contempt": "contempt contemptuous",
}
_NAMES = {spelling: name for name, line in _SPELLINGS.items() for spelling in line.split()}


def canonical(name: str) -> str | None:
    """Map a spelling of an emotion (any case, also plurals such as `fears`) to its name, or None if it is none.

    >>> canonical(" Happy "), canonical("Surprises"), canonical("hungry")
    ('happiness', 'surprise', None)
    """
    word = name.strip().lower()
    return _NAMES.get(word) or _NAMES.get(word.removesuffix("s"))


def project(probabilities: NDArray[np.floating], source: Sequence[str], target: Sequence[str]) -> NDArray[np.float32]:
    """Re-order probabilities by name, drop the emotions that `target` lacks, and renormalise.

    Args:
        probabilities: Shape (n, len(source)), rows sum to 1.
        source: Emotion of each column.
        target: Emotions wanted; every one must be in `source`.

    Returns:
        float32, shape (n, len(target)), rows sum to 1. A row with nothing left becomes uniform.

    Raises:
        ValueError: If `source` lacks an emotion of `target`.
    """
    missing = [name for name in target if name not in source]
    if missing:
        raise ValueError(f"no probability for {', '.join(missing)}")
    kept = np.asarray(probabilities, np.float32)[:, [list(source).index(name) for name in target]]
    total = kept.sum(axis=1, keepdims=True)
    uniform = np.full_like(kept, 1 / len(target))
    return np.where(total > 0, kept / np.where(total > 0, total, 1), uniform)
