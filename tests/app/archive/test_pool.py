"""Films in separate processes, with the real model: the output is that of one process, even if a process is killed."""

import csv
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from app.archive.pool import Pool
from app.archive.run import DONE, FAILED, INTERRUPTED, SKIPPED
from app.archive.tasks import Event, Plan, Progress
from app.sources.demo import demo_path
from app.sources.open import open_source
from models.errors import InputError
from tests.app.archive.running import done_by, here, tables

ROOT = Path(__file__).resolve().parents[3]
Planner = Callable[..., Plan]

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signals")


class Disturbed(Pool):
    """A pool that calls `happens` at the first progress."""

    def __init__(self, plan: Plan, size: int, happens: Callable[["Disturbed"], None]) -> None:
        super().__init__(plan, size)
        self._happens: Callable[[Disturbed], None] | None = happens

    def wait(self, seconds: float) -> list[Event]:
        events = super().wait(seconds)
        if self._happens is not None and any(isinstance(event, Progress) for event in events):
            happens, self._happens = self._happens, None
            happens(self)
        return events


def kill_one(pool: Pool) -> None:
    os.kill(pool.pids[0], signal.SIGKILL)


def test_a_killed_process_loses_nothing_and_what_is_done_is_skipped(
    films: Path, calm: Path, planned: Planner, tmp_path: Path
) -> None:
    expected = tables(calm)
    assert len(expected) == 6
    assert all(len(list(csv.DictReader(table.decode().splitlines()))) >= 25 for table in expected.values())
    plan = planned(films, "out")
    found = done_by(plan, Disturbed(plan, 2, kill_one))
    assert set(found.values()) <= {DONE, SKIPPED}  # a worker may be killed after it finished its film
    assert len(found) == 6
    assert tables(tmp_path / "out") == expected
    assert set(here(planned(films, "out")).values()) == {SKIPPED}


def test_a_film_whose_process_ends_twice_fails_alone(films: Path, planned: Planner) -> None:
    plan = planned(films, "out")

    class Deadly(Pool):
        def wait(self, seconds: float) -> list[Event]:
            for worker in self._workers:
                if worker.task is not None and worker.task.number == 1 and worker.ready:
                    os.kill(worker.process.pid, signal.SIGKILL)
            return super().wait(seconds)

    states = done_by(plan, Deadly(plan, 2))
    assert states == {0: DONE, 1: FAILED, 2: DONE, 3: DONE, 4: DONE, 5: DONE}


def test_an_early_end_keeps_what_was_read(films: Path, planned: Planner, tmp_path: Path) -> None:
    plan, stop = planned(films, "out"), threading.Event()
    states = done_by(plan, Disturbed(plan, 2, lambda _: stop.set()), stop)
    assert INTERRUPTED in states.values()
    assert not list((tmp_path / "out").glob("*.part"))
    assert set(here(planned(films, "out")).values()) <= {DONE, SKIPPED}
    assert len(tables(tmp_path / "out")) == 6


def test_a_model_that_cannot_be_opened_ends_the_run(films: Path, planned: Planner) -> None:
    plan = planned(films, "out")
    options = replace(plan.settings.options, model="nowhere")
    plan = replace(plan, settings=replace(plan.settings, options=options))
    with pytest.raises(InputError, match="nowhere is not a model"):
        done_by(plan, Pool(plan, 1))


def test_a_whole_run_that_is_killed_goes_on(films: Path, calm: Path, until, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["analyze", str(films), "--out", str(out), "--jobs", "2", "--detector", "haar"]
    command = [sys.executable, "-m", "app", *words]
    for wanted in (".json.part", ".csv"):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            until(lambda pattern=f"*{wanted}": list(out.glob(pattern)), f"a file of {wanted}")
            process.kill()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert (done.returncode, done.stderr) == (0, "")
    left = {"summary.csv", "summary.json", "summary.parquet"}
    assert {path.name for path in out.iterdir()} - left == {path.name for path in calm.iterdir()}
    assert all((out / name).read_bytes() == table for name, table in tables(calm).items())


def test_parts_of_a_film_are_joined_to_the_same_rows(made_films: ModuleType, planned: Planner, tmp_path: Path) -> None:
    with open_source(str(demo_path())) as source:
        scene = [frame.image for frame in source][::8]
    (tmp_path / "film").mkdir()
    made_films.write(tmp_path / "film" / "long.mp4", scene * 3, width=160, fps=3)  # 63 s
    here(planned(tmp_path / "film", "whole"))
    plan = planned(tmp_path / "film", "parts", segments=2)
    found = done_by(plan, Disturbed(plan, 2, kill_one))
    assert found == {0: DONE}
    assert tables(tmp_path / "parts") == tables(tmp_path / "whole")
    assert [path.name for path in (tmp_path / "parts").iterdir() if path.is_dir()] == []
