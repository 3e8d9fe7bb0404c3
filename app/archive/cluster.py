"""A crew of Dask workers, on this machine or many. Needs the extra `cluster`."""

import logging
import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from app.archive.cluster_plan import pack
from app.archive.tasks import Died, Done, Event, Fault, Plan, Progress, Sentence, Task
from app.archive.workbench import UnusableError
from app.faults import fault_sentence
from models.errors import InputError

_CONNECT_S = 10
_FIRST_WORKER_S = 30
_AHEAD = 2
"""Tasks assigned per thread of the cluster: one that runs, and one that waits."""
_COUNT_S = 2.0
"""Interval at which the cluster's threads are counted."""


class Cluster:
    """The workers of a scheduler.

    Model and detector go to each worker once, with the plan; films and results are reached by paths that mean the same
    everywhere. Dask gives the unfinished tasks of a worker that ends to others.

    Args:
        plan: The run; its sources are named by absolute paths.
        address: Of the scheduler, such as `tcp://10.0.0.5:8786`.

    Raises:
        InputError: If there is no scheduler or no worker, Dask is not installed, or model or detector cannot be used.
    """

    def __init__(self, plan: Plan, address: str) -> None:
        try:
            import distributed

            from app.archive.cluster_worker import FilmPlugin, open_bench
        except ImportError as error:
            raise InputError(
                "Dask is not installed; type `pip install -e '.[cluster]'` in Mimik's folder, or leave out --cluster."
            ) from error
        self._address = address
        self._name = f"mimik-{uuid4().hex}"
        self._said: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._going: dict[Any, Task] = {}
        self._tasks: list[Task] = []
        self._broken: InputError | None = None
        self._counted_s = -_COUNT_S
        self._threads = 1
        packed = pack(plan)
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we report the relevant problems ourselves
        try:
            self._client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                f"{address} is not a Dask scheduler; check the address, or start one with `make cluster-demo`."
            ) from error
        with self._lasting():
            try:
                self._client.wait_for_workers(1, timeout=_FIRST_WORKER_S)
            except TimeoutError as error:
                raise InputError(f"The scheduler at {address} has no worker; start some with `dask worker`.") from error
            self._client.subscribe_topic(self._name, self._hear)
            try:
                self._client.register_plugin(FilmPlugin(self._name, packed), name=self._name)
                self._client.run(open_bench, self._name)
            except InputError:
                raise
            except Exception as error:
                raise InputError(
                    f"The workers of {address} cannot run Mimik: {error}; install the same version of Mimik there."
                ) from error
            if "dashboard" in self._client.scheduler_info().get("services", {}):
                self._said.put(Sentence(f"the cluster's dashboard: {self._client.dashboard_link}"))

    @property
    def size(self) -> int:
        self._count()
        return self._threads

    @property
    def room(self) -> int:
        self._count()
        return max(0, _AHEAD * self._threads - len(self._going))

    def start(self, task: Task) -> None:
        from app.archive.cluster_worker import do_task

        number = len(self._tasks)
        self._tasks.append(task)
        future = self._client.submit(do_task, self._name, number, task, key=f"{self._name}-{number}", pure=False)
        self._going[future] = task
        future.add_done_callback(self._ended)

    def wait(self, seconds: float) -> list[Event]:
        events: list[Event] = []
        with suppress(queue.Empty):
            events.append(self._said.get(timeout=seconds) if seconds else self._said.get_nowait())
            while True:
                events.append(self._said.get_nowait())
        if self._broken is not None:
            raise self._broken
        return events

    def stop(self) -> None:
        from app.archive.cluster_worker import stop_tasks

        with suppress(OSError):
            self._client.run(stop_tasks, self._name, on_error="ignore")

    def close(self) -> None:
        with suppress(Exception):  # the scheduler has gone
            self._client.cancel(list(self._going), force=True)
            self._client.unregister_worker_plugin(self._name)
        with suppress(Exception):
            self._client.close(timeout=_CONNECT_S)

    @contextmanager
    def _lasting(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _count(self) -> None:
        now_s = time.monotonic()
        if now_s - self._counted_s >= _COUNT_S:
            self._counted_s = now_s
            with suppress(OSError):
                self._threads = max(1, sum(self._client.nthreads().values()))

    def _hear(self, event: tuple[float, Any]) -> None:
        """Receive a message of a worker; in the client's thread."""
        said = event[1]
        if "note" in said:
            self._said.put(Sentence(said["note"]))
        else:
            self._said.put(Progress(self._tasks[said["task"]], said["frames"], said["total"]))

    def _ended(self, future: Any) -> None:
        """Receive a task's answer; in a thread of the client."""
        task = self._going.pop(future, None)
        if task is None:
            return
        if future.status == "finished":
            self._said.put(Done(task, future.result()))
            return
        from distributed.scheduler import KilledWorker

        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):
            self._said.put(Done(task, Died("several workers ended while analysing it; check their memory")))
        elif isinstance(error, UnusableError):
            self._broken = error
        elif isinstance(error, Exception):
            self._said.put(Done(task, Fault(fault_sentence(error))))
        else:
            self._broken = InputError(
                f"The cluster at {self._address} is gone; run the same command again to continue."
            )
