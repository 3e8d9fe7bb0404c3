"""Measures how long painting four faces and a very large picture block the window, for `bench --window`."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from app.core.types import Box, FaceResult, Frame, FrameResult
from app.player.player import Shown
from app.ui.trial import Trial, Wait
from app.ui.window import MainWindow

PAINTS, IDLE_S, AFTER_S = 200, 2.0, 2.0
_LIMIT_S = 90.0


@dataclass(frozen=True, slots=True)
class PictureTask:
    """The task of the window.

    Attributes:
        path: The file to write: `paint_ms`, `idle_gap_ms`, `gap_ms` and `picture_s`.
        picture: The large picture.
    """

    path: Path
    picture: str

    @classmethod
    def from_environment(cls) -> Self | None:
        """The task in the environment: `MIMIK_PICTURE_TRIAL` contains it as JSON."""
        value = os.environ.get("MIMIK_PICTURE_TRIAL")
        if not value:
            return None
        values = json.loads(value)
        return cls(Path(values["path"]), str(values["picture"]))


class LoopDelays(QObject):
    """A timer that should fire every millisecond measures how late the event loop serves it.

    On a busy machine elapsed time says little, so the processor time of the window's thread is measured as well.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._passed: list[float] = []
        self._worked: list[float] = []
        self._last: tuple[float, float] | None = None
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """Discard earlier values, and start measuring."""
        self._passed, self._worked, self._last = [], [], None
        self._timer.start()

    def end(self) -> dict[str, float]:
        """Milliseconds between two turns of the event loop: the 99th percentile and the longest, and the longest of
        the processor times of the window's thread between two turns."""
        self._timer.stop()
        passed, worked = np.array(self._passed or [0.0]), np.array(self._worked or [0.0])
        figures = {"p99": np.percentile(passed, 99), "most": passed.max(), "work": worked.max()}
        return {name: round(float(value) * 1000, 2) for name, value in figures.items()}

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        if self._last is not None:
            self._passed.append(now[0] - self._last[0])
            self._worked.append(now[1] - self._last[1])
        self._last = now


class PictureTrial(Trial):
    """Paints a frame with four faces, then opens a large picture while a timer ticks.

    Args:
        window: Shows a film.
        asked: The picture to show, and the file to write.
        done: Called at the end, with whether the run succeeded.
    """

    def __init__(self, window: MainWindow, asked: PictureTask, done: Callable[[bool], None]) -> None:
        super().__init__(window, asked.path, done, _LIMIT_S)
        self._picture = asked.picture

    def _all(self) -> Wait:
        window, picture = self._window, self._window.picture
        yield lambda: picture.result is not None
        window.playback.pause()
        assert picture.result is not None
        four = Shown(four_faces(picture.result.labels), False, 0.0)
        gaps = LoopDelays(window)
        yield from self._rest(IDLE_S)
        picture.show_result(four)
        yield lambda: picture.shown is four
        paints_ms, works_ms = [], []
        for _ in range(PAINTS):
            start_s, work_s = time.perf_counter(), time.thread_time()
            picture.repaint()
            works_ms.append((time.thread_time() - work_s) * 1000)
            paints_ms.append((time.perf_counter() - start_s) * 1000)
            yield lambda: True
        gaps.begin()
        yield from self._rest(IDLE_S)
        idle = gaps.end()
        gaps.begin()
        start_s = time.monotonic()
        window.show_source(self._picture)
        yield lambda: picture.result is not None and picture.result.frame.image.shape[0] > 0
        picture_s = time.monotonic() - start_s
        for size in ((1000, 700), (1280, 800)):
            window.resize(*size)
            yield from self._rest(0.3)
        window.menus.mirror.trigger()
        yield from self._rest(AFTER_S)
        p50, p95 = np.percentile(paints_ms, (50, 95))
        work = float(np.percentile(works_ms, 50))
        self._write(
            {
                "paint_ms": {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "work": round(work, 2)},
                "idle_gap_ms": idle,
                "gap_ms": gaps.end(),
                "picture_s": round(picture_s, 2),
            }
        )

    def _rest(self, seconds: float) -> Wait:
        until_s = time.monotonic() + seconds
        yield lambda: time.monotonic() > until_s


def four_faces(labels: tuple[str, ...]) -> FrameResult:
    """A synthetic frame of 1280x720 pixels with four faces and their readings."""
    chance = np.random.default_rng(0)
    faces = []
    for number in range(4):
        values = chance.dirichlet(np.ones(len(labels))).astype(np.float32)
        box = Box(60.0 + 310 * number, 180.0 + 60 * (number % 2), 180.0, 200.0)
        faces.append(FaceResult(number, box, 0.9, values, values, labels[int(values.argmax())]))
    image = chance.integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    return FrameResult(Frame(0, 0.0, image), tuple(faces), labels, {})
