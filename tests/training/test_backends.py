"""The app's network trains on every backend, as reproducibly as documented; each run has its own process."""

import csv
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from training.run_folder import BEST, HISTORY, LAST

ROOT = Path(__file__).resolve().parents[2]
TIMES = {"seconds", "images_per_second", "waiting"}
RECIPE = """
batch = 64
learning_rate = 0.001
optimizer = "adamw"
precision = "float32"
"""


@pytest.fixture(scope="module")
def pictures(make_csv: Callable[[Mapping[str, int]], tuple[Path, Path]]) -> Path:
    return make_csv({"Training": 128, "PublicTest": 28})[0]


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "quick.toml"
    path.write_text(RECIPE)
    return path


def start(backend: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "training", *map(str, words)]
    settings = {**os.environ, "KERAS_BACKEND": backend, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(process: subprocess.Popen[str]) -> str:
    text = process.communicate(timeout=280)[0]
    assert process.returncode == 0, text
    return text


def history(out: Path) -> list[dict[str, float]]:
    with (out / HISTORY).open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def assert_same_history(one: Path, two: Path) -> None:
    first, second = history(one), history(two)
    assert first and len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        assert a.keys() == b.keys()
        for name in a.keys() - TIMES:
            assert a[name] == pytest.approx(b[name], abs=1e-5), name


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_one_epoch_of_the_student(backend: str, pictures: Path, recipe: Path, tmp_path: Path) -> None:
    # The extra `training` installs TensorFlow and JAX; users install PyTorch themselves.
    if importlib.util.find_spec(backend) is None and (backend == "torch" or not os.environ.get("CI")):
        pytest.skip(f"{backend} is not installed")
    out = tmp_path / "run"
    words = ["train", "--data", pictures, "--recipe", recipe, "--epochs", 1, "--out", out]
    text = finish(start(backend, *words))
    assert f", {backend}, float32" in text and "images/s" in text and "% waiting" in text
    (row,) = history(out)
    assert 0 < row["loss"] < 10 and 0 <= row["waiting"] < 1
    with np.load(out / BEST) as weights:
        assert weights.files and all(np.isfinite(weights[name]).all() for name in weights.files)
    assert (out / "bundle").is_dir() == (backend == "tensorflow")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_same_seed_gives_the_same_history_and_weights_also_to_a_run_that_was_killed(
    pictures: Path, recipe: Path, tmp_path: Path
) -> None:
    """The second run starts in one process and is resumed in another."""
    words = ["train", "--data", pictures, "--recipe", recipe, "--model", "simple_cnn", "--epochs", 6, "--deterministic"]
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    process = start("jax", *words, "--out", cut)
    assert process.stdout is not None
    assert any("epoch 2" in line for line in process.stdout)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (cut / LAST).is_file()
    assert process.returncode == -signal.SIGKILL
    finish(start("jax", *words, "--out", cut, "--resume"))
    finish(start("jax", *words, "--out", whole))
    assert_same_history(whole, cut)
    with np.load(whole / LAST) as one, np.load(cut / LAST) as two:
        assert one.files and one.files == two.files
        for name in one.files:
            assert np.allclose(one[name], two[name], atol=1e-5), name
