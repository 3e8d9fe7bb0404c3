"""Background work of the window: scaling, reading thumbnails, explaining."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

_LINGER_S = 1.0


class BackgroundTasks:
    """Executes tasks one by one in its own thread, the newest first. No method but `join` waits.

    The thread exists while there are tasks, and a second longer.

    Args:
        done: Called in that thread with the key of a task and its result, or the exception that ended it.
        most: Most waiting tasks; beyond that the oldest is dropped.
    """

    def __init__(self, done: Callable[[Hashable, object], object], most: int = 1) -> None:
        self._done = done
        self._most = most
        self._waiting: OrderedDict[Hashable, Callable[[], object]] = OrderedDict()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, key: Hashable, work: Callable[[], object]) -> None:
        """Queue a task; it replaces a waiting one with the same key."""
        with self._changed:
            if self._closed:
                return
            self._waiting.pop(key, None)
            self._waiting[key] = work
            while len(self._waiting) > self._most:
                self._waiting.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="tasks", daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self) -> None:
        """Drop all tasks that have not started."""
        with self._changed:
            self._waiting.clear()

    def close(self) -> None:
        """Drop all tasks that have not started, and accept no more."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()

    def join(self, timeout_s: float) -> bool:
        """After `close`, wait for the running task; True if it has ended."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting) or self._closed, _LINGER_S)
                if not self._waiting:
                    self._thread = None
                    return
                key, work = self._waiting.popitem()
            try:
                found = work()
            except Exception as error:
                self._done(key, error)
            else:
                self._done(key, found)
            del work
            found = None
