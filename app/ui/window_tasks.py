"""Delivers results and notifications from other threads to the window's thread."""

from collections.abc import Callable, Hashable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal

from app.player.background_tasks import BackgroundTasks


class WindowTasks(QObject):
    """Runs tasks in a background thread and reports their results in the window's thread.

    Args:
        parent: Its Qt parent.
        most: Most waiting tasks; beyond that the oldest is dropped.

    Signals:
        done: The key of a task and its result, or the exception that ended it.
    """

    done = Signal(object, object)

    def __init__(self, parent: QObject, most: int = 1) -> None:
        super().__init__(parent)
        self._tasks = BackgroundTasks(self._tell, most)
        self._signal = self.done  # bound once: the other thread must not look up attributes of a deleted window

    def ask(self, key: Hashable, work: Callable[[], object]) -> None:
        """See `BackgroundTasks.ask`."""
        self._tasks.ask(key, work)

    def forget(self) -> None:
        """See `BackgroundTasks.forget`."""
        self._tasks.forget()

    def close(self) -> None:
        """See `BackgroundTasks.close`."""
        self._tasks.close()

    def join(self, timeout_s: float) -> bool:
        """See `BackgroundTasks.join`."""
        return self._tasks.join(timeout_s)

    def on_done(self, take: Callable[[object, object], object]) -> None:
        """Call `take` with the key and the result of each task, in the window's thread."""
        self.done.connect(take, Qt.ConnectionType.QueuedConnection)

    def _tell(self, key: Hashable, found: object) -> None:
        with suppress(RuntimeError):  # the window is gone
            self._signal.emit(key, found)


class News(QObject):
    """Notifies the window's thread that there is something to fetch.

    Args:
        parent: Its Qt parent.

    Signals:
        came: There is something to fetch.
    """

    came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._signal = self.came  # as in WindowTasks

    def tell(self) -> None:
        """Notify the window; may be called from any thread."""
        with suppress(RuntimeError):  # the window is gone
            self._signal.emit()

    def on_come(self, take: Callable[[], object]) -> None:
        """Call `take` on each notification, in the window's thread."""
        self.came.connect(take, Qt.ConnectionType.QueuedConnection)
