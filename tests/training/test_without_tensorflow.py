"""Training and evaluation run on JAX without TensorFlow; only the export needs it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.training, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]

# TensorFlow cannot be found. (None in sys.modules is not enough: Keras checks whether it is a key.)
# One process runs all commands, because Keras on JAX is slow to start.
PROGRAM = """
import contextlib, io, json, sys
from importlib.machinery import PathFinder

class WithoutTensorFlow(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] == "tensorflow" else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = WithoutTensorFlow
from training.__main__ import main
answers = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    answers.append((code, out.getvalue(), err.getvalue()))
assert "tensorflow" not in sys.modules
print(json.dumps(answers))
"""

RECIPE = """
batch = 16
precision = "float32"
"""


class Answer(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Trained:
    """A run of one epoch on JAX, the answer of each command, and the report."""

    run: Path
    report: Path
    train: Answer
    evaluate: Answer
    reported: Answer
    bundle: Answer
    built: Answer
    export: Answer


@pytest.fixture(scope="module")
def done(csv_files: tuple[Path, Path], tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Commands of `training` in a fresh interpreter on JAX, without TensorFlow."""
    folder = tmp_path_factory.mktemp("jax")
    quick, run, report = folder / "quick.toml", folder / "run", folder / "report"
    quick.write_text(RECIPE)
    data = ["--data", csv_files[0], "--ferplus", csv_files[1]]
    public = [*data, "--split", "PublicTest"]
    build = ["--data", csv_files[0], "--recipe", quick, "--teacher-recipe", quick, "--out", folder / "out"]
    commands = [
        ["train", "--model", "simple_cnn", *data, "--recipe", quick, "--epochs", 1, "--out", run],
        ["evaluate", "--model", run, *public, "--json"],
        ["report", run, *public, "--out", report],
        ["evaluate", "--model", tiny_bundle, *public, "--engine", "keras"],
        ["build", *build, "--model", "simple_cnn", "--minutes", 0.1, "--teachers", run],
        ["export", run, *data, "--onnx"],
    ]
    words = json.dumps([[str(word) for word in command] for command in commands])
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, words],
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return Trained(run, report, *(Answer(*answer) for answer in json.loads(ended.stdout.splitlines()[-1])))


def test_a_run_leaves_weights_and_no_bundle(done: Trained) -> None:
    assert done.train.code == 0, done.train.err
    assert "KERAS_BACKEND=tensorflow python -m training export" in done.train.out
    assert (done.run / "best.npz").is_file()
    assert not (done.run / "bundle").exists()


def test_a_run_is_evaluated_and_reported(done: Trained) -> None:
    assert done.evaluate.code == 0, done.evaluate.err
    result = json.loads(done.evaluate.out)
    assert (result["n"], result["engine"], result["head"]) == (21, "keras", "fer2013")
    assert result["ece"] != result["ece_uncalibrated"]
    assert done.reported.code == 0, done.reported.err
    page = (done.report / "report.html").read_text(encoding="utf-8")
    assert "one view of each picture, engine keras" in page


def test_a_bundle_is_evaluated(done: Trained) -> None:
    assert done.bundle.code == 0, done.bundle.err
    assert "N = 21" in done.bundle.out


def test_everything_up_to_the_export_is_built(done: Trained) -> None:
    """The student learns from the run, by stored logits or from the live teacher, as the time allows."""
    assert done.built.code == 0, done.built.err
    assert "The LiteRT export needs TensorFlow, which is not installed here" in done.built.out
    out = done.run.parent / "out"
    assert (out / "student" / "best.npz").is_file() and not (out / "bundle").exists()


def test_the_export_says_what_it_needs(done: Trained) -> None:
    assert (done.export.code, done.export.out) == (2, "")
    assert done.export.err.startswith("mimik: The LiteRT export needs TensorFlow, which is not installed")
    assert done.export.err.count("\n") == 1
    assert {path.name for path in done.run.iterdir()}.isdisjoint({"bundle", "model.onnx"})
