"""Fits the gate of a bundle to claims of faces, cross-validates it by picture, and chooses its thresholds."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.candidates import PHOTO, SHOWN, Candidates
from models.errors import InputError
from models.gate import Gate, predictors, sigmoid

FOLDS = 5
"""Folds of the cross-validation; claims of one picture stay in one fold."""

RIGHT, WRONG = ("face",), ("none", "animal", "unlabelled", "turned", "made")
"""Labels that the gate learns as a face, and as not a face; `depiction` and `unknown` are left out."""

_STRENGTH = 0.1
"""Inverse regularisation strength of the crop's logit (hundreds of features); the rule above it (a dozen) uses 1."""

_HARD, _PHOTO, _LABELLED, _EXTRA = 3.0, 3.0, 2.0, 0.3
"""Weights of a face in everyday pictures, of the unchanged face of a photo, of a claim labelled as not a face, and of a
crop from elsewhere; any other claim has weight 1."""

_DOUBTFUL = 0.5
"""An unlabelled claim is left out if a gate fitted on the others gives it at least this probability: if some pictures
show people, not every part of them has been labelled."""

LOOKS, CROP = "looks", "crop"
"""Names of the rules: with the evidence of second looks, and from the crop alone."""

_VALUES = (0.01, 0.02, *(step / 20 for step in range(1, 20)), 0.98, 0.99)

PHOTOS_KEPT = 0.975
"""Least fraction of the photos' faces that the thresholds keep, cross-validated."""

MOST_WRONG = 0.05
"""Largest fraction of wrong claims among the accepted ones, as far as enough faces are kept."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Further crops for training, apart from the candidates: faces, and pictures without faces.

    Attributes:
        features: Of the crops, (n, k).
        is_face: bool (n,).
    """

    features: NDArray[np.float32]
    is_face: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CropRule:
    """The top of the gate network: ((features - mean) / spread) @ weights + bias."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def logits(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """Logits (n,) of features (n, k)."""
        values: NDArray[np.float64] = (features - self.mean) / self.spread @ self.weights + self.bias
        return values


@dataclass(frozen=True, slots=True)
class Fitted:
    """A gate with its cross-validated results.

    Attributes:
        crop: The top of the network, fitted on all claims.
        gate: The rule above it, likewise, without its `training`.
        looks: Cross-validated probabilities of the claims, (n,); NaN if there is no evidence.
        alone: Likewise, by the crop alone.
        left_out: Unlabelled claims that probably are faces, bool (n,).
    """

    crop: CropRule
    gate: Gate
    looks: NDArray[np.float32]
    alone: NDArray[np.float32]
    left_out: NDArray[np.bool_]


def fit_gate(candidates: Candidates, features: NDArray[np.float32], extra: Examples) -> Fitted:
    """Fit a gate and cross-validate it.

    Args:
        candidates: Claims of faces.
        features: Of their crops, (n, k).
        extra: Further crops.

    Raises:
        InputError: If too few pictures have right claims, or wrong ones.
    """
    right, wrong = np.isin(candidates.label, RIGHT), np.isin(candidates.label, WRONG)
    for chosen, what in ((right, "faces"), (wrong, "claims that are no face")):
        if len(set(candidates.picture[chosen].tolist())) < FOLDS:
            raise InputError(f"There are too few pictures with {what} to make a gate of; name more folders.")
    fold = _folds(candidates.picture.tolist())
    left_out = np.zeros(len(candidates), bool)
    crop_logits = _cross_validated(candidates, features, extra, fold, left_out)
    if _people_among(candidates):
        left_out = (candidates.label == "unlabelled") & (sigmoid(crop_logits) > _DOUBTFUL)
        crop_logits = _cross_validated(candidates, features, extra, fold, left_out)
    used = (right | wrong) & ~left_out
    crop = _fit_crop(candidates, features, extra, used, np.ones(len(extra.is_face), bool))
    seen = has_looks(candidates)
    looks, alone = np.full((2, len(candidates)), np.nan, np.float32)
    columns = predictors(crop_logits, np.nan_to_num(candidates.evidence))
    for part in range(FOLDS):
        here, learned = fold == part, used & (fold != part)
        looks[here & seen] = _rule(columns, right, learned & seen, candidates).predict_proba(columns[here & seen])[:, 1]
        one = crop_logits[:, np.newaxis]
        alone[here] = _rule(one, right, learned, candidates).predict_proba(one[here])[:, 1]
    by_looks = _rule(columns, right, used & seen, candidates)
    by_crop = _rule(crop_logits[:, np.newaxis], right, used, candidates)
    gate = Gate(
        weights=tuple(by_looks.coef_[0].tolist()),
        bias=float(by_looks.intercept_[0]),
        threshold=threshold(candidates, looks, seen),
        crop_weight=float(by_crop.coef_[0, 0]),
        crop_bias=float(by_crop.intercept_[0]),
        crop_threshold=threshold(candidates, alone, ~seen),
        training={},
    )
    return Fitted(crop, gate, looks, alone, left_out)


def threshold(candidates: Candidates, probabilities: NDArray[np.float32], here: NDArray[np.bool_]) -> float:
    """Choose the probability from which a claim is accepted.

    The lowest at which at most `MOST_WRONG` of the accepted claims are wrong, but never so high that fewer than
    `PHOTOS_KEPT` of the photos' faces are kept.

    Args:
        candidates: The claims.
        probabilities: Of each, cross-validated.
        here: Mask of the claims that count.

    Returns:
        Above 0 and below 1; 0.5 where no claim is shown.
    """
    photos = here & (candidates.way == PHOTO)
    others = here & (candidates.way == SHOWN)
    right = others & np.isin(candidates.label, ("face", "depiction", "unknown"))
    wrong = others & np.isin(candidates.label, ("none", "animal", "unlabelled"))
    highest = float(np.quantile(probabilities[photos], 1 - PHOTOS_KEPT)) if photos.any() else 0.5
    for value in np.sort(probabilities[others]):
        believed = probabilities >= value
        count = int((believed & (right | wrong)).sum())
        if value < highest and int((believed & wrong).sum()) <= MOST_WRONG * count:
            highest = float(value)
            break
    return float(np.clip(highest, 0.01, 0.99))


def curve(candidates: Candidates, fitted: Fitted) -> list[tuple[str, float, dict[str, float | None]]]:
    """Fractions of the shown claims of each label that are accepted at each threshold: (rule, threshold, fractions)."""
    rows = []
    for rule, probabilities, groups in _by_rule(candidates, fitted):
        for value in _VALUES:
            shares = {
                name: float((probabilities[members] >= value).mean()) if members.any() else None
                for name, members in groups.items()
            }
            rows.append((rule, value, shares))
    return rows


def passed(candidates: Candidates, fitted: Fitted) -> dict[str, dict[str, tuple[int, int]]]:
    """Number of shown claims of each label accepted at the chosen threshold, cross-validated, and their total:
    {rule: {label: (accepted, claims)}}."""
    chosen = {LOOKS: fitted.gate.threshold, CROP: fitted.gate.crop_threshold}
    return {
        rule: {
            name: (int((probabilities[members] >= chosen[rule]).sum()), int(members.sum()))
            for name, members in groups.items()
        }
        for rule, probabilities, groups in _by_rule(candidates, fitted)
    }


def _by_rule(
    candidates: Candidates, fitted: Fitted
) -> list[tuple[str, NDArray[np.float32], dict[str, NDArray[np.bool_]]]]:
    """Each rule, its probabilities, and the shown claims it applies to, by their content."""
    by_rule = []
    for rule, probabilities, here in (
        (LOOKS, fitted.looks, has_looks(candidates)),
        (CROP, fitted.alone, ~has_looks(candidates)),
    ):
        shown = here & (candidates.way == SHOWN)
        groups = {"photos": here & (candidates.way == PHOTO)}
        groups |= {label: shown & (candidates.label == label) for label in ("face", "animal", "depiction", "none")}
        groups |= {
            "unlabelled": shown & (candidates.label == "unlabelled"),
            "made": here & (candidates.label == "made"),
        }
        by_rule.append((rule, probabilities, groups))
    return by_rule


def has_looks(candidates: Candidates) -> NDArray[np.bool_]:
    """Which claims come with the evidence of second looks, bool (n,)."""
    return np.asarray(np.isfinite(candidates.evidence).all(axis=1), np.bool_)


def _cross_validated(
    candidates: Candidates,
    features: NDArray[np.float32],
    extra: Examples,
    fold: NDArray[np.int64],
    left_out: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The crop's logit of each claim, (n,), by a rule fitted without any claim of its picture."""
    used = np.isin(candidates.label, (*RIGHT, *WRONG)) & ~left_out
    extra_fold = np.arange(len(extra.is_face)) % FOLDS
    logits = np.empty(len(candidates))
    for part in range(FOLDS):
        rule = _fit_crop(candidates, features, extra, used & (fold != part), extra_fold != part)
        logits[fold == part] = rule.logits(features[fold == part])
    return logits


