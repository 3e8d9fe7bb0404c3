"""Updates the journal in the background. Holds no widget."""

import threading
from pathlib import Path

from app.commands.contents import session_of
from app.export.course import CancelledError, Course
from app.journal.journal import Journal
from app.journal.own import sessions_in
from models.errors import InputError

_PATIENCE_S = 0.5


class Updating:
    """One pass over the sessions, in a thread.

    Attributes:
        told: Sentences about sessions that cannot be read.
    """

    def __init__(self, journal: Journal, library: Path) -> None:
        self.told: list[str] = []
        self._journal, self._library = journal, library
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it soon, and wait a bounded time."""
        self._stop.set()
        self._thread.join(_PATIENCE_S)

    def _work(self) -> None:
        try:
            course = Course(notify=self.told.append, stop=self._stop)
            self._journal.update(sessions_in(self._library), session_of, course)
        except CancelledError:
            return
        except InputError as error:
            self.told.append(str(error))
