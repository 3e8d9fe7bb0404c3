"""The work of a Dask worker; only imported with Dask."""

import queue
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from app.archive.cluster_plan import unpack
from app.archive.tasks import Answer, Task, sparingly
from app.archive.workbench import Workbench, guarded
from app.core import cores
from app.faults import fault_sentence

_REPORT_S = 1.0


class FilmPlugin(WorkerPlugin):
    """Holds the state of one run on a worker: the plan, the model, and benches that have them open.

    Args:
        name: Of the run; also the topic of the workers' messages.
        packed: The plan, from `app.archive.cluster_plan.pack`.
    """

    def __init__(self, name: str, packed: bytes) -> None:
        self.name = name
        self._packed = packed

    def setup(self, worker: Any) -> None:
        self.stopped = threading.Event()
        self._worker = worker
        self._benches: queue.LifoQueue[Workbench] = queue.LifoQueue()
        self._folder = Path(tempfile.mkdtemp(prefix="mimik-worker-"))
        self._plan = unpack(self._folder, self._packed)
        cores.keep_to(worker.state.nthreads)

    def teardown(self, worker: Any) -> None:
        self.stopped.set()
        while not self._benches.empty():
            self._benches.get().__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "_packed": self._packed}

    @contextmanager
    def bench(self) -> Iterator[Workbench]:
        """A bench for one task; as many are opened as there are simultaneous tasks, and they stay open."""
        try:
            bench = self._benches.get_nowait()
        except queue.Empty:
            bench = Workbench(self._plan, self._say, stop=self._stopping)
        yield bench
        self._benches.put(bench)

    def report(self, number: int, frames: int, total: int | None) -> None:
        """Report the progress of a task."""
        self._worker.log_event(self.name, {"task": number, "frames": frames, "total": total})

    def _say(self, sentence: str) -> None:
        self._worker.log_event(self.name, {"note": sentence})

    @contextmanager
    def _stopping(self) -> Iterator[threading.Event]:
        yield self.stopped


def do_task(name: str, number: int, task: Task) -> Answer:
    """Do a task of the run of a name.

    Raises:
        UnusableError: If no task can be done at all.
    """
    plugin: FilmPlugin = get_worker().plugins[name]
    advance = sparingly(lambda frames, total: plugin.report(number, frames, total), _REPORT_S)
    with plugin.bench() as bench:
        return guarded(lambda: bench.do(task, advance), fault_sentence)


def open_bench(name: str, dask_worker: Any) -> None:
    """Open a worker's model and detector before its first task.

    Raises:
        UnusableError: If they cannot be opened.
    """
    with dask_worker.plugins[name].bench() as bench:
        _ = bench.parts


def stop_tasks(name: str, dask_worker: Any) -> None:
    """End the tasks of a run on a worker early."""
    plugin = dask_worker.plugins.get(name)
    if plugin is not None:
        plugin.stopped.set()
