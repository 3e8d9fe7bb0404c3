"""A recording of a live source, which may start and end at any time."""

import threading
from collections.abc import Callable

from app.core.stages import FrameSource, Tappable
from app.core.types import FrameResult, SourceInfo
from app.faults import fault_sentence
from app.sessions.folder import Session
from app.sessions.notes import Kind
from app.sessions.recorder import Recorder, RecordingPlan, Status
from models.errors import InputError


class LiveRecording:
    """The sink of a recording. Everything that takes time happens in the sink's own thread.

    Args:
        plan: What is recorded, and where.
        notify: Takes a sentence; called in any thread.
        over: Called once the recording has ended, with the session, or None if none was made.

    Attributes:
        source: What is recorded; set before the first result comes.
    """

    def __init__(
        self, plan: RecordingPlan, notify: Callable[[str], None], over: Callable[[Session | None], None]
    ) -> None:
        self.source: FrameSource | None = None
        self._plan, self._notify, self._over = plan, notify, over
        self._recorder: Recorder | None = None
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    @property
    def session(self) -> Session | None:
        """The session's folder, once it exists."""
        return None if self._recorder is None else self._recorder.session

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        recorder = Recorder(self._plan, info, self._notify, self._end)
        if isinstance(self.source, Tappable):
            self.source.tap = recorder.take
        try:
            recorder.open(info, labels)
        except BaseException:
            self._let_go()
            recorder.close()
            raise
        self._recorder = recorder

    def write(self, result: FrameResult) -> None:
        if self._recorder is not None:
            if not isinstance(self.source, Tappable):
                self._recorder.take(result.frame)
            self._recorder.write(result)

    def close(self) -> None:
        self._let_go()
        if self._recorder is not None:
            self._recorder.close()
        self._end()

    def failed(self, error: Exception) -> None:
        """Take the error that prevented or ended it."""
        self._let_go()
        self._notify(str(error) if isinstance(error, InputError) else fault_sentence(error))
        self._end()

    def status(self) -> Status | None:
        """Its state; None before it has started."""
        return None if self._recorder is None else self._recorder.status()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the recording has ended and every file is finished; False if that takes longer."""
        return self._is_over.wait(timeout_s)

    def note(self, text: str, kind: Kind, *, ago_s: float = 0.0) -> None:
        """Write a note at the present time, or some seconds before.

        Raises:
            InputError: If there is no session yet, or its notes cannot be written.
        """
        if self._recorder is None:
            raise InputError("The recording has not begun yet; write the note again.")
        self._recorder.note(text, kind, ago_s=ago_s)

    def _let_go(self) -> None:
        if isinstance(self.source, Tappable):
            self.source.tap = None

    def _end(self) -> None:
        with self._lock:
            if self._is_over.is_set():
                return
            self._is_over.set()
        self._over(self.session)
