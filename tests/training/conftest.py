"""Small synthetic data sets in the published formats."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.training.quick_runs import RECIPE, words

if not os.environ.get("CI"):  # in CI a missing library is an error
    pytest.importorskip("keras", reason="needs the extra `training`")


@pytest.fixture(autouse=True)
def default_precision() -> Iterator[None]:
    """Restores process-wide settings of commands after each test."""
    yield
    if (keras := sys.modules.get("keras")) is not None:
        keras.mixed_precision.set_global_policy("float32")


COUNTS = {"Training": 70, "PublicTest": 21, "PrivateTest": 14}


@pytest.fixture(scope="session")
def make_csv(make_once: Callable[..., Path]) -> Callable[[Mapping[str, int]], tuple[Path, Path]]:
    """`make_csv({"Training": 70, ...})`: `fer2013.csv`, `fer2013new.csv`; the position of a bar encodes the class."""

    def make(folder: Path, counts: Mapping[str, int]) -> None:
        rng = np.random.default_rng(5)
        order = [4, 5, 6, 1, 3, 2, 0]  # FER+'s column of each FER2013 class
        data, votes = (
            ["emotion,pixels,Usage"],
            ["Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"],
        )
        for usage, count in counts.items():
            for number in range(count):
                emotion = number % 7
                image = rng.integers(0, 120, (48, 48))
                image[6 * emotion : 6 * emotion + 6] += 120
                data.append(f"{emotion},{' '.join(map(str, image.ravel()))},{usage}")
                row = [0] * 10
                row[order[emotion]], row[0] = 8, row[0] + 2
                votes.append(f"{usage},fer{number:07d}.png,{','.join(map(str, row))}")
        for name, lines in (("fer2013.csv", data), ("fer2013new.csv", votes)):
            (folder / name).write_text("\n".join(lines) + "\n")

    def csv_of(counts: Mapping[str, int]) -> tuple[Path, Path]:
        folder = make_once("fer-" + "-".join(map(str, counts.values())), lambda folder: make(folder, counts))
        return folder / "fer2013.csv", folder / "fer2013new.csv"

    return csv_of


@pytest.fixture(scope="session")
def csv_files(make_csv: Callable[[Mapping[str, int]], tuple[Path, Path]]) -> tuple[Path, Path]:
    """A few pictures of every split."""
    return make_csv(COUNTS)


@pytest.fixture(scope="session")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "quick.toml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="session")
def run(csv_files: tuple[Path, Path], recipe: Path, make_once: Callable[..., Path]) -> Path:
    """A folder with a run of two epochs; read-only."""
    from training.__main__ import main

    def make(folder: Path) -> None:
        assert main(words(csv_files, recipe, folder / "one", "--epochs", "2")) == 0

    return make_once("run", make) / "one"
