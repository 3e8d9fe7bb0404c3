"""Synthetic films with faces, and runs over them with the real model and Haar, which needs no model file."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from app.archive.run import DONE
from app.archive.settings import Settings
from app.archive.tasks import Plan
from app.headless.identity import Identity
from app.headless.outputs import plan
from app.options import Options
from tests.app.archive.running import here

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def films(made_films: ModuleType, make_once: Callable[..., Path]) -> Path:
    """A folder of six short films; read-only."""

    def make(folder: Path) -> None:
        made_films.make(folder / "films", films=6, frames=25, width=200)

    return make_once("archive", make) / "films"


@pytest.fixture(scope="session")
def calm(films: Path, make_once: Callable[..., Path]) -> Path:
    """The output of an undisturbed run over these films in one process; read-only."""

    def make(folder: Path) -> None:
        assert set(here(plan_of(films, folder)).values()) == {DONE}

    return make_once("archive-calm", make)


def plan_of(films: Path, out: Path, **asked: object) -> Plan:
    identities = [Identity(str(path)) for path in sorted(films.glob("*.mp4"))]
    jobs, claims = plan(identities, out, video=False, overwrite=False, notify=print, trusting=True)
    return Plan(jobs, claims, Settings(Options(detector="haar"), sharing=True, **asked))


Planner = Callable[..., Plan]


@pytest.fixture
def planned(tmp_path: Path) -> Planner:
    """`planned(films, "out", segments=2)`: a plan for a folder of films, with output in tmp_path / "out"."""
    return lambda films, out, **asked: plan_of(films, tmp_path / out, **asked)
