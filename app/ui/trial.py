"""Base class of measurement runs in the window, which request one thing after another and never block."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer

from app.ui.window import MainWindow
from models.errors import InputError

_LIMIT_S = 20.0
POLL_MS = 1

Wait = Iterator[Callable[[], bool]]
"""Requests something, then yields a condition that becomes true once it is done, repeatedly."""


class Trial(ABC):
    """Drives a window and writes measurements.

    Args:
        window: Already shows its first source.
        path: The JSON file to write; it gets `error` if the run fails.
        done: Called at the end, with whether the run succeeded.
        limit_s: Longest wait for each condition, in seconds.
    """

    def __init__(self, window: MainWindow, path: Path, done: Callable[[bool], None], limit_s: float = _LIMIT_S) -> None:
        self._window = window
        self._path = path
        self._done = done
        self._limit_s = limit_s
        self._painted = 0
        self._since_s = 0.0
        self._wanted: Callable[[], bool] = lambda: True
        window.picture.painted.connect(self._count)
        window.failed.connect(lambda sentence: self._finish(InputError(sentence)))
        self._work = self._all()
        self._timer = QTimer(window, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        """Start the run; call it once the window is shown."""
        self._timer.start()

    @abstractmethod
    def _all(self) -> Wait:
        """All steps of the run; writes the measurements at the end."""

    def _write(self, figures: dict[str, object]) -> None:
        self._path.write_text(json.dumps(figures) + "\n", encoding="utf-8")

    def _count(self) -> None:
        self._painted += 1

    def _poll(self) -> None:
        try:
            while self._wanted():
                self._wanted = next(self._work)
                self._since_s = time.monotonic()
            if time.monotonic() - self._since_s > self._limit_s:
                raise InputError("the window did not show what was asked for in time; measure with less load")
        except StopIteration:
            self._finish(None)
        except InputError as error:
            self._finish(error)

    def _finish(self, error: InputError | None) -> None:
        if self._timer.isActive():
            self._timer.stop()
            if error is not None:
                self._write({"error": str(error)})
            self._done(error is None)
