"""Makes a gate and writes it into its bundle."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import keras
import numpy as np

from models.bundle import KERAS_FILE, Bundle, load_bundle, sha256_of, write_meta
from models.candidates import Candidates
from models.conversion import require_tensorflow, to_litert
from models.engines.keras import load_network
from models.errors import InputError
from models.files import replacing
from models.gate import GATE_CURVE, GATE_CURVE_COLUMNS, GATE_FILE
from training.datasets.faceset import FaceSet, not_a_face
from training.gate import Examples, Fitted, curve, fit_gate, passed
from training.gate_network import computed, features_of, with_logit

_FACES = 7000
"""Most training pictures used, not counting those without a face."""


def make_gate(bundle: Bundle, candidates: Candidates, faces: FaceSet | None, sources: Mapping[str, Any]) -> Bundle:
    """Make a gate and write it: `gate.tflite`, its rule in `model.json`, and `gate-curve.csv`.

    Args:
        bundle: A verified bundle with `model.keras`.
        candidates: Claims of faces, their crops cut as this bundle says.
        faces: FER2013, whose Training rows are also used; or None.
        sources: Where the claims come from, for `model.json`.

    Returns:
        The bundle with its gate.

    Raises:
        InputError: If the bundle lacks `model.keras`, TensorFlow is missing, there are too few claims, or the folder
            cannot be written to.
    """
    require_tensorflow("Making a gate")
    if KERAS_FILE not in bundle.sha256:
        raise InputError(f"{bundle.path} has no {KERAS_FILE}, of which a gate is made.")
    keras.mixed_precision.set_global_policy("float32")
    features = features_of(load_network(bundle))
    extra = _extra_crops(features, faces)
    fitted = fit_gate(candidates, computed(features, candidates.crops), extra)
    rule = fitted.crop
    network = with_logit(features, rule.mean, rule.spread, rule.weights, rule.bias)
    training = {
        **sources,
        "claims": dict(sorted(Counter(candidates.label.tolist()).items())),
        "left_out": int(fitted.left_out.sum()),
        "faces": int(extra.is_face.sum()),
        "not_faces": int((~extra.is_face).sum()),
        "cross_validated": passed(candidates, fitted),
    }
    try:
        with replacing(bundle.path / GATE_FILE) as part:
            part.write_bytes(to_litert(network, "dynamic-int8"))
        _write_curve(bundle, candidates, fitted)
    except OSError as error:
        raise InputError(f"{error.filename or bundle.path} cannot be written: {error.strerror}.") from error
    digests = {**bundle.sha256, GATE_FILE: sha256_of(bundle.path / GATE_FILE)}
    gate = replace(fitted.gate, training=training)
    write_meta(replace(bundle, gate=gate, sha256=MappingProxyType(digests)))
    return load_bundle(bundle.path)


def _extra_crops(features: keras.Model, faces: FaceSet | None) -> Examples:
    """Crops of FER2013's Training rows: all without a face, and a fixed random sample of those with one."""
    if faces is None:
        return Examples(np.zeros((0, features.output_shape[-1]), np.float32), np.zeros(0, bool))
    learn = faces.split("Training")
    wrong = not_a_face(learn)
    right = np.random.default_rng(1).permutation(np.flatnonzero(~wrong))[:_FACES]
    chosen = np.concatenate((right, np.flatnonzero(wrong)))
    return Examples(computed(features, learn.images[chosen]), ~wrong[chosen])


def _write_curve(bundle: Bundle, candidates: Candidates, fitted: Fitted) -> None:
    with replacing(bundle.path / GATE_CURVE) as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(GATE_CURVE_COLUMNS)
        for rule, value, shares in curve(candidates, fitted):
            cells = ("" if share is None else f"{share:.4f}" for share in shares.values())
            writer.writerow((rule, value, *cells))
