"""A run with the files of training and export, and pictures to evaluate."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from training.datasets.faceset import FaceSet

CONFIG = {
    "model": "tiny",
    "seed": 11,
    "recipe": {"epochs": 3, "patience": 0, "augment": {"flip": 0.5}},
    "planned_epochs": 3,
    "init": None,
    "data": {"file": "fer2013.csv", "split": "official"},
    "versions": {"python": "3.11", "keras": "3.99.1"},
    "git": "0123abc+",
}

HISTORY = """\
epoch,seconds,loss,fer2013_accuracy,ferplus_accuracy,val_fer2013,val_ferplus,learning_rate
1,9.5,2.5,0.25,0.3,0.31,0.35,0.08
2,9.1,2.1,0.35,0.4,0.43,0.47,0.04
3,9.2,1.9,0.45,0.5,0.41,0.49,0.0
"""


@pytest.fixture(scope="session")
def faces() -> FaceSet:
    """84 pictures of noise, the last 14 of them Training, with votes for their class and one row without a majority."""
    rng = np.random.default_rng(3)
    n = 84
    emotion = (np.arange(n) % 7).astype(np.int8)
    votes = np.zeros((n, 10), np.uint8)
    votes[np.arange(n), np.array([4, 5, 6, 1, 3, 2, 0])[emotion]] = 10
    votes[0] = [5, 5, 0, 0, 0, 0, 0, 0, 0, 0]
    images = rng.integers(0, 256, (n, 48, 48, 1), dtype=np.uint8)
    usage = np.array(["PublicTest"] * 70 + ["Training"] * 14)
    return FaceSet(images, emotion, usage, votes)


@pytest.fixture(scope="session")
def make_run(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`make_run(labels=("fer2013", "ferplus"), bundle=True, ...)`: a run folder; other arguments go into run.json."""

    def make(
        *,
        name: str = "one",
        labels: Sequence[str] = ("fer2013", "ferplus"),
        bundle: bool = True,
        history: str = HISTORY,
        **config: object,
    ) -> Path:
        run = tmp_path_factory.mktemp("runs") / name
        run.mkdir()
        (run / "run.json").write_text(json.dumps({**CONFIG, "labels": list(labels), **config}))
        (run / "history.csv").write_text(history)
        if bundle:
            shutil.copytree(tiny_bundle, run / "bundle")
            keep_heads(run / "bundle", tuple(labels))
        return run

    return make


def keep_heads(bundle: Path, names: Sequence[str]) -> None:
    """Make a bundle list only some of its network's heads, plus their mixture if both are kept."""
    meta = bundle / "model.json"
    content = json.loads(meta.read_text())
    kept = [*names, *(("mixture",) if set(names) >= {"fer2013", "ferplus"} else ())]
    content["heads"] = [next(head for head in content["heads"] if head["name"] == name) for name in kept]
    content["shown"] = kept[-1]
    meta.write_text(json.dumps(content))


@pytest.fixture(scope="session")
def run(make_run: Callable[..., Path]) -> Path:
    """A complete run; read-only."""
    return make_run()
