"""Complete runs on a small data set: train, resume, export, evaluate, through the command line."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from models.bundle import KERAS_FILE, load_bundle, sha256_of
from models.engines import open_classifier
from models.errors import InputError
from tests.training.quick_runs import NETWORK, RECIPE, words
from training.__main__ import main
from training.architectures import build
from training.config import RunConfig
from training.open_run import open_run
from training.recipes.recipe import Recipe, load_recipe
from training.run_folder import BEST, CONFIG, HISTORY, LAST
from training.train import Run


def test_a_run_leaves_what_it_did_beside_its_weights(run: Path) -> None:
    assert {path.name for path in run.iterdir()} == {BEST, LAST, CONFIG, HISTORY, "bundle", "events"}
    assert any(path.name.startswith("events.out.tfevents") for path in (run / "events").iterdir())
    config = json.loads((run / CONFIG).read_text())
    assert (config["counts"]["training"], config["counts"]["validation"]) == (70, 21)
    assert config["labels"] == ["fer2013", "ferplus"] and config["versions"]["keras"]
    assert set(config["counts"]["left_out"]) == {"not_a_face", "exact_duplicates", "near_duplicates"}
    assert config["recipe"]["batch"] == 16 and config["recipe"]["momentum"] == 0.9
    header, *rows = (run / HISTORY).read_text().splitlines()
    assert header.startswith("epoch,seconds,")
    assert set(header.split(",")) >= {
        "loss",
        "val_fer2013",
        "val_ferplus",
        "learning_rate",
        "images_per_second",
        "waiting",
    }
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
    """Interrupted in its second epoch, as by a power cut: the files are those of the first epoch."""
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
        assert whole.files and whole.files == resumed.files
        for name in whole.files:
            assert np.allclose(whole[name], resumed[name], atol=1e-5), name
    assert (out / HISTORY).read_text().count("\n") == 3


@pytest.fixture(scope="module")
def small_recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "small.toml"
    path.write_text(RECIPE + "mixup = 0.4\ncutmix = 0.5\npatience = 1\nclip_norm = 1.0\n")
    return path


def run_of(csv_files: tuple[Path, Path], recipe: Recipe, out: Path, **choices: Any) -> Run:
    """Train a run directly from its configuration."""
    run = open_run(RunConfig(NETWORK, *csv_files, recipe, 1, out, **choices))
    run.go()
    return run


@pytest.mark.parametrize("labels", ["four", "valence", "contempt-no-disgust", "ferplus+four"])
def test_every_label_set_is_trained_on_the_rows_that_it_knows(
    labels: str, csv_files: tuple[Path, Path], small_recipe: Path, tmp_path: Path
) -> None:
    run = run_of(csv_files, replace(load_recipe(str(small_recipe)), epochs=1), tmp_path, labels=labels)
    assert list(run.step.network.output) == labels.split("+")
    expected = {"four": 40, "valence": 60, "contempt-no-disgust": 60, "ferplus+four": 70}[labels]
    assert len(run.data.learn) == expected
    assert set(history(tmp_path)[0]) >= {f"val_{name}" for name in labels.split("+")}


def history(out: Path) -> list[dict[str, float]]:
    with (out / HISTORY).open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def test_a_run_that_stops_improving_ends_early(
    csv_files: tuple[Path, Path], small_recipe: Path, tmp_path: Path
) -> None:
    recipe = replace(load_recipe(str(small_recipe)), epochs=30, learning_rate=1e-9)
    run_of(csv_files, recipe, tmp_path)
    rows = history(tmp_path)
    scores = [row["val_fer2013"] + row["val_ferplus"] for row in rows]
    assert len(rows) < 30 and scores[-1] <= max(scores[:-1])


@pytest.mark.parametrize(("epochs", "moved"), [(1, False), (2, True)])
def test_frozen_layers_learn_only_after_they_are_freed(
    epochs: int, moved: bool, csv_files: tuple[Path, Path], small_recipe: Path, tmp_path: Path
) -> None:
    recipe = replace(load_recipe(str(small_recipe)), epochs=epochs, freeze_epochs=1, patience=0)
    layer = next(layer.name for layer in build(NETWORK, {"fer2013": 7}).layers if layer.name.startswith("dense"))
    config = RunConfig(NETWORK, *csv_files, recipe, 1, tmp_path, freeze_until=layer)
    run = open_run(config)
    shallow, deep = run.step.network.variables[0], run.step.network.variables[-1]
    before = [keras.ops.convert_to_numpy(variable.value).copy() for variable in (shallow, deep)]
    run.go()
    assert np.array_equal(before[0], shallow.value) != moved
    assert not np.array_equal(before[1], deep.value)
    again = open_run(config, resume=True)
    assert again.done == epochs and np.array_equal(again.step.network.variables[0].value, shallow.value)


def test_a_run_is_measured_and_exported_only_with_its_own_data(
    run: Path, csv_files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, votes = map(str, csv_files)
    copy = Path(shutil.copytree(run, tmp_path / "copy", ignore=shutil.ignore_patterns("bundle")))
    config = json.loads((copy / CONFIG).read_text())
    assert main(["evaluate", "--model", str(copy), "--data", data, "--ferplus", votes]) == 0
    config["data"]["selected_on"] = "of other pictures"
    (copy / CONFIG).write_text(json.dumps(config))
    for command in (["evaluate", "--model", str(copy)], ["export", str(copy)]):
        assert main([*command, "--data", data, "--ferplus", votes]) == 2
        assert "copy was selected on other pictures" in capsys.readouterr().err
    assert not (copy / "bundle").exists()


def test_a_loss_that_is_no_number_ends_the_run_in_a_sentence(
    csv_files: tuple[Path, Path], small_recipe: Path, tmp_path: Path
) -> None:
    run = open_run(RunConfig(NETWORK, *csv_files, load_recipe(str(small_recipe)), 1, tmp_path))
    bias = run.step.network.variables[-1]  # in the logits: ReLU turns NaN into 0 on some processors
    bias.assign(np.full(bias.shape, np.nan))
    with pytest.raises(InputError, match="not a number in epoch 1; lower learning_rate"):
        run.go()
    assert not (tmp_path / LAST).exists() and not (tmp_path / BEST).exists()


def test_a_teacher_s_share_is_in_the_loss(
    csv_files: tuple[Path, Path], recipe: Path, run: Path, tmp_path: Path
) -> None:
    quick = replace(load_recipe(str(recipe)), epochs=1)
    alone = run_of(csv_files, quick, tmp_path / "alone")
    taught = run_of(csv_files, quick, tmp_path / "taught", teachers=(run, run / "bundle"))
    assert abs(history(alone.config.out)[0]["loss"] - history(taught.config.out)[0]["loss"]) > 1e-2
    assert json.loads((tmp_path / "taught" / CONFIG).read_text())["teachers"] == [
        {"name": run.name, "sha256": sha256_of(run / BEST)},
        {"name": "bundle", "sha256": sha256_of(run / "bundle" / KERAS_FILE)},
    ]


def test_saved_logits_and_mixed_pictures_do_not_go_together(
    run: Path, csv_files: tuple[Path, Path], small_recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, votes = map(str, csv_files)
    path = tmp_path / "teacher.npz"
    assert main(["logits", str(run / "bundle"), "--out", str(path), "--data", data, "--ferplus", votes]) == 0
    assert "70 pictures" in capsys.readouterr().out
    assert main(words(csv_files, small_recipe, tmp_path / "out", "--teacher", str(path))) == 2
    assert "mixed pictures" in capsys.readouterr().err


def test_a_second_run_never_overwrites_a_first(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / LAST).read_bytes()
    assert main(words(csv_files, recipe, run, "--epochs", "1")) == 2
    assert "already holds a run" in capsys.readouterr().err
    assert (run / LAST).read_bytes() == before


def test_resuming_nothing_or_a_damaged_run_is_refused(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(csv_files, recipe, tmp_path / "none", "--resume")) == 2
    assert "no last.npz to resume from" in capsys.readouterr().err
    shutil.copytree(run, tmp_path / "half")
    (tmp_path / "half" / LAST).write_bytes((run / LAST).read_bytes()[:1000])
    assert main(words(csv_files, recipe, tmp_path / "half", "--epochs", "2", "--resume")) == 2
    assert LAST in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "named"), [(["--epochs", "3"], "recipe"), (["--seed", "2"], "seed"), (["--labels", "fer2013"], "labels")]
)
def test_a_run_is_only_resumed_with_the_same_options(
    more: list[str],
    named: str,
    run: Path,
    csv_files: tuple[Path, Path],
    recipe: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(words(csv_files, recipe, run, "--epochs", "2", *more, "--resume")) == 2
    assert f"another {named}" in capsys.readouterr().err


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


@pytest.mark.parametrize("line", ["speed = 3", 'batch = "many"', "batch = ", "[augment]\nspin = 2.0"])
def test_a_recipe_with_a_wrong_key_or_type_is_refused(
    line: str, tmp_path: Path, csv_files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(line)
    assert main(words(csv_files, path, tmp_path / "out")) == 2
    assert "bad.toml" in capsys.readouterr().err


def test_a_run_does_not_go_on_with_other_answers(
    run: Path, csv_files: tuple[Path, Path], recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    shutil.copytree(run, out)
    head, *rows = csv_files[0].read_text().splitlines()
    changed = [f"{(int(row.split(',', 1)[0]) + 1) % 7},{row.split(',', 1)[1]}" for row in rows]
    (tmp_path / "other.csv").write_text("\n".join([head, *changed]) + "\n")
    given = words((tmp_path / "other.csv", csv_files[1]), recipe, out, "--epochs", "2", "--resume")
    assert main(given) == 2
    assert "was started with another data" in capsys.readouterr().err
