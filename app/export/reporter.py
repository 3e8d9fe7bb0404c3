"""Progress of long work, such as an export, and its cancellation."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class CancelledError(Exception):
    """The work was cancelled."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Receives the progress of long work, and cancels it.

    Attributes:
        tell: Takes the progress, 0..1, in the thread of the work.
        notify: Takes a sentence for the user, such as what is left out.
        stop: Set from any thread to cancel the work.
    """

    tell: Callable[[float], None] = lambda _: None
    notify: Callable[[str], None] = lambda _: None
    stop: threading.Event = field(default_factory=threading.Event)

    def at(self, done: float, whole: float) -> None:
        """Report progress.

        Raises:
            CancelledError: If the work was cancelled.
        """
        if self.stop.is_set():
            raise CancelledError
        self.tell(min(max(done / whole, 0.0), 1.0) if whole > 0 else 0.0)
