"""Bundles: the bundled ones verify, and any other is refused with the file and the reason."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.bundle import LITERT_FILE, META, CropGeometry, list_bundles, load_bundle, set_crops
from models.detectors import DETECTORS, first_crop
from models.emotions import FERPLUS
from models.errors import InputError


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "copy"))


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads((path / META).read_text())
    change(content)
    (path / META).write_text(json.dumps(content))


def test_the_default_bundle_verifies_and_has_every_key() -> None:
    bundle = load_bundle()
    assert bundle.name == "student" and "student" in list_bundles()
    assert bundle.labels == FERPLUS
    content = json.loads((bundle.path / META).read_text())
    assert set(content) == {"name", "input", "heads", "shown", "crops", "gate", "training", "metrics", "sha256"}
    assert content["input"] == [48, 48, 1]
    assert set(content["crops"]) >= {kind.name for kind in DETECTORS}
    assert set(content["sha256"]) >= {"model.tflite", "model.keras"}
    assert {frozenset(metric) for metric in content["metrics"]} == {
        frozenset({"figure", "value", "split", "n", "command"})
    }
    assert sum(file.stat().st_size for file in bundle.path.iterdir()) < 6_000_000


@pytest.mark.parametrize("file", ["model.tflite", "model.keras"])
def test_a_changed_byte_is_refused(copy: Path, file: str) -> None:
    data = bytearray((copy / file).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / file).write_bytes(data)
    with pytest.raises(InputError, match=re.escape(str(copy / file))):
        load_bundle(copy)


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "model.tflite").unlink()
    with pytest.raises(InputError, match=r"model\.tflite is missing"):
        load_bundle(copy)


def test_the_network_of_training_may_be_left_out(copy: Path) -> None:
    (copy / "model.keras").unlink()
    assert set(load_bundle(copy).sha256) == {"model.tflite"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: c.pop("heads"), "'heads' is missing"),
        (lambda c: c["heads"][0].pop("labels"), "'labels' is missing"),
        (lambda c: c.update(shown="nothing"), "'nothing' is not among its heads"),
        (lambda c: c["heads"][0].update(labels=["anger", "anger"]), "distinct labels"),
        (lambda c: c["heads"][0].update(temperature=0), "temperature"),
        (lambda c: c["sha256"].pop("model.tflite"), "no digest"),
        (lambda c: c["sha256"].update({"../x": "0"}), "outside its folder"),
        (lambda c: c["crops"]["haar"].update(scale=100), "out of range"),
        (lambda c: c.update(input="wide"), "model.json"),
        (lambda c: c.update(heads=7), "model.json"),
    ],
)
def test_a_damaged_description_is_refused(copy: Path, change: Callable[[dict[str, Any]], object], reason: str) -> None:
    edit(copy, change)
    with pytest.raises(InputError) as caught:
        load_bundle(copy)
    assert str(copy / META) in str(caught.value) and reason in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"'])
def test_text_that_describes_nothing_is_refused(copy: Path, content: str) -> None:
    (copy / META).write_text(content)
    with pytest.raises(InputError, match=r"model\.json"):
        load_bundle(copy)


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    for wanted in ("nobody", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="student"):
            load_bundle(wanted)


def test_other_crops_are_written_and_the_rest_stays(copy: Path) -> None:
    before = load_bundle(copy)
    geometry = CropGeometry(1.25, 0.0, -0.05)
    changed = set_crops(before, {"mediapipe": geometry})
    again = load_bundle(copy)
    assert changed.crop("mediapipe") == again.crop("mediapipe") == geometry
    assert again.crop("haar") == before.crop("haar")
    assert (again.heads, again.sha256, again.metrics) == (before.heads, before.sha256, before.metrics)
    assert before.crop("mediapipe") != geometry
    assert [file.name for file in copy.iterdir() if file.suffix == ".part"] == []
    assert again.crop("another detector") == CropGeometry()


def test_a_bundle_of_version_0_1_cuts_blazefaces_faces_as_it_cut_mediapipes(copy: Path) -> None:
    edit(copy, lambda content: content["crops"].pop("blazeface"))
    bundle = load_bundle(copy)
    assert bundle.crop("blazeface") == bundle.crops["mediapipe"]


def test_a_detector_that_was_not_calibrated_has_its_first_crop(copy: Path) -> None:
    edit(copy, lambda content: content.update(crops={"haar": content["crops"]["haar"]}))
    assert load_bundle(copy).crop("blazeface") == first_crop("blazeface") != CropGeometry()


def test_a_bundle_of_another_input_is_refused(copy: Path) -> None:
    edit(copy, lambda content: content.update(input=[64, 64, 1]))
    with pytest.raises(InputError, match=r"its input is \[64, 64, 1\]"):
        load_bundle(copy)


def test_a_file_that_cannot_be_read_is_named(copy: Path) -> None:
    (copy / LITERT_FILE).unlink()
    (copy / LITERT_FILE).mkdir()
    with pytest.raises(InputError, match=r"model\.tflite cannot be read: Is a directory"):
        load_bundle(copy)
    with pytest.raises(InputError, match="cannot be opened"):
        load_bundle("x" * 300)
