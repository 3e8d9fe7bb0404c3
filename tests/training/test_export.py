"""Export of a run to a bundle: every file agrees with Keras, or nothing is written."""

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from models.bundle import KERAS_FILE, LITERT_FILE, META, CropGeometry, load_bundle, set_crops
from models.conversion import QUANTISATIONS, to_litert
from models.emotions import SETS
from models.engines import Classifier, open_classifier
from models.errors import InputError
from models.gate import GATE_FILE
from tests.training.claims import scene
from training import export as module
from training import run_network
from training.agreement import require_agreement
from training.architectures.layers import gray_input, logits
from training.checkpoint import save_variables
from training.commands.export import print_bundle
from training.datasets.faceset import FaceSet
from training.datasets.fer2013 import read_fer2013
from training.export import ONNX_FILE, REPRESENTATIVE, export, representative
from training.gate_bundle import make_gate
from training.onnx_file import OnnxEngine, write_onnx
from training.run_folder import BEST, CONFIG, HISTORY

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def faces(csv_files: tuple[Path, Path]) -> FaceSet:
    return read_fer2013(*csv_files)


def tiny(_name: str, heads: dict[str, int]) -> keras.Model:
    """A small network, quick to convert, whose random outputs are confident."""
    keras.utils.set_random_seed(2)
    inputs, x = gray_input()
    x = keras.layers.Conv2D(8, 9, strides=6, activation="relu")(x)
    x = 2 * keras.layers.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, logits(x, heads), name="tiny")


@pytest.fixture(scope="module", autouse=True)
def tiny_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_network, "build", tiny)
        yield


def make_run(folder: Path, *labels: str) -> Path:
    """The folder of a run with an untrained network."""
    keras.mixed_precision.set_global_policy("float32")
    network = tiny("tiny", {name: len(SETS[name]) for name in labels})
    folder.mkdir()
    save_variables(folder / BEST, network.variables, epoch=1)
    config = {"model": "tiny", "labels": labels, "seed": 3, "data": {"ferplus": True, "split": "official"}}
    (folder / CONFIG).write_text(json.dumps(config))
    (folder / HISTORY).write_text("epoch,loss\n1,0.5\n2,0.4\n")
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("runs") / "both", "fer2013", "ferplus")


@pytest.fixture(scope="module")
def bundle(run: Path, faces: FaceSet) -> Path:
    export(run, run / "bundle", faces, quantisation="full-int8", onnx=True)
    return run / "bundle"


def crops(n: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 256, (n, 48, 48, 1), dtype=np.uint8)


def test_a_bundle_lists_every_file_and_what_was_done(bundle: Path) -> None:
    loaded = load_bundle(bundle)
    assert set(loaded.sha256) == {KERAS_FILE, LITERT_FILE, ONNX_FILE}
    assert {path.name for path in bundle.iterdir()} == {*loaded.sha256, META}
    assert [head.name for head in loaded.heads] == ["fer2013", "ferplus", "mixture"]
    assert loaded.training["quantisation"] == "full-int8"
    assert loaded.training["epochs_trained"] == 2
    assert all(head.temperature != 1 for head in loaded.heads)
    assert [path.name for path in bundle.parent.glob(".export-*")] == []


@pytest.mark.parametrize("n", [1, 7])
def test_onnx_takes_any_number_of_faces_and_says_what_keras_says(bundle: Path, n: int) -> None:
    import onnx

    loaded = load_bundle(bundle)
    given = Classifier(loaded, "onnx", OnnxEngine(bundle / ONNX_FILE)).logits(crops(n))
    wanted = open_classifier(loaded, "keras").logits(crops(n))
    assert set(given) == set(wanted) == {"fer2013", "ferplus", "mixture"}
    for head in wanted:
        assert np.allclose(given[head], wanted[head], atol=1e-4)
    graph = onnx.load(bundle / ONNX_FILE).graph
    values = {value.name: value.type.tensor_type.shape.dim for value in (*graph.input, *graph.output)}
    assert set(values) == {"gray", *wanted}
    assert {dims[0].dim_param for dims in values.values()} == {"batch"}


def test_an_export_keeps_crops_and_foreign_files_and_drops_an_older_onnx(
    run: Path, bundle: Path, faces: FaceSet, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(bundle, tmp_path / "out"))
    fitted = CropGeometry(1.3, 0.1, -0.1)
    set_crops(load_bundle(out), {"haar": fitted})
    (out / "README.md").write_text("a card")
    written = export(run, out, faces, quantisation="float32")
    assert set(written.sha256) == {KERAS_FILE, LITERT_FILE}
    assert {path.name for path in out.iterdir()} == {KERAS_FILE, LITERT_FILE, META, "README.md"}
    assert written.crop("haar") == fitted
    difference = open_classifier(written).probabilities(crops(9)) - open_classifier(written, "keras").probabilities(
        crops(9)
    )
    assert np.abs(difference).max() < 1e-3


