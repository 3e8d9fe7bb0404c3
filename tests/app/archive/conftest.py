"""Made films with faces, and runs over them with the real model and Haar, which needs no file."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from app.archive.settings import Settings
from app.archive.tasks import Plan
from app.headless.identity import Identity
from app.headless.outputs import plan
from app.options import Options

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def films(made_films: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six short films."""
    folder = tmp_path_factory.mktemp("archive") / "films"
    made_films.make(folder, films=6, frames=25, width=200)
    return folder


Planner = Callable[..., Plan]


@pytest.fixture
def planned(tmp_path: Path) -> Planner:
    """`planned(films, "out", segments=2)` -> the plan of a run over a folder's films into tmp_path / "out"."""

    def make(films: Path, out: str, **asked: object) -> Plan:
        identities = [Identity(str(path)) for path in sorted(films.glob("*.mp4"))]
        jobs, claims = plan(identities, tmp_path / out, video=False, overwrite=False, notify=print, trusting=True)
        return Plan(jobs, claims, Settings(Options(detector="haar"), sharing=True, **asked))

    return make
