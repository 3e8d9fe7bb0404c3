"""Settings for training runs that take seconds."""

from pathlib import Path

NETWORK = "simple_cnn"  # the quickest to compile; test_backends trains the student
RECIPE = """
batch = 16
learning_rate = 0.002
averaging = 0.5
precision = "float32"
warmup_epochs = 0.2
"""


def words(csv_files: tuple[Path, Path], recipe: Path, out: Path, *more: str) -> list[str]:
    data, votes = map(str, csv_files)
    return [
        "train",
        "--model",
        NETWORK,
        "--data",
        data,
        "--ferplus",
        votes,
        "--recipe",
        str(recipe),
        "--out",
        str(out),
        *more,
    ]
