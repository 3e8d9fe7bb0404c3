"""`train --resume` takes from `run.json` what is not typed."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.training.quick_runs import NETWORK, RECIPE
from training.__main__ import _parser, main
from training.commands.resuming import complete
from training.run_folder import CONFIG, LAST


@pytest.fixture
def cut(csv_files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `runs/cut` of the working directory: a run of three epochs, stopped in its second."""
    from training import train as module

    monkeypatch.chdir(tmp_path)
    for file in csv_files:
        shutil.copy(file, tmp_path)
    (tmp_path / "mine.toml").write_text(RECIPE + "epochs = 3\n")
    measure, calls = module.accuracies, iter(range(9))

    def stopped(*args: object, **kwargs: object) -> object:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return measure(*args, **kwargs)  # type: ignore[arg-type]

    words = ["--model", NETWORK, "--recipe", "mine.toml", "--seed", "3", "--labels", "four", "--split", "70/30"]
    with monkeypatch.context() as patch:
        patch.setattr(module, "accuracies", stopped)
        assert main([*words, "--out", "runs/cut", "--data", "fer2013.csv"]) == 130
    return Path("runs/cut")


def test_nothing_but_the_folder_is_needed(
    cut: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.toml").unlink()
    before = json.loads((cut / CONFIG).read_text())
    assert main(["--resume", "--out", str(cut)]) == 0
    assert f"{cut} continues after epoch 1." in capsys.readouterr().out
    with np.load(cut / LAST) as last:
        assert int(last["epoch"]) == 3
    assert json.loads((cut / CONFIG).read_text()) == before


def test_what_is_typed_counts_and_the_difference_is_told(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more, told in (
        (["--seed", "4"], "another seed (3 there, 4 now)"),
        (["--epochs", "5"], "another recipe (epochs: 3 there, 5 now)"),
        (["--labels", "fer2013+four"], "another labels (four there, fer2013 + four now)"),
    ):
        assert main(["--resume", "--out", str(cut), *more]) == 2
        assert told in capsys.readouterr().err


@pytest.mark.parametrize("skipped", [0, 2])
def test_rows_that_were_skipped_are_skipped_again(skipped: int, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(
        json.dumps({"model": NETWORK, "seed": 1, "data": {}, "counts": {"skipped": skipped}})
    )
    args = _parser().parse_args(["train", "--resume", "--out", str(tmp_path)])
    complete(args)
    assert args.skip_bad == bool(skipped) and args.model == NETWORK
