"""A sink that forwards results to others, which may be attached and detached during a run."""

import logging
import threading
from collections.abc import Callable

from app.core.mailbox import Mailbox, Queue
from app.core.stages import Sink
from app.core.types import FrameResult, SourceInfo

_WAITING = 32
_JOIN_S = 2.0

_log = logging.getLogger(__name__)


class Hub:
    """Writes to attached sinks, each in its own thread behind a bounded queue.

    None of them can block the run: when a queue is full, its oldest result is dropped and counted. A sink that fails is
        closed and detached, with a notice; the others continue. Required sinks are given to the runner instead.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outlets: dict[str, _Subscriber] = {}
        self._opening: tuple[SourceInfo, tuple[str, ...]] | None = None

    def attach(self, name: str, sink: Sink, notify: Callable[[Exception], None], *, waiting: int = _WAITING) -> None:
        """Write to a sink from now on; before the run it waits for the start.

        Args:
            name: Key for detaching it.
            sink: Opened, written to and closed in its own thread.
            notify: Called with the exception that it raised, in that thread.
            waiting: Size of its queue, in results.

        Raises:
            ValueError: If the name is taken.
        """
        with self._lock:
            if name in self._outlets:
                raise ValueError(f"{name} is attached already")
            self._outlets[name] = outlet = _Subscriber(name, sink, notify, waiting)
            if self._opening is not None:
                outlet.start(*self._opening)

    def detach(self, name: str) -> int:
        """Detach a sink, and close it once it has written everything.

        Returns:
            How many results it lost because it was too slow; 0 also if no such sink is attached.
        """
        with self._lock:
            outlet = self._outlets.pop(name, None)
        return 0 if outlet is None else outlet.finish()

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        with self._lock:
            self._opening = (info, labels)
            for outlet in self._outlets.values():
                outlet.start(info, labels)

    def write(self, result: FrameResult) -> None:
        with self._lock:
            for name, outlet in list(self._outlets.items()):
                if not outlet.put(result):
                    del self._outlets[name]

    def close(self) -> None:
        with self._lock:
            self._opening = None
            names = list(self._outlets)
        for name in names:
            self.detach(name)


class _Subscriber:
    """One sink with its queue and thread."""

    def __init__(self, name: str, sink: Sink, notify: Callable[[Exception], None], waiting: int) -> None:
        self._name = name
        self._sink = sink
        self._notify = notify
        self._queue: Mailbox[FrameResult] = _Latest(waiting)
        self._thread: threading.Thread | None = None

    def start(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._thread = threading.Thread(target=self._work, args=(info, labels), name=f"sink {self._name}", daemon=True)
        self._thread.start()

    def put(self, result: FrameResult) -> bool:
        return self._queue.put(result)

    def finish(self) -> int:
        self._queue.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_JOIN_S)
            if self._thread.is_alive():
                _log.warning("%s is still busy with its last results", self._name)
        return self._queue.dropped

    def _work(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        opened = False
        try:
            self._sink.open(info, labels)
            opened = True
            while (result := self._queue.take(None)) is not None:
                self._sink.write(result)
        except Exception as error:
            self._notify(error)
        finally:
            self._queue.close(discard=True)
            if opened:
                try:
                    self._sink.close()
                except Exception as error:
                    self._notify(error)


class _Latest(Queue[FrameResult]):
    """A bounded queue whose writer never waits: if it is full, the oldest value is dropped."""

    def put(self, value: FrameResult) -> bool:
        with self._changed:
            if self._closed:
                return False
            if len(self._values) >= self._size:
                self._values.popleft()
                self._dropped += 1
            self._values.append(value)
            self._changed.notify_all()
            return True
