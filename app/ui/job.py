"""Background work with progress, in a thread of its own, which a page polls with a timer. Contains no widget."""

import threading
from abc import ABC, abstractmethod

from app.export.reporter import CancelledError, Reporter
from models.errors import InputError


class Job(ABC):
    """Runs once, from `start` until it ends or `stop` cancels it.

    Args:
        name: Name of the thread.

    Attributes:
        progress: Fraction done, 0..1, if the work reports it.
        notices: Sentences for the user, for example about what was left out.
        error: Message of the `InputError` that ended the job; None if there was none.
        cancelled: Whether `stop` ended it.
    """

    def __init__(self, name: str) -> None:
        self.progress = 0.0
        self.notices: list[str] = []
        self.error: str | None = None
        self.cancelled = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def work(self, reporter: Reporter) -> None:
        """Do the work, in the job's thread; `reporter` raises `CancelledError` once the job is stopped."""

    def start(self) -> None:
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Request cancellation; does not wait."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end, at most `timeout_s` seconds; True if the job has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.work(Reporter(self._report, self.notices.append, self._stop))
        except CancelledError:
            self.cancelled = True
        except InputError as error:
            self.error = str(error)

    def _report(self, progress: float) -> None:
        self.progress = progress
