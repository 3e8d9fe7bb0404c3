"""Runs that start from, learn from or average earlier ones, through the command line."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.bundle import sha256_of
from tests.training.quick_runs import NETWORK, words
from training.__main__ import main
from training.config import RunConfig
from training.open_run import open_run
from training.recipes.recipe import load_recipe
from training.run_folder import BEST, CONFIG, HISTORY
from training.run_network import load_run_network


def test_a_run_begins_with_the_archived_weights_of_another(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path
) -> None:
    archive, out = tmp_path / "weights.npz", tmp_path / "run"
    assert main(["weights", str(run / BEST), "--out", str(archive)]) == 0
    config = RunConfig(NETWORK, *csv_files, replace(load_recipe(str(recipe)), epochs=1), 1, out, init=archive)
    begun = open_run(config).step.network
    for mine, theirs in zip(begun.weights, load_run_network(run).weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    recorded = json.loads((out / CONFIG).read_text())
    assert recorded["init"] == {"file": "weights.npz"} and recorded["init_sha256"] == sha256_of(archive)
    assert recorded["earlier_epochs"] == 2


def test_what_a_student_of_other_labels_learns_from_is_found_again(
    csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path
) -> None:
    """`four` drops pictures, so averaging and teachers must drop them too when they load the data of the run."""
    data = ["--data", str(csv_files[0]), "--ferplus", str(csv_files[1])]
    first, second = tmp_path / "first", tmp_path / "second"
    assert main(words(csv_files, recipe, first, "--epochs", "1", "--labels", "four")) == 0
    assert main(["average", str(first), "--out", str(tmp_path / "average"), *data]) == 0
    logits = str(tmp_path / "logits.npz")
    assert main(["logits", str(first / "bundle"), "--labels", "four", "--out", logits, *data]) == 0
    assert main(words(csv_files, recipe, second, "--epochs", "1", "--labels", "four", "--teacher", logits)) == 0


def test_an_average_that_fails_leaves_nothing_in_its_way(
    run: Path, csv_files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, out = tmp_path / "broken", tmp_path / "average"
    shutil.copytree(run, broken)
    (broken / HISTORY).unlink()
    command = ["average", str(broken), "--out", str(out), "--data", str(csv_files[0]), "--ferplus", str(csv_files[1])]
    assert main(command) == 2
    assert "history.csv" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"broken"}
    shutil.copyfile(run / HISTORY, broken / HISTORY)
    assert main(command) == 0


def test_runs_are_averaged_into_one_that_is_measured_and_exported_like_any(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(csv_files[0]), "--ferplus", str(csv_files[1])]
    second, out = tmp_path / "second", tmp_path / "average"
    assert main(words(csv_files, recipe, second, "--epochs", "1", "--init", str(run))) == 0
    assert main(["average", str(run), str(second), "--out", str(out), *data]) == 0
    first, last, mean = (load_run_network(path).trainable_variables for path in (run, second, out))
    for a, b, c in zip(first, last, mean, strict=True):
        np.testing.assert_allclose(np.asarray(c), (np.asarray(a) + np.asarray(b)) / 2, atol=1e-6)
    recorded = json.loads((out / CONFIG).read_text())
    assert recorded["averaged"]["runs"] == [
        {"name": path.name, "sha256": sha256_of(path / BEST)} for path in (run, second)
    ]
    assert main(["evaluate", "--model", str(out), *data, "--split", "PublicTest"]) == 0
    capsys.readouterr()
    for bad, sentence in (([run, "--out", second], "already exists"), ([tmp_path, "--out", tmp_path / "x"], CONFIG)):
        assert main(["average", *map(str, bad), *data]) == 2
        assert sentence in capsys.readouterr().err
