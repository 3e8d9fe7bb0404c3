"""An export in its own thread, which the window polls with a timer. Holds no widget."""

import threading
from pathlib import Path

from app.commands.targets import Target
from app.export.content import Content
from app.export.course import CancelledError, Course
from app.export.kinds import Kind, Wish
from models.errors import InputError


class ExportJob:
    """Writes one file and puts it into its place at the end.

    Args:
        content: What is exported.
        kind: As what.
        wish: The choices besides.
        out: The file; one that is there is kept, and the new one gets a number.

    Attributes:
        progress: How far it is, 0..1.
        notices: Sentences about what was left out.
        error: Why nothing was written, or None; without a sentence where it was a fault of ours.
        cancelled: Whether it was ended by `stop`.
        placed: The file in its place, or None.
    """

    def __init__(self, content: Content, kind: Kind, wish: Wish, out: Path) -> None:
        self.progress = 0.0
        self.notices: list[str] = []
        self.error: str | None = None
        self.cancelled = False
        self.placed: Path | None = None
        self._content, self._kind, self._wish, self._out = content, kind, wish, out
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="export", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it soon; nothing of it stays."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Wait a bounded time; True when it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            with Target(self._out, self._content.files, overwrite=False, notify=self.notices.append) as target:
                course = Course(self._tell, self.notices.append, self._stop)
                self._kind.write(self._content, target.part, course, self._wish, self._out.suffix.lower())
                self.placed = target.place()
        except CancelledError:
            self.cancelled = True
        except InputError as error:
            self.error = str(error)

    def _tell(self, done: float) -> None:
        self.progress = done
