"""The requests to a film player, from any thread, and their delivery to its own thread."""

import threading
import time
from dataclasses import dataclass, replace

from app.core.pace import Pace
from app.core.types import SourceInfo
from app.player.base import Offering
from app.player.clock import FilmClock
from app.player.player import State

DRAG_S = 0.15
"""Seek requests that follow each other this quickly belong to a drag."""


@dataclass(frozen=True, slots=True)
class SeekRequest:
    """The next frame to show: that of a time, or the present one if that is None, then this many frames further.

    It is `dragged` if another time was requested just before, so that the next request is expected soon.
    """

    time_s: float | None
    steps: int = 0
    dragged: bool = False


class CommandedPlayer(Offering):
    """The verbs of a film player. Each returns at once; the newest request wins, and waiting steps are added up.

    Args:
        info: Of the source.
        pace: Of the analysis.
        again: Whether to restart at the end.
    """

    def __init__(self, info: SourceInfo, pace: Pace, *, again: bool) -> None:
        super().__init__(info, pace)
        self._changed = threading.Condition()
        self._clock = FilmClock()
        self._request: SeekRequest | None = SeekRequest(0.0)
        self._wished_s = 0.0
        self._aim_s: float | None = None
        self._loop: tuple[float | None, float | None] | None = (None, None) if again else None
        self._again = again
        self._closed = False

    def play(self) -> None:
        with self._changed:
            if self._state is State.ENDED:
                self._request = SeekRequest(0.0)
            self._go(State.PLAYING)

    def pause(self) -> None:
        with self._changed:
            if self._state is State.PLAYING:
                self._go(State.PAUSED)

    def seek(self, time_s: float) -> None:
        with self._changed:
            self._aim_s = max(time_s, 0.0)
            now_s, before_s = time.monotonic(), self._wished_s
            self._wished_s = now_s
            self._request = SeekRequest(max(time_s, 0.0), dragged=now_s - before_s < DRAG_S)
            self._go(State.PAUSED if self._state is State.ENDED else self._state)

    def step(self, frames: int) -> None:
        with self._changed:
            request = self._request or SeekRequest(None)
            self._request = replace(request, steps=request.steps + frames)
            self._go(State.PAUSED)

    def speed(self, factor: float) -> None:
        with self._changed:
            self._clock.speed = factor
            self._go(self._state)

    def loop(self, start_s: float | None, end_s: float | None) -> None:
        with self._changed:
            self._loop = (start_s, end_s) if self._again or (start_s, end_s) != (None, None) else None

    def _go(self, state: State) -> None:
        """Set the state and restart the clock; the lock must be held."""
        self._state = state
        self._clock.halt()
        self._changed.notify_all()

    def _leave(self) -> None:
        """Close; no further requests are served."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _rest_at_end(self) -> None:
        with self._changed:
            self._state = State.ENDED
            self._clock.halt()

    def _next(self) -> tuple[SeekRequest | None, bool] | None:
        """Take the pending request, if any, and whether to play; None once closed."""
        with self._changed:
            if self._closed:
                return None
            request, self._request = self._request, None
            playing = self._state is State.PLAYING
            if playing and request is None:
                self._clock.begin()
            return request, playing

    def _arrived(self) -> None:
        """The picture of the last request is shown: a jump counts from there, unless another is pending."""
        with self._changed:
            if self._request is None:
                self._aim_s = None

    def _wished(self) -> bool:
        return self._closed or self._request is not None

    def _called(self) -> bool:
        return self._wished() or self._state is State.PLAYING
