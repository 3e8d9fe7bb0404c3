"""Training and evaluation run on JAX where TensorFlow is not installed; only the export asks for it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.training]

ROOT = Path(__file__).resolve().parents[2]

# TensorFlow is not found, as where it is not installed. (None in sys.modules would not do: Keras asks if it is a key.)
PROGRAM = """
import sys
from importlib.machinery import PathFinder

class WithoutTensorFlow(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] == "tensorflow" else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = WithoutTensorFlow
from training.__main__ import main
code = main(sys.argv[1:])
assert "tensorflow" not in sys.modules
sys.exit(code)
"""

RECIPE = """
batch = 16
precision = "float32"
"""


def training(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a command of `training` in a fresh interpreter on JAX, without TensorFlow."""
    settings = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", PROGRAM, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=280, check=False)


@pytest.fixture(scope="module")
def run(csv_files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jax")
    (folder / "quick.toml").write_text(RECIPE)
    out = folder / "run"
    data, votes = csv_files
    words = ["--data", data, "--ferplus", votes, "--recipe", folder / "quick.toml", "--epochs", 1, "--out", out]
    done = training("train", "--model", "simple_cnn", *words)
    assert done.returncode == 0, done.stderr
    assert "KERAS_BACKEND=tensorflow python -m training export" in done.stdout
    return out


def test_a_run_leaves_weights_and_no_bundle(run: Path) -> None:
    assert (run / "best.npz").is_file()
    assert not (run / "bundle").exists()


def test_a_run_is_evaluated_and_reported(run: Path, csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    data, votes = csv_files
    given = ["--data", data, "--ferplus", votes, "--split", "PublicTest"]
    done = training("evaluate", "--model", run, *given, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["n"], result["engine"], result["head"]) == (21, "keras", "fer2013")
    assert result["ece"] != result["ece_uncalibrated"]
    done = training("report", run, *given, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "one view of each picture, engine keras" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_bundle_is_evaluated(tiny_bundle: Path, csv_files: tuple[Path, Path]) -> None:
    data, votes = csv_files
    words = ["--model", tiny_bundle, "--data", data, "--ferplus", votes, "--split", "PublicTest", "--engine", "keras"]
    done = training("evaluate", *words)
    assert done.returncode == 0, done.stderr
    assert "N = 21" in done.stdout


def test_everything_up_to_the_export_is_built(run: Path, csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    """Taught by the run, by logits or looking on, whichever there is time for."""
    quick = run.parent / "quick.toml"
    given = ["--data", csv_files[0], "--recipe", quick, "--teacher-recipe", quick, "--out", tmp_path / "out"]
    done = training("build", *given, "--model", "simple_cnn", "--minutes", 0.1, "--teachers", run)
    assert done.returncode == 0, done.stderr
    assert "The LiteRT export needs TensorFlow, which is not installed here" in done.stdout
    assert (tmp_path / "out" / "student" / "best.npz").is_file() and not (tmp_path / "out" / "bundle").exists()


def test_the_export_says_what_it_needs(run: Path, csv_files: tuple[Path, Path]) -> None:
    data, votes = csv_files
    done = training("export", run, "--data", data, "--ferplus", votes, "--onnx")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("mimik: The LiteRT export needs TensorFlow, which is not installed")
    assert "Traceback" not in done.stderr
    assert {path.name for path in run.iterdir()}.isdisjoint({"bundle", "model.onnx"})
