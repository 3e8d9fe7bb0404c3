"""Slow work in its own thread, with its result delivered in the window's thread."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.faults import fault_sentence
from app.ui.localised import localised
from models.errors import InputError


class Background(QObject):
    """Runs functions, each in its own thread.

    Args:
        parent: Owns it; results that arrive after its end are dropped.
        failed: Takes the sentence if the function raises.
    """

    _answered = Signal(object, object)
    _failed = Signal(str)

    def __init__(self, parent: QObject, failed: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._threads: list[threading.Thread] = []
        self._answered.connect(lambda then, answer: then(answer), Qt.ConnectionType.QueuedConnection)
        self._failed.connect(lambda sentence: failed(localised(sentence)), Qt.ConnectionType.QueuedConnection)
        # bound once, because other threads must not access attributes of a deleted window
        self._answer, self._fail = self._answered, self._failed

    def do(self, work: Callable[[], Any], then: Callable[[Any], object] = lambda _: None) -> None:
        """Call a function, and pass its result on in the window's thread."""

        def body() -> None:
            try:
                answer = work()
            except Exception as error:
                self._emit(self._fail, str(error) if isinstance(error, InputError) else fault_sentence(error))
            else:
                self._emit(self._answer, then, answer)

        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=body, name="background", daemon=True)
        self._threads.append(thread)
        thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the work in progress, for this long at most each."""
        for thread in self._threads:
            thread.join(timeout_s)

    @staticmethod
    def _emit(signal: Any, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:  # the window has been deleted meanwhile
            return
