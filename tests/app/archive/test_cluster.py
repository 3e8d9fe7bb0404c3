"""Films on a local Dask cluster of two workers, one of which is killed."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.archive.run import DONE, INTERRUPTED, SKIPPED
from app.archive.tasks import Done, Event, Plan
from models.errors import InputError
from tests.app.archive.running import done_by, tables

distributed = pytest.importorskip("distributed", reason="a cluster needs the extra `cluster`")

from app.archive.cluster import Cluster  # noqa: E402  (needs Dask)

Planner = Callable[..., Plan]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two single-threaded worker processes, which are restarted if they end."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as started:
        yield started.scheduler_address


class Disturbed(Cluster):
    """A cluster that calls `happens` when the first film is done."""

    happens: Callable[["Disturbed"], None] | None = None

    def wait(self, seconds: float) -> list[Event]:
        events = super().wait(seconds)
        if self.happens is not None and any(isinstance(event, Done) for event in events):
            happens, self.happens = self.happens, None
            happens(self)
        return events


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_killed_worker_loses_nothing(cluster: str, films: Path, calm: Path, planned: Planner, tmp_path: Path) -> None:
    plan = planned(films, "out")
    crew = Disturbed(plan, cluster)

    def kill_one(_: Disturbed) -> None:
        pids = crew._client.run(os.getpid)
        os.kill(min(pids.values()), signal.SIGKILL)

    crew.happens = kill_one
    found = done_by(plan, crew)
    assert len(found) == 6
    assert set(found.values()) <= {DONE, SKIPPED}  # a worker may be killed after it finished its film
    assert tables(tmp_path / "out") == tables(calm)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in calm.iterdir()}


def test_an_early_end_keeps_what_is_done(cluster: str, films: Path, planned: Planner, tmp_path: Path) -> None:
    plan, stop = planned(films, "out"), threading.Event()
    crew = Disturbed(plan, cluster)
    crew.happens = lambda _: stop.set()
    found = done_by(plan, crew, stop)
    assert DONE in found.values()
    assert INTERRUPTED in found.values() or len(found) < 6
    assert not list((tmp_path / "out").glob("*.part"))


def test_no_scheduler_is_told(films: Path, planned: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.archive.cluster._CONNECT_S", 0.5)
    with pytest.raises(InputError, match="is not a Dask scheduler"):
        Cluster(planned(films, "out"), "tcp://127.0.0.1:9")