@pytest.mark.parametrize("whole", [True, False])
def test_an_export_keeps_a_gate_whose_file_is_whole(
    whole: bool, run: Path, bundle: Path, faces: FaceSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path(shutil.copytree(bundle, tmp_path / "out"))
    candidates, _ = scene(np.random.default_rng(2))
    gate = make_gate(load_bundle(out), candidates, None, {}).gate
    if not whole:
        (out / GATE_FILE).write_bytes(b"cut")
    written = export(run, out, faces, quantisation="float32")
    assert written.gate == (gate if whole else None)
    assert (GATE_FILE in written.sha256) == whole
    print_bundle(written)
    assert ("gate that was there is kept" in capsys.readouterr().out) == whole


@pytest.mark.parametrize("file", [LITERT_FILE, ONNX_FILE])
def test_a_file_that_says_something_else_is_never_written(
    run: Path, faces: FaceSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """The converter gets the head's weights wrong."""

    def broken(network: keras.Model) -> keras.Model:
        other = keras.models.clone_model(network)
        other.set_weights([-1.5 * weight if weight.shape[-1] in (7, 8) else weight for weight in network.get_weights()])
        return other

    def litert(network: keras.Model, *rest: Any) -> bytes:
        return to_litert(broken(network) if file == LITERT_FILE else network, *rest)

    monkeypatch.setattr(module, "to_litert", litert)
    monkeypatch.setattr(
        module, "write_onnx", lambda network, path: write_onnx(broken(network) if file == ONNX_FILE else network, path)
    )
    with pytest.raises(InputError, match=rf"{file}.*differs from Keras .* nothing was written"):
        export(run, tmp_path / "out", faces, onnx=file == ONNX_FILE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("quantisation", "change", "agrees"),
    [
        ("float32", 0.0005, True),
        ("float32", 0.01, False),
        ("float32", np.nan, False),
        ("dynamic-int8", 0.01, True),
        ("dynamic-int8", 0.1, False),
        ("full-int8", 0.1, True),
        ("full-int8", 0.6, False),
        ("full-int8", np.nan, False),
    ],
)
def test_how_much_a_conversion_may_change(quantisation: str, change: float, agrees: bool) -> None:
    """The probability of the second label grows by `change` on all pictures; the first leads by 0.008 to 0.4."""
    lead = np.linspace(0.008, 0.4, 50)[:, None] * [[1, -1, 0]] / 2
    if quantisation == "dynamic-int8" and agrees:
        lead = lead[:2]
    if quantisation == "full-int8" and agrees:
        lead = lead[:10]
    wanted = np.array([[0.4, 0.4, 0.2]]) + lead
    given = wanted + np.array([[0, change, 0]])
    arguments = ("model.x", {"head": given.astype(np.float32)}, {"head": wanted.astype(np.float32)}, quantisation)
    if agrees:
        require_agreement(*arguments)
    else:
        with pytest.raises(InputError, match=r"model\.x .*differs from Keras .*the head head"):
            require_agreement(*arguments)


def test_onnx_normalises_as_in_inference_behind_a_layer_that_is_in_training_by_itself(tmp_path: Path) -> None:
    """Resizing in Keras is such a layer; the batch normalisation after it would otherwise use batch statistics."""
    inputs, x = gray_input()
    x = keras.layers.Conv2D(4, 9, strides=6)(keras.layers.Resizing(60, 60)(x))
    x = keras.layers.GlobalMaxPooling2D()(keras.layers.BatchNormalization()(x))
    network = keras.Model(inputs, logits(x, {"fer2013": 7}))
    write_onnx(network, tmp_path / "model.onnx")
    given = OnnxEngine(tmp_path / "model.onnx").logits(crops(5))
    assert np.allclose(given["fer2013"], network.predict_on_batch(crops(5).astype(np.float32))["fer2013"], atol=1e-4)


def test_a_run_of_other_labels_gets_their_head(faces: FaceSet, tmp_path: Path) -> None:
    written = export(make_run(tmp_path / "four", "four"), tmp_path / "bundle", faces, quantisation="dynamic-int8")
    (head,) = written.heads
    assert (head.name, head.labels, written.shown) == ("four", SETS["four"], "four")
    assert head.temperature != 1
    assert [metric["figure"] for metric in written.metrics] == ["accuracy on four, single", "accuracy on four, flip"]


def test_representative_pictures_are_random_training_ones(faces: FaceSet) -> None:
    chosen = representative(faces, 1)
    assert len(chosen) == 70 < REPRESENTATIVE
    training = {image.tobytes() for image in faces.split("Training").images}
    assert {image.tobytes() for image in chosen} == training
    assert np.array_equal(chosen, representative(faces, 1))
    assert not np.array_equal(chosen, representative(faces, 2))
    many = FaceSet(np.repeat(faces.images, 9, axis=0), np.repeat(faces.emotion, 9), np.repeat(faces.usage, 9))
    assert len(representative(many, 1)) == REPRESENTATIVE


def test_missing_packages_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tf2onnx" else find(name))
    with pytest.raises(InputError, match=r"ONNX export needs tf2onnx; install mimik\[training\]"):
        write_onnx(tiny("tiny", {"fer2013": 7}), tmp_path / "model.onnx")


def test_a_file_that_is_no_onnx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no network")
    with pytest.raises(InputError, match=r"model\.onnx cannot be run by ONNX Runtime"):
        OnnxEngine(tmp_path / "model.onnx")


def test_all_quantisations_are_offered() -> None:
    assert QUANTISATIONS == ("float32", "dynamic-int8", "full-int8")
