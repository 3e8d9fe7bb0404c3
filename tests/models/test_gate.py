import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.bundle import load_bundle, read_meta, write_meta
from models.candidates import PHOTO, SHOWN, Candidates, joined, read_candidates, write_candidates
from models.engines.gate import open_gate
from models.errors import InputError
from models.gate import EVIDENCE, GATE_FILE, PREDICTORS, Gate, mean_score, predictors


def gate(**changes: float) -> Gate:
    values = {"bias": -1.0, "threshold": 0.5, "crop_weight": 1.0, "crop_bias": 0.0, "crop_threshold": 0.7}
    return Gate(weights=(1.0,) * len(PREDICTORS), training={"faces": 3}, **{**values, **changes})


def claims(n: int = 3) -> Candidates:
    words = np.array(["face"] * n)
    pictures = np.array([f"{i}.jpg" for i in range(n)])
    evidence = np.linspace(0, 1, n * len(EVIDENCE), dtype=np.float32).reshape(n, -1)
    crops = np.arange(n * 48 * 48, dtype=np.uint64).astype(np.uint8).reshape(n, 48, 48, 1)
    return Candidates(crops, evidence, words, pictures, np.array([SHOWN] * n), np.array(["blazeface"] * n))


def test_a_gate_is_what_its_entry_says() -> None:
    assert Gate.parse(json.loads(json.dumps(gate().entry()))) == gate()


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [("looks", "threshold", 0), ("crop", "threshold", 1), ("looks", "bias", float("nan")), ("looks", "weights", {})],
)
def test_an_entry_that_is_no_gate_is_refused(part: str, name: str, value: object) -> None:
    entry = gate().entry()
    entry[part] = {**entry[part], name: value}
    with pytest.raises(ValueError, match="gate"):
        Gate.parse(entry)


def test_more_evidence_makes_a_face_more_probable() -> None:
    rising = np.array([[score] * 5 + [0.5, 0.1] for score in (0.0, 0.2, 0.5, 0.9, 1.0)], np.float32)
    probabilities = gate().with_looks(np.zeros(5), rising)
    assert (np.diff(probabilities) > 0).all()
    assert (np.diff(mean_score(rising)) > 0).all()
    assert predictors(np.zeros(5), rising).shape == (5, len(PREDICTORS))
    assert np.isfinite(predictors(np.zeros(5), rising)).all()


def test_claims_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "claims.npz"
    write_candidates(path, claims())
    found = joined([read_candidates(path), read_candidates(path)])
    assert len(found) == 6
    assert (found.crops[3:] == claims().crops).all()
    assert (found.evidence[:3] == claims().evidence).all()
    assert found.rows(found.picture == "1.jpg").picture.tolist() == ["1.jpg", "1.jpg"]
    assert PHOTO != SHOWN


def test_what_is_no_file_of_claims_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.npz", b""), ("b.npz", b"PK\x03\x04 cut"), ("c.npz", b"text")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            read_candidates(tmp_path / name)
    np.savez(tmp_path / "d.npz", x=np.zeros(3))
    with pytest.raises(InputError, match="candidates"):
        read_candidates(tmp_path / "d.npz")


def test_the_gate_of_the_default_bundle_tells_a_probability() -> None:
    bundle = load_bundle()
    opened = open_gate(bundle)
    assert opened is not None
    try:
        logits = opened.logits(np.random.default_rng(0).integers(0, 256, (11, 48, 48, 1), dtype=np.uint8))
        assert logits.shape == (11,)
        assert (opened.rule.alone(logits) < opened.rule.crop_threshold).all()  # noise is not a face
        assert opened.logits(np.zeros((0, 48, 48, 1), np.uint8)).shape == (0,)
    finally:
        opened.close()


def test_a_bundle_keeps_its_gate_and_does_without_one(tmp_path: Path) -> None:
    bundle = load_bundle()
    moved = replace(bundle, path=tmp_path)
    write_meta(moved)
    assert read_meta(tmp_path).gate == bundle.gate
    write_meta(replace(moved, gate=None))
    assert read_meta(tmp_path).gate is None
    assert open_gate(read_meta(tmp_path)) is None


def test_a_gate_without_its_file_is_refused(tmp_path: Path) -> None:
    bundle = load_bundle()
    digests = {name: digest for name, digest in bundle.sha256.items() if name != GATE_FILE}
    write_meta(replace(bundle, path=tmp_path, sha256=digests))
    with pytest.raises(InputError, match=r"gate.tflite"):
        read_meta(tmp_path)
