"""The gate, from candidates to the file that the app runs."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from models.bundle import KERAS_FILE, META, Bundle, load_bundle
from models.candidates import write_candidates
from models.engines.gate import open_gate
from models.errors import InputError
from models.gate import GATE_CURVE, GATE_CURVE_COLUMNS, GATE_FILE
from tests.training.claims import scene
from training.__main__ import main
from training.datasets.fer2013 import read_fer2013
from training.gate_bundle import make_gate

pytest.importorskip("tensorflow", reason="a gate is made with the extra `training`")


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Bundle:
    """A bundle without a gate, private to the test."""
    return load_bundle(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def test_the_app_runs_what_was_fitted(bundle: Bundle, csv_files: tuple[Path, Path]) -> None:
    candidates, _ = scene(np.random.default_rng(1))
    faces = read_fer2013(*csv_files)
    made = make_gate(bundle, candidates, faces, {"photos": ["mine"]})
    assert made.gate is not None
    training = made.gate.training
    assert training["photos"] == ["mine"]
    assert training["claims"] == {"animal": 30, "face": 90, "made": 60, "none": 60}
    assert (training["faces"], training["not_faces"]) == (70, 0)
    network = open_gate(load_bundle(bundle.path))
    assert network is not None
    shares = made.gate.with_looks(network.logits(candidates.crops), candidates.evidence)
    network.close()
    passes = shares >= made.gate.threshold
    right = candidates.label == "face"
    assert passes[right].mean() > 0.95
    assert passes[~right].mean() < 0.05
    with (bundle.path / GATE_CURVE).open(newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == GATE_CURVE_COLUMNS and {row[0] for row in rows} >= {"looks", "crop"}


def test_a_gate_is_made_by_a_command_and_replaced_by_the_next(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    candidates, _ = scene(np.random.default_rng(2))
    half = np.arange(len(candidates)) % 2 == 0
    for name, rows in (("a.npz", half), ("b.npz", ~half)):
        write_candidates(tmp_path / name, candidates.rows(rows))
    before = load_bundle(bundle.path).sha256
    words = ["gate", "--model", str(bundle.path), "--candidates", str(tmp_path / "a.npz")]
    for more in ([], ["--candidates", str(tmp_path / "b.npz")]):
        assert main([*words, *more]) == 0
        output = capsys.readouterr().out
        assert "looks: photos " in output and f"Written to {bundle.path}." in output
    gate = json.loads((bundle.path / META).read_text())["gate"]
    assert gate["training"]["candidates"] == ["a.npz", "b.npz"]
    assert sum(gate["training"]["claims"].values()) == len(candidates)
    after = load_bundle(bundle.path).sha256
    assert set(after) == {*before, GATE_FILE}
    assert all(after[name] == digest for name, digest in before.items())


def test_what_cannot_become_a_gate_is_told(bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--model", str(bundle.path)]
    assert main(["gate", *model]) == 2
    assert "There is nothing to make a gate of" in capsys.readouterr().err
    assert main(["gate", *model, "--photos", str(tmp_path / "nowhere")]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith(f"mimik: The claims could not be collected: {tmp_path / 'nowhere'} ")
    assert errors.count("\n") == 1
    bare = replace(bundle, sha256=MappingProxyType({k: v for k, v in bundle.sha256.items() if k != KERAS_FILE}))
    with pytest.raises(InputError, match=f"has no {KERAS_FILE}"):
        make_gate(bare, scene(np.random.default_rng(1))[0], None, {})
    assert not (bundle.path / GATE_FILE).exists()
