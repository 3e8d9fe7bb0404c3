"""`train --minutes`: training by time, on a clock that advances a second whenever it is read."""

import csv
import json
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from models.errors import InputError
from training.__main__ import main
from training.budget import Budget, Pace
from training.config import RunConfig
from training.course import ByTime
from training.open_run import open_run
from training.recipes.recipe import Recipe
from training.run_folder import BEST, CONFIG, HISTORY, LAST
from training.schedules import make_optimizer
from training.step import TrainingStep
from training.train import Run

RECIPE = Recipe(epochs=5, batch=16, averaging=0.5, precision="float32", learning_rate=0.02)


def by_time(csv_files: tuple[Path, Path], out: Path, seconds: int, *, resume: bool = False, **choices: object) -> Run:
    config = RunConfig("simple_cnn", *csv_files, RECIPE, 1, out, minutes=9.0, **choices)  # type: ignore[arg-type]
    run = open_run(config, resume=resume)
    assert isinstance(run.course, ByTime)
    run.course.budget.clock = count(0.0).__next__
    run.course.budget.deadline = seconds
    return run


def history(out: Path) -> list[dict[str, float]]:
    with (out / HISTORY).open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def test_a_run_by_time_ends_well_and_goes_on(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    by_time(csv_files, tmp_path, 160).go()
    rows = history(tmp_path)
    assert len(rows) > 2 and {row["steps"] for row in rows[:-1]} == {5}
    assert [row["progress"] for row in rows] == sorted(row["progress"] for row in rows)
    assert rows[-1]["learning_rate"] < 0.02 * 0.05 < max(row["learning_rate"] for row in rows)
    config = json.loads((tmp_path / CONFIG).read_text())
    assert config["minutes"] == 9.0 and config["planned_epochs"] is None
    assert (tmp_path / BEST).is_file() and (tmp_path / LAST).is_file()

    again = by_time(csv_files, tmp_path, 160, resume=True)
    spent = again.course.budget.spent  # type: ignore[attr-defined]
    assert again.done == len(rows) and spent > 0
    assert json.loads((tmp_path / CONFIG).read_text())["minutes"] == pytest.approx(9.0 + spent / 60, abs=1e-3)
    again.go()
    more = history(tmp_path)
    assert more[: len(rows)] == rows and len(more) > len(rows)
    assert more[len(rows)]["learning_rate"] > rows[-1]["learning_rate"] > more[-1]["learning_rate"] - 1e-4
    with np.load(tmp_path / LAST) as last:
        assert int(last["epoch"]) == len(more)


def test_time_and_epochs_are_not_mixed(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    by_time(csv_files, tmp_path / "time", 60).go()
    config = RunConfig("simple_cnn", *csv_files, RECIPE, 1, tmp_path / "time")
    with pytest.raises(InputError, match="was trained by time; resume it with --minutes"):
        open_run(config, resume=True)
    (tmp_path / "epochs").mkdir()
    for name in (CONFIG, LAST):
        (tmp_path / "epochs" / name).write_bytes((tmp_path / "time" / name).read_bytes())
    saved = json.loads((tmp_path / "epochs" / CONFIG).read_text())
    del saved["minutes"]  # as in runs before `--minutes` existed
    (tmp_path / "epochs" / CONFIG).write_text(json.dumps(saved))
    with pytest.raises(InputError, match="was trained by epochs; resume it without --minutes"):
        by_time(csv_files, tmp_path / "epochs", 60, resume=True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [(["--minutes", "0"], "not a duration"), (["--minutes", "nan"], "not a duration"),
     (["--minutes", "soon"], "not a duration"), (["--minutes", "3", "--epochs", "2"], "not allowed with")],
)  # fmt: skip
def test_what_is_no_length_is_refused(words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *words]) == 2
    assert complaint in capsys.readouterr().err


def test_data_that_cannot_select_is_refused(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    lines = [line for line in csv_files[0].read_text().splitlines() if not line.endswith("PublicTest")]
    extra = csv_files[0].read_text().splitlines()[2].replace("Training", "PublicTest")  # disgust, which `four` drops
    (tmp_path / "a.csv").write_text("\n".join([*lines, extra]) + "\n")
    with pytest.raises(InputError, match="None of the 1 validation rows has a label of four"):
        open_run(RunConfig("simple_cnn", tmp_path / "a.csv", None, RECIPE, 1, tmp_path / "out", labels="four"))


class Traced(TrainingStep):
    """Counts how often the step is traced."""

    traces = 0

    def call(self, rows: Any, training: bool = False) -> Any:
        type(self).traces += 1
        return super().call(rows, training=training)


def test_the_rate_takes_effect_between_two_steps_and_nothing_is_compiled_anew() -> None:
    inputs = keras.Input((48, 48, 1))
    x = keras.layers.Flatten()(keras.layers.AveragePooling2D(16)(inputs))
    network = keras.Model(inputs, {"fer2013": keras.layers.Dense(7)(x)})
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (64, 48, 48, 1)).astype(np.uint8)
    recipe = Recipe(averaging=0.0, momentum=0.0)
    step = Traced(network, images, {"fer2013": np.eye(7, dtype=np.float32)[np.arange(64) % 7]}, recipe, 1)
    step.compile(make_optimizer(recipe, 0.1))
    step(np.zeros(1, np.int32))
    step.built = True
    step.optimizer.build(step.trainable_variables)
    before, kernels = Traced.traces, []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            kernels.append(np.array(network.trainable_variables[0]))

    rates = iter([0.01] * 7 + [0.0] * 20)
    pace = Pace(Budget(200, clock=count(0.0).__next__), 8, lambda: next(rates))
    for _ in range(2):
        step.fit(np.arange(64, dtype=np.int32), batch_size=8, shuffle=False, verbose=0, callbacks=[pace, Look()])
    still = [np.array_equal(one, two) for one, two in pairwise(kernels)]
    first = still.index(True)
    assert first > 2 and all(still[first:]) and not any(still[:first])
    assert Traced.traces == before + 1
