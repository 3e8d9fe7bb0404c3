"""How far an export has got, and how it is ended early."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class CancelledError(Exception):
    """An export was cancelled; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a long export reports to.

    Attributes:
        tell: Takes a fraction 0..1, from the thread of the export.
        notify: Takes a sentence about what is left out.
        stop: Set from any thread to end the export.
    """

    tell: Callable[[float], None] = lambda _: None
    notify: Callable[[str], None] = lambda _: None
    stop: threading.Event = field(default_factory=threading.Event)

    def at(self, done: float, whole: float) -> None:
        """Say how far it is.

        Raises:
            CancelledError: If it was ended.
        """
        if self.stop.is_set():
            raise CancelledError
        self.tell(min(max(done / whole, 0.0), 1.0) if whole > 0 else 0.0)
