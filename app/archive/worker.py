"""What a process of a pool does. Light to import: the number of threads is settled before anything heavy is loaded."""

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
_TOLD_S = 0.25
"""So often a process says how far it has got."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Model and detector are open."""


@dataclass(frozen=True, slots=True)
class Refused:
    """They cannot be opened."""

    sentence: str


def work(pipe: Connection, plan: bytes, processes: int) -> None:
    """Do tasks until there are no more of them.

    Args:
        pipe: Tasks come from it, and `STOP`, which ends them early; answers go into it. Its end is the end.
        plan: The run, pickled.
        processes: How many share the machine.
    """
    _leave_signals_to_the_parent()
    stop = threading.Event()
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, tasks, stop), name="orders", daemon=True).start()

    from app.core import cores

    cores.take_share(processes)
    mouth = _Mouth(pipe)
    from app.archive.tasks import Done, Note
    from app.archive.workbench import UnusableError, Workbench, guarded
    from app.faults import fault_sentence

    @contextmanager
    def stopping() -> Iterator[threading.Event]:
        yield stop

    with Workbench(pickle.loads(plan), lambda sentence: mouth.say(Note(sentence)), stop=stopping) as bench:
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
    """Says things to the parent; without one there is nothing left to do."""

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
        """Takes how far a task has got, and says so now and then."""
        from app.archive.tasks import Progress, sparingly

        return sparingly(lambda frames, total: self.say(Progress(task, frames, total)), _TOLD_S)


def _leave_signals_to_the_parent() -> None:
    """A terminal sends them to every process; the parent says what they mean."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _listen(pipe: Connection, tasks: "queue.SimpleQueue[Any]", stop: threading.Event) -> None:
    """Pass on the parent's messages. If the parent has ended, end at once: its films must not be touched then."""
    while True:
        try:
            order = pipe.recv()
        except (EOFError, OSError):
            os._exit(1)
        if order == STOP:
            stop.set()
        else:
            tasks.put(order)
