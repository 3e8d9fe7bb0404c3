"""From a training run to a bundle: rebuild in float32, convert, calibrate, compare both files, measure."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from models.bundle import KERAS_FILE, LITERT_FILE, META, Bundle, CropGeometry, Head, load_bundle, sha256_of, write_meta
from models.emotions import HEAD_LABELS, MIXTURE, SETS
from models.engines import open_classifier
from models.errors import InputError
from training.architectures import build
from training.calibration import fit_temperature
from training.checkpoint import BEST, load_variables
from training.datasets.faceset import FaceSet
from training.datasets.targets import majority
from training.evaluate import evaluate, view_logits
from training.litert import to_litert
from training.train import read_config

STARTING_CROPS = MappingProxyType({"haar": CropGeometry(1.0, 0.0, 0.0), "mediapipe": CropGeometry(1.2, 0.0, -0.08)})
"""Where FER2013's framing lies for each detector before `python -m app calibrate` has fitted it."""

LARGEST_DIFFERENCE = 1e-3
"""In probability, of a float32 export from Keras."""

LARGEST_DISAGREEMENT, NEGLIGIBLE_LEAD = 0.01, 0.02
"""Share of labels on which a quantised export may differ, and the lead in probability that makes a label count."""


def export(run: Path, out: Path, faces: FaceSet, *, quantisation: str = "dynamic-int8") -> Bundle:
    """Write a run's best weights as a bundle, and replace `out` only when everything has been checked.

    Args:
        run: Folder of a training run.
        out: Folder of the bundle; crop geometries that it already has are kept.
        faces: FER2013 with PublicTest, on which the temperatures are fitted and the figures measured.
        quantisation: Of `model.tflite`: `float32` or `dynamic-int8`.

    Raises:
        InputError: If the run cannot be read, TensorFlow is missing, or the converted network disagrees with Keras.
    """
    config = read_config(run)
    network = rebuild(run, config)
    names = list(network.output)
    crops = load_bundle(out).crops if (out / META).is_file() else STARTING_CROPS
    check = faces.split("PublicTest")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
        part = Path(folder)
        network.save(part / KERAS_FILE)
        (part / LITERT_FILE).write_bytes(to_litert(network, quantisation))
        bundle = Bundle(
            path=part,
            name=config["model"],
            input_shape=(48, 48, 1),
            heads=tuple(Head(name, HEAD_LABELS[name]) for name in names),
            shown=MIXTURE if MIXTURE in names else names[0],
            crops=crops,
            training=MappingProxyType({**config, "quantisation": quantisation}),
            metrics=(),
            sha256=MappingProxyType({file: sha256_of(part / file) for file in (KERAS_FILE, LITERT_FILE)}),
        )
        write_meta(bundle)
        calibrated = _calibrated(bundle, check)
        _hold_against_keras(calibrated, check, quantisation)
        _measured(calibrated, faces)
        out.mkdir(exist_ok=True)
        for file in (KERAS_FILE, LITERT_FILE, META):
            shutil.move(part / file, out / file)
    return load_bundle(out)


def rebuild(run: Path, config: dict[str, Any]) -> keras.Model:
    """The network of a run with its best averaged weights, under the float32 policy, whatever it was trained in."""
    keras.mixed_precision.set_global_policy("float32")
    heads = {"fer2013": len(SETS["fer2013"])}
    if config["data"]["ferplus"]:
        heads["ferplus"] = len(SETS["ferplus"])
    network = build(config["model"], heads)
    load_variables(run / BEST, network.variables)
    return network


def _calibrated(bundle: Bundle, check: FaceSet) -> Bundle:
    """Temperatures fitted on PublicTest: classes for the FER2013 head, majorities for the others."""
    classifier = open_classifier(bundle)
    logits = {name: values[0] for name, values in view_logits(classifier, check.images, "single").items()}
    classifier.close()
    truths = {"fer2013": (np.ones(len(check), bool), check.emotion.astype(np.int64))}
    if check.votes is not None:
        truths["ferplus"] = truths[MIXTURE] = majority(check.votes)
    heads = []
    for head in bundle.heads:
        rows, truth = truths[head.name]
        heads.append(Head(head.name, head.labels, fit_temperature(truth[rows], logits[head.name][rows])))
    return _with(bundle, heads=tuple(heads))


def _hold_against_keras(bundle: Bundle, check: FaceSet, quantisation: str) -> None:
    """Refuse a conversion that changed what the network says.

    Float32 must agree to 1e-3 in probability. Quantised, it may prefer another label only where Keras itself hardly
    prefers its own (`NEGLIGIBLE_LEAD`), or on one picture in a hundred.
    """
    some = check.images[:: max(1, len(check) // 500)]
    reference, converted = (_probabilities(bundle, engine, some) for engine in ("keras", "litert"))
    for name, wanted in reference.items():
        given = converted[name]
        if quantisation == "float32":
            failed = float(np.abs(given - wanted).max()) > LARGEST_DIFFERENCE
            reason = f"by {np.abs(given - wanted).max():.4f} in probability"
        else:
            lead = np.diff(np.sort(wanted, axis=1)[:, -2:], axis=1)[:, 0]
            differing = float(np.mean((given.argmax(axis=1) != wanted.argmax(axis=1)) & (lead > NEGLIGIBLE_LEAD)))
            failed, reason = differing > LARGEST_DISAGREEMENT, f"on {100 * differing:.1f} % of the labels"
        if failed:
            raise InputError(f"The converted network differs from Keras {reason} of {name}; nothing was written.")


def _probabilities(bundle: Bundle, engine: str, images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    classifier = open_classifier(bundle, engine)
    try:
        return {head.name: classifier.probabilities(images, head.name) for head in bundle.heads}
    finally:
        classifier.close()


def _measured(bundle: Bundle, faces: FaceSet) -> Bundle:
    classifier = open_classifier(bundle)
    figures = []
    for views in ("single", "flip"):
        command = (
            f"python -m training evaluate --model models/{bundle.name} --data fer2013.csv --ferplus fer2013new.csv "
            f"--split PublicTest --views {views}"
        )
        result = evaluate(classifier, faces, "PublicTest", views)
        rows = [("FER2013 accuracy", result), ("FER+ accuracy (official rule)", result.get("ferplus"))]
        for figure, values in rows:
            if values is not None:
                entry = {"value": values["accuracy"], "split": "PublicTest", "n": values["n"], "command": command}
                figures.append({"figure": f"{figure}, {views}", **entry})
    classifier.close()
    return _with(bundle, metrics=tuple(figures))


def _with(bundle: Bundle, **changes: Any) -> Bundle:
    changed = replace(bundle, **changes)
    write_meta(changed)
    return changed
