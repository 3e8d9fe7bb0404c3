"""Work that the window has done elsewhere, so that it never waits: scaling, reading small pictures, explaining."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

_LINGER_S = 1.0


class BackgroundTasks:
    """Does one piece of work after another in its own thread, the newest first. No method waits.

    The thread is there while there is something to do and a second longer.

    Args:
        done: Called in that thread with the key of an errand and what came of it, or the exception that ended it.
        most: How many may wait; beyond that the oldest is forgotten.
    """

    def __init__(self, done: Callable[[Hashable, object], object], most: int = 1) -> None:
        self._done = done
        self._most = most
        self._waiting: OrderedDict[Hashable, Callable[[], object]] = OrderedDict()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, key: Hashable, work: Callable[[], object]) -> None:
        """Have something done; takes the place of what waits under the same key."""
        with self._changed:
            if self._closed:
                return
            self._waiting.pop(key, None)
            self._waiting[key] = work
            while len(self._waiting) > self._most:
                self._waiting.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="errands", daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self) -> None:
        """Drop all that has not begun."""
        with self._changed:
            self._waiting.clear()

    def close(self) -> None:
        """Drop all that has not begun, and take nothing more."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()

    def join(self, timeout_s: float) -> bool:
        """Wait after `close` for what was begun; True when that is done."""
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
