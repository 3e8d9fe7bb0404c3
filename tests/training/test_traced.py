from collections.abc import Callable
from pathlib import Path


def test_training_evaluation_and_report_reach_nothing_beyond_this_machine(
    run_all, make_csv: Callable[..., tuple[Path, Path]], tmp_path: Path
) -> None:
    data, votes = make_csv({"Training": 35, "PublicTest": 14, "PrivateTest": 7})
    files = ["--data", str(data), "--ferplus", str(votes)]
    run, recipe = str(tmp_path / "run"), tmp_path / "small.toml"
    recipe.write_text("epochs = 1\nbatch = 16\n")
    commands = [
        ["train", "--model", "mini_xception", *files, "--recipe", str(recipe), "--out", run],
        ["evaluate", "--model", run, *files],
        ["report", run, *files],
        ["export", run, *files, "--onnx"],
    ]
    assert run_all("training", commands, KERAS_BACKEND="tensorflow").contacts == ()
    assert list(Path(run).rglob("*.html"))
