"""The contract of every engine, and their agreement."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bundle import META, load_bundle
from models.engines import ENGINES, open_classifier
from models.engines.classifier import softmax
from models.errors import InputError


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "keras":
        pytest.importorskip("keras", reason="needs the extra `training`")
    return str(request.param)


def crops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, 48, 48, 1), dtype=np.uint8)


def test_any_number_of_faces_in_any_order(tiny_bundle: Path, engine: str) -> None:
    classifier = open_classifier(load_bundle(tiny_bundle), engine)
    alone = np.concatenate([classifier.probabilities(crop[None]) for crop in crops(19)])
    for n in (0, 1, 8, 9, 19, 2):
        given_ = classifier.probabilities(crops(19)[:n])
        assert given_.shape == (n, 8) and given_.dtype == np.float32
        assert np.allclose(given_, alone[:n], atol=1e-5)
    assert np.allclose(alone.sum(axis=1), 1, atol=1e-5)
    assert classifier.labels == classifier.bundle.labels
    assert classifier.probabilities(crops(2), "fer2013").shape == (2, 7)
    classifier.close()
    classifier.close()


def test_mirrored_is_the_mean_of_both(tiny_bundle: Path, engine: str) -> None:
    classifier = open_classifier(load_bundle(tiny_bundle), engine)
    pictures = crops(3)
    both = [classifier.probabilities(views) for views in (pictures, pictures[:, :, ::-1])]
    np.testing.assert_allclose(classifier.probabilities(pictures, mirrored=True), np.mean(both, axis=0), atol=1e-4)
    assert np.abs(both[0] - both[1]).max() > 1e-4
    assert classifier.probabilities(pictures[:0], mirrored=True).shape == (0, both[0].shape[1])
    classifier.close()


def test_other_shapes_and_types_are_refused(tiny_bundle: Path, engine: str) -> None:
    classifier = open_classifier(load_bundle(tiny_bundle), engine)
    for wrong in (crops(1).astype(np.float32), crops(1)[:, :40], crops(1)[..., 0]):
        with pytest.raises(ValueError, match="crops are uint8"):
            classifier.probabilities(wrong)


def test_a_network_that_the_bundle_does_not_list_is_not_loaded(tiny_bundle: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny_bundle, tmp_path / "copy"))
    content = json.loads((copy / META).read_text())
    del content["sha256"]["model.keras"]
    (copy / META).write_text(json.dumps(content))
    bundle = load_bundle(copy)
    assert (copy / "model.keras").is_file()
    with pytest.raises(InputError, match=r"no model\.keras, or none that model\.json lists"):
        open_classifier(bundle, "keras")


def test_a_label_too_few_is_refused(tiny_bundle: Path, engine: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny_bundle, tmp_path / "copy"))
    content = json.loads((copy / META).read_text())
    content["heads"][1]["labels"].pop()
    (copy / META).write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"model\.json lists 7 labels .* the network has 8"):
        open_classifier(load_bundle(copy), engine)


def test_a_file_that_is_no_network_is_refused(tiny_bundle: Path, engine: str, tmp_path: Path) -> None:
    from models.bundle import sha256_of

    copy = Path(shutil.copytree(tiny_bundle, tmp_path / "copy"))
    content = json.loads((copy / META).read_text())
    for file in ("model.tflite", "model.keras"):
        (copy / file).write_bytes(b"no network at all" * 50)
        content["sha256"][file] = sha256_of(copy / file)
    (copy / META).write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"model\.(tflite|keras)"):
        open_classifier(load_bundle(copy), engine)


def test_an_unknown_engine_is_refused(tiny_bundle: Path) -> None:
    with pytest.raises(InputError, match="litert, keras"):
        open_classifier(load_bundle(tiny_bundle), "steam")


@pytest.mark.training
def test_litert_and_keras_agree_on_500_crops() -> None:
    """The quantised default bundle: 99 % of the labels agree, on crops of the demo clip."""
    pytest.importorskip("keras", reason="needs the extra `training`")
    bundle = load_bundle()
    pictures = demo_crops(500)
    given_ = {engine: open_classifier(bundle, engine).probabilities(pictures) for engine in ENGINES}
    same = np.mean(given_["litert"].argmax(axis=1) == given_["keras"].argmax(axis=1))
    if bundle.training["quantisation"] == "float32":
        assert np.abs(given_["litert"] - given_["keras"]).max() < 1e-3
    assert same >= 0.99


def demo_crops(n: int) -> np.ndarray:
    """Crops of the demo clip around the true places, shifted and scaled at random; uint8 (n, 48, 48, 1)."""
    import csv

    import cv2

    assets = Path(__file__).resolve().parents[2] / "assets"
    with (assets / "demo.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    rng = np.random.default_rng(2)
    chosen = sorted(rng.choice(len(rows), n, replace=n > len(rows)))
    capture, images = cv2.VideoCapture(str(assets / "demo.mp4")), {}
    wanted = {int(rows[i]["frame"]) for i in chosen}
    for index in range(max(wanted) + 1):
        good, image = capture.read()
        assert good
        if index in wanted:
            images[index] = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    capture.release()
    result = []
    for i in chosen:
        x, y, side = (int(rows[i][key]) for key in ("x", "y", "w"))
        gray = cv2.copyMakeBorder(images[int(rows[i]["frame"])], 60, 60, 60, 60, cv2.BORDER_REPLICATE)
        margin = int(side * rng.uniform(0.0, 0.15))
        left, top = x + 60 + margin + int(rng.integers(-8, 9)), y + 60 + margin + int(rng.integers(-8, 9))
        part = gray[max(top, 0) : top + side - 2 * margin, max(left, 0) : left + side - 2 * margin]
        result.append(cv2.resize(part, (48, 48), interpolation=cv2.INTER_AREA))
    return np.stack(result)[..., None]


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=9), st.floats(0.1, 10))
def test_softmax_is_a_distribution_that_keeps_the_order(row: list[float], temperature: float) -> None:
    logits = np.array([row], np.float32)
    given_ = softmax(logits, temperature)
    assert given_.sum() == pytest.approx(1, abs=1e-5)
    assert given_[0, logits[0].argmax()] == given_.max()


def test_litert_runs_without_tensorflow(tiny_bundle: Path) -> None:
    program = (
        "import sys; import numpy as np; from models.bundle import load_bundle;"
        "from models.engines import open_classifier;"
        f"c = open_classifier(load_bundle({str(tiny_bundle)!r})); c.probabilities(np.zeros((2, 48, 48, 1), np.uint8));"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).resolve().parents[2])
