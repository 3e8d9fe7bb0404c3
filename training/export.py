"""From a training run to a bundle: rebuild in float32, convert, calibrate, compare every file with Keras, measure."""

import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import keras
import numpy as np
from numpy.typing import NDArray

from models.bundle import (
    KERAS_FILE,
    LITERT_FILE,
    META,
    Bundle,
    load_bundle,
    read_meta,
    sha256_of,
    write_meta,
)
from models.conversion import require_tensorflow, to_litert
from models.detectors import first_crops
from models.engines import Classifier, open_classifier
from models.gate import GATE_FILE
from training.agreement import Probabilities, head_probabilities, require_agreement
from training.datasets.faceset import FaceSet
from training.datasets.reading import FILES, VOTES_FILE
from training.evaluate import evaluate
from training.keras_file import save_half
from training.onnx_file import OnnxEngine, write_onnx
from training.run_folder import epochs_trained
from training.run_network import describe_network, load_run_network, selected_on, with_temperatures
from training.run_record import read_record

ONNX_FILE = "model.onnx"

REPRESENTATIVE = 300
"""Calibration pictures from which `full-int8` takes the range of each activation."""

COMPARED = 500
"""Approximate largest number of pictures on which a converted file is compared with Keras."""


def export(run: Path, out: Path, faces: FaceSet, *, quantisation: str = "dynamic-int8", onnx: bool = False) -> Bundle:
    """Write a run's best weights as a bundle; `out` is replaced only after all checks have passed.

    Args:
        run: Folder of a training run.
        out: Folder of the bundle; its existing crop geometries, its gate, which is a network of its own, and any files
            that are not the bundle's are kept.
        faces: The data of the run: temperatures are fitted on its validation rows, figures are measured on PublicTest.
        quantisation: Of `model.tflite`, one of `models.conversion.QUANTISATIONS`.
        onnx: Also write `model.onnx`, in float32.

    Raises:
        InputError: If the run cannot be read, TensorFlow is missing, or a converted network disagrees with Keras.
    """
    require_tensorflow("The LiteRT export")
    record = read_record(run)
    keras.mixed_precision.set_global_policy("float32")  # regardless of the training precision
    network = load_run_network(run)
    check = selected_on(faces, record, run)
    earlier = read_meta(out) if (out / META).is_file() else None
    kept = {} if earlier is None else _digest_of_gate(earlier)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
        part = Path(folder)
        save_half(network, part / KERAS_FILE)
        (part / LITERT_FILE).write_bytes(to_litert(network, quantisation, representative(faces, record.seed)))
        if onnx:
            write_onnx(network, part / ONNX_FILE)
        files = [KERAS_FILE, LITERT_FILE, *([ONNX_FILE] if onnx else [])]
        training = {**record.as_dict(), "quantisation": quantisation, "epochs_trained": epochs_trained(run)}
        bundle = replace(
            describe_network(part, network, record.model, training),
            crops=first_crops() if earlier is None else earlier.crops,
            gate=earlier.gate if earlier is not None and kept else None,
            sha256=MappingProxyType({file: sha256_of(part / file) for file in files} | kept),
        )
        bundle = with_temperatures(bundle, check, _litert_logits(bundle, check.images))
        _compare_with_keras(bundle, check.images, quantisation)
        write_meta(_measured(bundle, faces, out))
        out.mkdir(exist_ok=True)
        (out / ONNX_FILE).unlink(missing_ok=True)  # from an earlier export; `model.json` no longer lists it
        for file in (*files, META):
            shutil.move(part / file, out / file)
    return load_bundle(out)


def _digest_of_gate(bundle: Bundle) -> dict[str, str]:
    """The entry of the gate's file in `sha256`; empty without a gate, or if the file is not the one listed."""
    file = bundle.path / GATE_FILE
    if bundle.gate is None or not file.is_file() or sha256_of(file) != bundle.sha256[GATE_FILE]:
        return {}
    return {GATE_FILE: bundle.sha256[GATE_FILE]}


def representative(faces: FaceSet, seed: int) -> NDArray[np.uint8]:
    """Random Training pictures, uint8 (up to `REPRESENTATIVE`, 48, 48, 1); the same for the same seed."""
    images = faces.split("Training").images
    chosen = np.random.default_rng(seed).permutation(len(images))[:REPRESENTATIVE]
    return images[chosen]


def _litert_logits(bundle: Bundle, images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    with closing(open_classifier(bundle)) as classifier:
        return classifier.logits(images)


def _compare_with_keras(bundle: Bundle, images: NDArray[np.uint8], quantisation: str) -> None:
    """Compare the converted files with Keras.

    Raises:
        InputError: If one differs too much, as in `require_agreement`.
    """
    some = images[:: max(1, len(images) // COMPARED)]
    wanted = _probabilities(open_classifier(bundle, "keras"), some)
    require_agreement(LITERT_FILE, _probabilities(open_classifier(bundle), some), wanted, quantisation)
    if ONNX_FILE in bundle.sha256:
        classifier = Classifier(bundle, "onnx", OnnxEngine(bundle.path / ONNX_FILE))
        require_agreement(ONNX_FILE, _probabilities(classifier, some), wanted, "float32")


def _probabilities(classifier: Classifier, images: NDArray[np.uint8]) -> Probabilities:
    try:
        return head_probabilities(classifier, images)
    finally:
        classifier.close()


def _measured(bundle: Bundle, faces: FaceSet, out: Path) -> Bundle:
    """The bundle with its PublicTest figures and the commands for them; unchanged if the data has no such rows."""
    if not len(faces.split("PublicTest")):
        return bundle
    classifier = open_classifier(bundle)
    figures = []
    model = f"{out.parent.name}/{out.name}" if out.is_absolute() else out.as_posix()
    data = bundle.training["data"].get("file") or FILES[0]
    ferplus = "" if faces.votes is None else f" --ferplus {VOTES_FILE}"
    for views in ("single", "flip"):
        command = (
            f"python -m training evaluate --model {model} --data {data}{ferplus} --split PublicTest --views {views}"
        )
        result = evaluate(classifier, faces, "PublicTest", views)
        named = "FER2013 accuracy" if result["labels"] == "fer2013" else f"accuracy on {result['labels']}"
        for figure, values in ((named, result), ("FER+ accuracy (official rule)", result.get("ferplus"))):
            if values is not None:
                entry = {"value": values["accuracy"], "split": "PublicTest", "n": values["n"], "command": command}
                figures.append({"figure": f"{figure}, {views}", **entry})
    classifier.close()
    return replace(bundle, metrics=tuple(figures))
