"""Brings what was done elsewhere back to the window."""

from collections.abc import Callable, Hashable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal

from app.player.background_tasks import BackgroundTasks


class WindowTasks(QObject):
    """Has work done elsewhere and tells of it here, in the window's own time.

    Args:
        parent: Owns it.
        most: How many pieces of work may wait; beyond that the oldest is forgotten.

    Signals:
        done: The key, and what came of the work, or the exception that ended it.
    """

    done = Signal(object, object)

    def __init__(self, parent: QObject, most: int = 1) -> None:
        super().__init__(parent)
        self._tasks = BackgroundTasks(self._tell, most)
        self._signal = self.done  # bound once: what works elsewhere must not look up a part of a window that is gone

    def ask(self, key: Hashable, work: Callable[[], object]) -> None:
        """As `BackgroundTasks.ask`."""
        self._tasks.ask(key, work)

    def forget(self) -> None:
        """As `BackgroundTasks.forget`."""
        self._tasks.forget()

    def close(self) -> None:
        """As `BackgroundTasks.close`."""
        self._tasks.close()

    def join(self, timeout_s: float) -> bool:
        """As `BackgroundTasks.join`."""
        return self._tasks.join(timeout_s)

    def on_done(self, take: Callable[[object, object], object]) -> None:
        """Call something with each piece of work that is done."""
        self.done.connect(take, Qt.ConnectionType.QueuedConnection)

    def _tell(self, key: Hashable, found: object) -> None:
        with suppress(RuntimeError):  # the window is gone
            self._signal.emit(key, found)


class News(QObject):
    """Brings word from any thread that there is something to fetch, in the window's own time.

    Args:
        parent: Owns it.

    Signals:
        came: There is news.
    """

    came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._signal = self.came  # as in WindowTasks

    def tell(self) -> None:
        """Say that there is news, from any thread."""
        with suppress(RuntimeError):  # the window is gone
            self._signal.emit()

    def on_come(self, take: Callable[[], object]) -> None:
        """Call something when there is news."""
        self.came.connect(take, Qt.ConnectionType.QueuedConnection)
