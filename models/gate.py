"""The gate of a bundle, which decides whether a claim is a face, and how its two parts give one probability.

The first part is a network (`gate.tflite`) that classifies the 48x48 crop as face or not; the second combines its logit
with the evidence of second looks (`app/detectors/evidence.py`), if the detector can provide it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

GATE_FILE = "gate.tflite"
GATE_CURVE = "gate-curve.csv"
GATE_CURVE_COLUMNS = ("rule", "threshold", "photos", "face", "animal", "depiction", "none", "unlabelled", "made")
"""Columns of `gate-curve.csv`: the rule (`looks`, or `crop`: the crop alone), its threshold, and the fractions of the
claims with each label that pass, cross-validated by picture. `photos`: the faces of labelled photos."""

EVIDENCE = ("score", "look_1.5", "look_2.0", "look_2.8", "look_mirrored", "overlap", "spread")
"""Columns of the evidence: the claim's score, those of the looks (0 if they find nothing there), the mean overlap of
their faces with the claim, and the spread of their eyes, nose and mouth, in sides of the box."""

SCORES = 5
"""Number of leading columns that are scores, 0..1."""

LOOKS_THRESHOLD = 0.6
"""Least mean score without a gate."""

_FAINTEST, _SUREST = 0.02, 0.9999


@dataclass(frozen=True, slots=True)
class Gate:
    """The rule of a bundle's gate.

    Attributes:
        weights: Weights of the columns of `predictors`, in order.
        bias: Their bias.
        threshold: Least probability of a face that is shown, with evidence.
        crop_weight: Weight of the crop's logit without evidence.
        crop_bias: Its bias.
        crop_threshold: Least probability of a face that is shown, by the crop alone.
        training: Its training record: counts, sources, command.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    crop_weight: float
    crop_bias: float
    crop_threshold: float
    training: Mapping[str, Any]

    @classmethod
    def parse(cls, content: Mapping[str, Any]) -> Self:
        """Read the entry `gate` of `model.json`.

        Raises:
            KeyError, TypeError, ValueError: If it describes no gate.
        """
        weights = content["looks"]["weights"]
        if list(weights) != list(PREDICTORS):
            raise ValueError(f"its gate weighs {', '.join(weights)}, not {', '.join(PREDICTORS)}; make it again")
        looks, crop = content["looks"], content["crop"]
        gate = cls(
            weights=tuple(map(float, weights.values())),
            bias=float(looks["bias"]),
            threshold=float(looks["threshold"]),
            crop_weight=float(crop["weight"]),
            crop_bias=float(crop["bias"]),
            crop_threshold=float(crop["threshold"]),
            training=content["training"],
        )
        if not np.isfinite((*gate.weights, gate.bias, gate.crop_weight, gate.crop_bias)).all():
            raise ValueError("its gate has a weight that is not a number")
        if not 0 < gate.threshold < 1 or not 0 < gate.crop_threshold < 1:
            raise ValueError("a threshold of its gate is outside 0..1")
        return gate

    def entry(self) -> dict[str, Any]:
        """The entry of `model.json`."""
        return {
            "looks": {
                "weights": dict(zip(PREDICTORS, self.weights, strict=True)),
                "bias": self.bias,
                "threshold": self.threshold,
            },
            "crop": {"weight": self.crop_weight, "bias": self.crop_bias, "threshold": self.crop_threshold},
            "training": dict(self.training),
        }

    def with_looks(self, crop_logits: NDArray[np.floating], evidence: NDArray[np.floating]) -> NDArray[np.float32]:
        """Probabilities (n,) that claims are faces, from the gate network's logits (n,) and the evidence (n, 7)."""
        return sigmoid(predictors(crop_logits, evidence) @ np.array(self.weights) + self.bias)

    def alone(self, crop_logits: NDArray[np.floating]) -> NDArray[np.float32]:
        """Probabilities (n,) that crops show a face, from the gate network's logits (n,) alone."""
        return sigmoid(crop_logits * self.crop_weight + self.crop_bias)


PREDICTORS = ("crop", *(f"logit_{name}" for name in EVIDENCE[:SCORES]), *EVIDENCE[SCORES:], "logit_weakest")


def predictors(crop_logits: NDArray[np.floating], evidence: NDArray[np.floating]) -> NDArray[np.float64]:
    """The predictors of the gate, (n, 9), columns as `PREDICTORS`; scores enter as log odds.

    Args:
        crop_logits: Of the gate network, shape (n,).
        evidence: Shape (n, 7), columns as `EVIDENCE`.
    """
    odds = score_odds(evidence[:, :SCORES])
    return np.column_stack((crop_logits, odds, evidence[:, SCORES:], odds.min(axis=1)))


def score_odds(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Log odds of a detector's scores, same shape; the lowest and highest scores do not count as certain."""
    return _odds(scores, _FAINTEST, _SUREST)


def sigmoid(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """1 / (1 + exp(-x)), without overflow.

    >>> sigmoid(np.array([0.0, -1e9, 1e9])).tolist()
    [0.5, 0.0, 1.0]
    """
    return (0.5 * (1 + np.tanh(np.asarray(logits, np.float64) / 2))).astype(np.float32)


def log_odds(probabilities: ArrayLike) -> NDArray[np.float64]:
    """The inverse of `sigmoid`, same shape; values are clipped to a millionth from 0 and 1."""
    return _odds(probabilities, 1e-6, 1 - 1e-6)


def _odds(shares: ArrayLike, least: float, most: float) -> NDArray[np.float64]:
    values = np.clip(np.asarray(shares, np.float64), least, most)
    return np.asarray(np.log(values / (1 - values)), np.float64)


def mean_score(evidence: NDArray[np.floating]) -> NDArray[np.float32]:
    """The probability without a gate: the mean of the claim's score and those of the looks, shape (n,)."""
    return np.asarray(evidence[:, :SCORES].mean(axis=1), np.float32)
