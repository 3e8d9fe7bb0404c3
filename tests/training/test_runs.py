"""Whole runs on a small data set: train, resume, export, evaluate, through the command line."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.bundle import load_bundle
from models.engines import open_classifier
from training.__main__ import main
from training.checkpoint import BEST, CONFIG, HISTORY, LAST

RECIPE = """
batch = 16
learning_rate = 0.02
averaging = 0.5
precision = "float32"
warmup_epochs = 0.2
"""


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "quick.toml"
    path.write_text(RECIPE)
    return path


def words(csv_files: tuple[Path, Path], recipe: Path, out: Path, *more: str) -> list[str]:
    data, votes = map(str, csv_files)
    return ["train", "--data", data, "--ferplus", votes, "--recipe", str(recipe), "--out", str(out), *more]


@pytest.fixture(scope="module")
def run(csv_files: tuple[Path, Path], recipe: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "one"
    assert main(words(csv_files, recipe, out, "--epochs", "2")) == 0
    return out


def test_a_run_leaves_what_it_did_beside_its_weights(run: Path) -> None:
    assert {path.name for path in run.iterdir()} == {BEST, LAST, CONFIG, HISTORY, "bundle"}
    config = json.loads((run / CONFIG).read_text())
    assert config["counts"] == {
        "training": 70,
        "public_test": 21,
        "left_out": {"not_a_face": 0, "also_in_a_test_split": 0},
    }
    assert config["recipe"]["batch"] == 16 and config["recipe"]["momentum"] == 0.9
    header, *rows = (run / HISTORY).read_text().splitlines()
    assert header.startswith("epoch,seconds,") and "val_ferplus" in header
    assert len(rows) == 2


def test_the_bundle_of_a_run_works_in_the_app_and_says_what_it_measured(run: Path) -> None:
    bundle = load_bundle(run / "bundle")
    assert bundle.shown == "mixture"
    assert [head.name for head in bundle.heads] == ["fer2013", "ferplus", "mixture"]
    assert {metric["n"] for metric in bundle.metrics} == {21}
    classifier = open_classifier(bundle)
    given = classifier.probabilities(np.zeros((3, 48, 48, 1), np.uint8))
    assert given.shape == (3, 8) and np.allclose(given.sum(axis=1), 1, atol=1e-5)


def test_a_resumed_run_ends_with_the_same_weights(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted in its second epoch, as by a power cut: what is on disk is what the first epoch left."""
    from training import train as module

    out = tmp_path / "cut"
    calls = []

    def cut(*args: object, **kwargs: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return measure(*args, **kwargs)

    measure = module.accuracies
    monkeypatch.setattr(module, "accuracies", cut)
    assert main(words(csv_files, recipe, out, "--epochs", "2")) == 130
    monkeypatch.setattr(module, "accuracies", measure)
    assert main(words(csv_files, recipe, out, "--epochs", "2", "--resume")) == 0
    with np.load(run / LAST) as whole, np.load(out / LAST) as resumed:
        assert whole.files == resumed.files
        for name in whole.files:
            assert np.allclose(whole[name], resumed[name], atol=1e-5), name
    assert (out / HISTORY).read_text().count("\n") == 3


def test_a_second_run_never_overwrites_a_first(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / LAST).read_bytes()
    assert main(words(csv_files, recipe, run, "--epochs", "1")) == 2
    assert "already holds a run" in capsys.readouterr().err
    assert (run / LAST).read_bytes() == before


def test_resuming_nothing_or_another_network_is_refused(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(csv_files, recipe, tmp_path / "none", "--resume")) == 2
    assert "no last.npz to resume from" in capsys.readouterr().err
    shutil.copytree(run, tmp_path / "half")
    (tmp_path / "half" / LAST).write_bytes((run / LAST).read_bytes()[:1000])
    assert main(words(csv_files, recipe, tmp_path / "half", "--epochs", "3", "--resume")) == 2
    assert LAST in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["litert", "keras"])
@pytest.mark.parametrize("views", ["single", "flip", "ten-crop"])
def test_evaluate_prints_every_figure(
    run: Path, csv_files: tuple[Path, Path], engine: str, views: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data, votes = map(str, csv_files)
    command = ["evaluate", "--model", str(run / "bundle"), "--data", data, "--ferplus", votes, "--split", "PrivateTest"]
    assert main([*command, "--views", views, "--engine", engine, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result) >= {
        "n", "accuracy", "balanced_accuracy", "macro_f1", "auc", "nll", "ece", "ece_uncalibrated", "interval",
        "per_class", "confusion", "binary_accuracy_not_comparable", "split", "views", "engine", "ferplus",
    }  # fmt: skip
    assert (result["n"], result["split"], result["views"], result["engine"]) == (14, "PrivateTest", views, engine)
    assert result["ferplus"]["n"] == 14
    assert np.sum(result["confusion"]) == 14


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["evaluate", "--data", "nowhere.csv"], "nowhere.csv"),
        (["train", "--recipe", "nothing"], "nothing"),
        (["train", "--data", "nowhere.csv"], "nowhere.csv"),
        (["export", "nowhere"], "fer2013.csv"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    argv: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    error = capsys.readouterr().err
    assert reason in error and error.count("\n") == 1 and "Traceback" not in error


@pytest.mark.parametrize("line", ["speed = 3", 'batch = "many"', "batch = ", "[augment]\nspin = 2.0"])
def test_a_recipe_with_a_wrong_key_or_type_is_refused(
    line: str, tmp_path: Path, csv_files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(line)
    assert main(words(csv_files, path, tmp_path / "out")) == 2
    assert "bad.toml" in capsys.readouterr().err