def _fit_crop(
    candidates: Candidates,
    features: NDArray[np.float32],
    extra: Examples,
    used: NDArray[np.bool_],
    extra_used: NDArray[np.bool_],
) -> CropRule:
    values = np.concatenate((features[used], extra.features[extra_used])).astype(np.float64)
    answers = np.concatenate((np.isin(candidates.label[used], RIGHT), extra.is_face[extra_used]))
    weights = np.concatenate((_weights(candidates)[used], np.full(int(extra_used.sum()), _EXTRA)))
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    fitted = LogisticRegression(C=_STRENGTH, max_iter=300).fit((values - mean) / spread, answers, weights)
    return CropRule(mean, spread, fitted.coef_[0], float(fitted.intercept_[0]))


def _rule(
    columns: NDArray[np.float64], right: NDArray[np.bool_], used: NDArray[np.bool_], candidates: Candidates
) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=500).fit(columns[used], right[used], _weights(candidates)[used])


def _folds(pictures: Sequence[str]) -> NDArray[np.int64]:
    """The fold of each picture, derived from its name, so that new pictures do not change the folds of the others."""
    return np.array([zlib.crc32(name.encode()) % FOLDS for name in pictures])


def _weights(candidates: Candidates) -> NDArray[np.float64]:
    """The weight of each claim: faces in everyday pictures, and labelled claims, are few and difficult."""
    weights = np.ones(len(candidates))
    labelled = np.isin(candidates.label, ("none", "animal"))
    weights[labelled] = _LABELLED
    weights[candidates.way == PHOTO] = _PHOTO
    weights[(candidates.label == "face") & _from_everyday_pictures(candidates)] = _HARD
    return weights


def _from_everyday_pictures(candidates: Candidates) -> NDArray[np.bool_]:
    """Which claims come from folders of everyday pictures rather than from photos of faces."""
    others: NDArray[np.bool_] = ~np.char.startswith(candidates.way, PHOTO)
    return others


def _people_among(candidates: Candidates) -> bool:
    """Whether the everyday pictures show people, so that an unlabelled claim may be one."""
    return bool(((candidates.label == "face") & _from_everyday_pictures(candidates)).any())
