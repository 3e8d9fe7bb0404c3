"""The command line: mistakes give one-line errors, and the commands in the notebook exist."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import InputError
from training import __main__ as program
from training.__main__ import main
from training.commands.evaluate import _table
from training.config import phases
from training.recipes.recipe import load_recipe, recipe_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["train", "--seed", "-1"], "-1 is not a seed"),
        (["data", "--seed", str(2**32)], "is not a seed"),
        (["train", "--epochs", "0"], "--epochs: epochs is 0"),
        (["evaluate", "--model", "nowhere"], "nowhere is not a model"),
        (["fly"], "invalid choice: 'fly'"),
        (["logits", "models/student", "--out", f"{__file__}/logits.npz"], "test_commands.py cannot be used"),
        (["logits", "nowhere", "--out", "x.npz", "--data", "no.csv"], "nowhere is not a model"),
        (["export", "nowhere", "--data", "no.csv"], "run.json cannot be read"),
        (["report", "nowhere", "--data", "no.csv"], "nowhere is not a model"),
    ],
)
def test_mistakes_are_one_sentence(
    words: list[str], sentence: str, csv_files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--data", str(csv_files[0])] if words[0] == "evaluate" else []
    assert main([*words, *given]) == 2
    error = capsys.readouterr().err
    assert error.startswith("mimik: ") and sentence in error and error.count("\n") == 1


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["evaluate", "--data", "nowhere.csv"], "nowhere.csv"),
        (["train", "--recipe", "nothing"], "nothing"),
        (["train", "--data", "nowhere.csv"], "nowhere.csv"),
        (["export", "nowhere"], "run.json"),
        (["train", "--model", "resnet1000"], "resnet1000"),
        (["train", "--init", "nowhere"], "nowhere/run.json"),
        (["train", "--teacher", "nobody"], "nobody does not exist"),
        (["average", "nowhere", "--out", "x"], "nowhere/run.json"),
        (["train"], "fer2013.csv"),
        (["train", "--epochs", "0"], "--epochs"),
        (["train", "--speed", "3"], "--speed"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    argv: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    error = capsys.readouterr().err
    assert reason in error and error.count("\n") == 1 and "Traceback" not in error


@pytest.mark.parametrize("name", program.COMMANDS)
def test_every_command_says_what_it_does_and_what_its_options_mean(name: str) -> None:
    actions = program._parser()._subparsers._group_actions  # type: ignore[union-attr]
    command = actions[0].choices[name]  # type: ignore[index,call-overload]
    assert command.description and command.description[0].isupper()
    assert [action.dest for action in command._actions if not action.help] == []


def test_the_options_are_read_without_keras() -> None:
    code = "import sys; from training.__main__ import _parser; _parser(); sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_run_in_place_of_its_bundle_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "model.json").touch()
    assert main(["logits", str(tmp_path), "--out", str(tmp_path / "x.npz")]) == 2
    told = f"{tmp_path} is the folder of a training run; its model is {tmp_path / 'bundle'}."
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("rotation_deg = 4", "rotation_deg is a key of the random views; write it below a line [augment]"),
        ("[augment]\nepochs = 4", "epochs is no key of [augment]; write it above that line"),
    ],
)
def test_a_key_in_the_wrong_part_of_a_recipe_is_told(
    lines: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.toml").write_text(lines)
    assert main(["train", "--recipe", str(tmp_path / "mine.toml")]) == 2
    assert told in capsys.readouterr().err


def test_a_file_in_place_of_the_run_s_folder_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").touch()
    assert main(["train", "--data", "nowhere.csv", "--out", str(tmp_path / "run")]) == 2
    assert "run cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("backend", "hidden", "sentence"),
    [
        ("cuda", "nothing", "KERAS_BACKEND is 'cuda'; set it to one of tensorflow, jax, torch"),
        ("tensorflow", "tensorflow", "tensorflow, which Keras is to run on, is not installed; .* KERAS_BACKEND=jax"),
        ("tensorflow", "keras", r"keras is not installed; install mimik\[training\]"),
    ],
)
def test_a_library_that_is_missing_is_one_sentence(backend: str, hidden: str, sentence: str) -> None:
    code = (
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] == {hidden!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "from training.__main__ import main\n"
        "sys.exit(main(['models']))\n"
    )
    settings = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert re.fullmatch(f"mimik: {sentence}.*", done.stderr.strip().splitlines()[-1])
    assert "Traceback" not in done.stderr


def test_a_bundle_is_measured_without_keras_and_without_native_log_lines(
    tiny_bundle: Path, csv_files: tuple[Path, Path]
) -> None:
    code = (
        "import sys\n"
        "from training.__main__ import main\n"
        "code = main(sys.argv[1:])\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)\n"
        "sys.exit(code)"
    )
    words = ["evaluate", "--model", str(tiny_bundle), "--data", str(csv_files[0]), "--ferplus", str(csv_files[1])]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "single view, litert" in done.stdout


def test_figures_that_do_not_exist_are_a_dash() -> None:
    one = {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 3}
    shared = dict.fromkeys(("accuracy", "balanced_accuracy", "macro_f1", "nll", "ece", "ece_uncalibrated"), 0.5)
    result = {
        **shared,
        **{"split": "PublicTest", "views": "single", "engine": "litert", "head": "fer2013", "n": 3, "auc": None},
        **{"interval": [0.4, 0.6], "binary_accuracy_not_comparable": 0.9, "per_class": {"anger": one}},
    }
    lines = _table(result).splitlines()
    assert any(re.fullmatch(r"AUC +- %", line) for line in lines)
    assert any(re.fullmatch(r"binary accuracy \(not comparable\) +90\.00 %", line) for line in lines)


def test_frozen_layers_are_freed_where_no_recipe_is_named() -> None:
    assert [phase.frozen for phase in phases(recipe_for("mini_xception", freezes=True), freezes=True)] == [True, False]
    assert recipe_for("student") == load_recipe("student")
    assert recipe_for("mini_xception") == load_recipe("light")


def test_the_notebook_s_commands_are_commands() -> None:
    cells = json.loads((ROOT / "training/notebooks/colab.ipynb").read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "code" for line in "".join(cell["source"]).splitlines()]
    commands = [match[1] for line in lines if (match := re.search(r"python -m training (.*)", line))]
    assert len(commands) >= 5
    for command in commands:
        try:
            program._parser().parse_args(shlex.split(command))
        except InputError as error:
            pytest.fail(f"{command}: {error}")
