"""The main function of a pool's process. Light to import: the number of threads is set before anything heavy is
loaded."""

import os
import pickle
import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.archive.tasks import Advance, Task

STOP = "stop"
_REPORT_S = 0.25
"""Interval between progress messages, seconds."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Model and detector are open."""


@dataclass(frozen=True, slots=True)
class Refused:
    """They cannot be opened."""

    sentence: str


def work(pipe: Connection, plan: bytes, processes: int) -> None:
    """Execute tasks until there are no more.

    Args:
        pipe: Delivers tasks, and `STOP`, which ends them early; takes the answers. The process ends when it is closed.
        plan: The run, pickled.
        processes: Number of processes that share the machine.
    """
    _leave_signals_to_the_parent()
    stop = threading.Event()
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, tasks, stop), name="orders", daemon=True).start()

    from app.core import cores

    cores.take_share(processes)
    mouth = _Mouth(pipe)
    from app.archive.tasks import Done, Sentence
    from app.archive.workbench import UnusableError, Workbench, guarded
    from app.faults import fault_sentence

    @contextmanager
    def stopping() -> Iterator[threading.Event]:
        yield stop

    with Workbench(pickle.loads(plan), lambda sentence: mouth.say(Sentence(sentence)), stop=stopping) as bench:
        try:
            _ = bench.parts
            mouth.say(Ready())
            while True:
                task = tasks.get()
                answer = guarded(partial(bench.do, task, mouth.advancing(task)), fault_sentence)
                mouth.say(Done(task, answer))
        except UnusableError as error:
            mouth.say(Refused(str(error)))


class _Mouth:
    """Sends messages to the parent; exits if there is none any more."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def say(self, thing: object) -> None:
        try:
            with self._lock:
                self._pipe.send(thing)
        except OSError:
            os._exit(1)

    def advancing(self, task: "Task") -> "Advance":
        """Takes the progress of a task and reports it from time to time."""
        from app.archive.tasks import Progress, sparingly

        return sparingly(lambda frames, total: self.say(Progress(task, frames, total)), _REPORT_S)


def _leave_signals_to_the_parent() -> None:
    """Ignored, because a terminal sends them to every process and the parent handles them."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _listen(pipe: Connection, tasks: "queue.SimpleQueue[Any]", stop: threading.Event) -> None:
    """Forward the parent's messages. If the parent has ended, exit at once, because its films must not be touched any
    more."""
    while True:
        try:
            order = pipe.recv()
        except (EOFError, OSError):
            os._exit(1)
        if order == STOP:
            stop.set()
        else:
            tasks.put(order)
