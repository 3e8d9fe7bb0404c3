"""The clock of a playing film: when its frames are due, and the position of its sound."""

import threading
import time
from dataclasses import dataclass

SPEED_RANGE = (0.25, 4.0)
APART_S = 0.04
"""Largest distance of the sound from the picture."""

_LATE_S = 0.25


@dataclass(frozen=True, slots=True)
class Beat:
    """The frame that is shown while a film plays at normal speed.

    Attributes:
        film_s: Its presentation time.
        due_s: When it was due, on the monotonic clock.
        until_s: Presentation time that sound must not pass while this frame is shown.
    """

    film_s: float
    due_s: float
    until_s: float

    def position_s(self, now_s: float) -> float:
        """The film's position at a time of the monotonic clock."""
        return self.film_s + now_s - self.due_s


class FilmClock:
    """Determines when frames are due. The picture leads, and the sound follows `beat`.

    `begin`, `advance` and `strike` are called by the thread that shows the frames; the others by any.

    Attributes:
        beat: The reference for the sound; None while it is silent, as at any speed but the normal one.
        sounding: Set while there is a beat.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._speed = 1.0
        self._due_s = 0.0
        self._stands = True
        self.beat: Beat | None = None
        self.sounding = threading.Event()

    @property
    def stands(self) -> bool:
        """Whether there was another request since the clock was started."""
        return self._stands

    @property
    def speed(self) -> float:
        """Times as fast as normal."""
        return self._speed

    @speed.setter
    def speed(self, factor: float) -> None:
        self._speed = min(max(factor, SPEED_RANGE[0]), SPEED_RANGE[1])

    def halt(self) -> None:
        """Stop, and silence the sound; the next frame is due when it is shown."""
        with self._lock:
            self._stands = True
            self._hush()

    def begin(self) -> None:
        """Start, if stopped: the present frame is due now."""
        with self._lock:
            if self._stands:
                self._stands = False
                self._due_s = time.monotonic()

    def advance(self, seconds: float) -> tuple[float, float]:
        """Advance to the next frame, which is due after this many seconds of the film.

        A clock that is more than a quarter of a second late does not try to catch up.

        Returns:
            When it is due, and by how much it is late.
        """
        with self._lock:
            self._due_s += seconds / self._speed
            late_s = time.monotonic() - self._due_s
            if late_s > _LATE_S:
                self._due_s += late_s
            return self._due_s, late_s

    def strike(self, film_s: float, end_s: float) -> None:
        """Note that a frame is shown from now on; both arguments are presentation times."""
        with self._lock:
            if self._stands:
                return
            if self._speed != 1.0:
                self._hush()
            else:
                self.beat = Beat(film_s, self._due_s, end_s + APART_S)
                self.sounding.set()

    def _hush(self) -> None:
        self.beat = None
        self.sounding.clear()
