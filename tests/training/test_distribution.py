"""Two local processes train one network on JAX, and how batches are split."""

import csv
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from training import distribution
from training.distribution import ADDRESSES, COUNT, NUMBER, Workers, join

ROOT = Path(__file__).resolve().parents[2]
RECIPE = """
epochs = 2
batch = 16
learning_rate = 0.002
averaging = 0.5
precision = "float32"
"""


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 6))
def test_every_row_of_every_batch_goes_to_exactly_one_process(count: int, each: int, batches: int) -> None:
    batch = count * each
    rows = np.random.default_rng(batches).permutation(batch * batches).astype(np.int32)
    shares = [Workers(count, rank).share(rows, batch).reshape(batches, each) for rank in range(count)]
    for number in range(batches):
        together = np.concatenate([share[number] for share in shares])
        assert np.array_equal(together, rows[number * batch : (number + 1) * batch])


def test_without_the_option_one_device_is_used_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESSES, "10.0.0.1:1")
    assert join(False, 7) == Workers()


@pytest.mark.parametrize(
    ("backend", "environment", "reason"),
    [
        ("tensorflow", {}, "KERAS_BACKEND=jax"),
        ("jax", {ADDRESSES: "localhost:1"}, COUNT),
        ("jax", {ADDRESSES: "localhost:1", COUNT: "two", NUMBER: "0"}, COUNT),
        ("jax", {ADDRESSES: "localhost:1", COUNT: "2", NUMBER: "2"}, NUMBER),
    ],
)
def test_what_is_missing_is_named(
    backend: str, environment: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distribution.keras.backend, "backend", lambda: backend)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=reason):
        join(True, 16)


def start(data: Path, recipe: Path, out: Path, result: Path, **environment: str) -> subprocess.Popen[str]:
    words = [sys.executable, str(Path(__file__).with_name("worker.py")), *map(str, (data, recipe, out, result))]
    # One BLAS thread per process: spinning threads of several processes stall each other.
    alone = {"OPENBLAS_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "jax", "PYTHONPATH": str(ROOT)}
    settings = {**os.environ, **alone, **environment}
    return subprocess.Popen(words, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def history(out: Path) -> list[dict[str, float]]:
    with (out / "history.csv").open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.timeout(900)
def test_two_processes_get_the_same_weights_and_the_loss_of_one(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    """70 pictures in batches of 16: the last batch is not full."""
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    jobs = [start(csv_files[0], recipe, tmp_path / "alone", tmp_path / "alone.json")]
    for rank in range(2):
        environment = {ADDRESSES: address, COUNT: "2", NUMBER: str(rank)}
        jobs.append(start(csv_files[0], recipe, tmp_path / f"rank{rank}", tmp_path / f"{rank}.json", **environment))
    for job in jobs:
        text = job.communicate(timeout=280)[0]
        assert job.returncode == 0, text
    results = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in range(2)]
    assert [result["devices"] for result in results] == [2, 2]
    assert [result["rank"] for result in results] == [0, 1]
    assert results[0]["weights"] == results[1]["weights"]
    assert (tmp_path / "rank0" / "last.npz").is_file() and not (tmp_path / "rank1").exists(), "only rank 0 writes"
    alone, together = history(tmp_path / "alone"), history(tmp_path / "rank0")
    assert len(alone) == len(together) == 2
    for one, two in zip(alone, together, strict=True):
        assert abs(one["loss"] - two["loss"]) < 1e-3
        assert one["val_fer2013"] == two["val_fer2013"]
