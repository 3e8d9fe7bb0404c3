"""A crew of processes on this machine.

Each has its own pipe, so that one killed in the middle of a message does not harm the others; the executors of the
standard library share a queue, and lose all work if one process dies.
"""

import multiprocessing
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from app.archive.tasks import Died, Done, Event, Plan, Task
from app.archive.worker import STOP, Ready, Refused, work
from models.errors import InputError

_END_S = 5.0
_STILLBORN = 3
"""How many processes in a row may end before they are ready."""
_ALGEBRA = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    ready: bool = False


class Pool:
    """A number of processes, each with its own model and detector and its share of the cores.

    One that ends, for any reason, is replaced; its task is answered by `Died`.

    Args:
        plan: The run; sent to each process once.
        size: How many.
    """

    def __init__(self, plan: Plan, size: int) -> None:
        self.size = size
        self._plan = pickle.dumps(plan)
        self._stopping = False
        self._stillborn = 0
        self._workers = [self._hire() for _ in range(size)]

    @property
    def room(self) -> int:
        return sum(worker.task is None for worker in self._workers)

    @property
    def ready(self) -> bool:
        """Whether every process has opened model and detector."""
        return all(worker.ready for worker in self._workers)

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes."""
        return tuple(worker.process.pid or 0 for worker in self._workers)

    def start(self, task: Task) -> None:
        # Ready processes first: others may still be opening their model.
        worker = min((one for one in self._workers if one.task is None), key=lambda one: not one.ready)
        worker.task = task
        try:
            worker.pipe.send(task)
        except OSError:
            """It has ended; `wait` will notice."""

    def wait(self, seconds: float) -> list[Event]:
        owners = {worker.pipe: worker for worker in self._workers}
        events: list[Event] = []
        for pipe in wait(list(owners), seconds):
            assert isinstance(pipe, Connection)
            events += self._hear(owners[pipe])
        return events

    def stop(self) -> None:
        self._stopping = True
        for worker in self._workers:
            try:
                worker.pipe.send(STOP)
            except OSError:
                """It has ended already."""

    def close(self) -> None:
        for worker in self._workers:
            worker.pipe.close()  # which ends it
        for worker in self._workers:
            worker.process.join(_END_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self._workers = []

    def _hire(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self._plan, self.size), name="mimik analyses", daemon=True)
        with _few_threads(max(1, (os.cpu_count() or 1) // self.size)):
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _hear(self, worker: _Worker) -> list[Event]:
        """All messages of a process."""
        events: list[Event] = []
        try:
            while worker.pipe.poll():
                said = worker.pipe.recv()
                if isinstance(said, Refused):
                    raise InputError(said.sentence)
                if isinstance(said, Ready):
                    worker.ready = True
                    self._stillborn = 0
                else:
                    events.append(said)
                    if isinstance(said, Done):
                        worker.task = None
        except (EOFError, OSError, pickle.UnpicklingError):
            events += self._replace(worker)
        return events

    def _replace(self, worker: _Worker) -> list[Event]:
        worker.pipe.close()
        worker.process.join(_END_S)
        code = worker.process.exitcode
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.process.close()
        how = f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"
        reason = f"the process that analysed it ended {how}; check whether memory runs out"
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn >= _STILLBORN:
                raise InputError(
                    f"Processes that analyse films end {how} before they start; try fewer with --jobs, or leave it out."
                )
        self._workers.remove(worker)
        if not self._stopping:
            self._workers.append(self._hire())
        return [] if worker.task is None else [Done(worker.task, Died(reason))]


@contextmanager
def _few_threads(threads: int) -> Iterator[None]:
    """Within the block, started processes use this many threads for linear algebra."""
    before = {name: os.environ.get(name) for name in _ALGEBRA}
    os.environ.update({name: str(threads) for name, value in before.items() if value is None})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
