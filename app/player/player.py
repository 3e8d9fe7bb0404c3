"""The window's interface to players."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.core.reading import FaceSpan, Series
from app.core.types import FrameResult, SourceInfo

Tell = Callable[[Exception], None]
"""Takes an error: an `InputError` is for people, anything else is a fault. Called in another thread."""


class State(Enum):
    """The state of a player. A film pauses at its last frame as `ENDED`; a live source that stops delivering is
    `LOST`."""

    PLAYING = auto()
    PAUSED = auto()
    LOST = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame for the screen, with its readings.

    Attributes:
        result: The frame and its faces; none if it has not been read yet.
        provisional: True if the frame was read on its own or not at all, because the analysis has not reached it.
        since_s: `time.monotonic()` when a live frame was captured, or when a film's frame was due.
        read: Whether faces have been looked for in it.
    """

    result: FrameResult
    provisional: bool
    since_s: float
    read: bool = True


class Readings(Protocol):
    """The readings so far, for curves and bars. Times are the source's, in seconds."""

    labels: tuple[str, ...]

    @property
    def covered(self) -> float:
        """Seconds up to which it has been read."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Labels by their code in a strip."""
        ...

    def faces(self) -> tuple[FaceSpan, ...]: ...

    def strip(self, track_id: int, edges_s: NDArray[np.float64]) -> NDArray[np.int16]:
        """As `ReadingStore.strip`."""
        ...

    def series(self, track_id: int, start_s: float = ..., end_s: float = ..., most: int | None = None) -> Series: ...


class Player(Protocol):
    """Shows one source. No method waits; the latest request wins.

    `LivePlayer` has no past: seeking and stepping do nothing, and pausing only freezes the picture.
    """

    info: SourceInfo

    @property
    def state(self) -> State: ...

    @property
    def position_s(self) -> float:
        """Presentation time of the newest offered frame, in seconds."""
        ...

    @property
    def duration_s(self) -> float | None:
        """Length of the film in seconds, as far as known; None for a live source."""
        ...

    @property
    def readings(self) -> Readings: ...

    def time_of(self, index: int) -> float | None:
        """The time of a frame by its number; None if unknown."""
        ...

    def play(self) -> None:
        """Play; from the start if the film has ended."""
        ...

    def pause(self) -> None: ...

    def seek(self, time_s: float) -> None:
        """Show the frame at a time; a playing film continues from there. Times outside the film mean its ends."""
        ...

    def jump(self, seconds: float) -> None:
        """Seek ahead, or back if negative, from where the last request leads: jumps that follow quickly add up."""
        ...

    def step(self, frames: int) -> None:
        """Pause, and step this many frames forward, or back if negative."""
        ...

    def speed(self, factor: float) -> None:
        """Play at this multiple of the normal speed."""
        ...

    def loop(self, start_s: float | None, end_s: float | None) -> None:
        """Play the stretch between two times in a loop; None is the film's own start or end."""
        ...

    @property
    def audible(self) -> bool:
        """Whether there is sound, and a device for it as far as known."""
        ...

    def volume(self, level: float) -> None:
        """Set the volume of the sound, if there is some: from 0, silent, to 1."""
        ...

    def take(self) -> Shown | None:
        """The newest frame, once; None if it was taken already."""
        ...

    def on_offer(self, tell: Callable[[], None]) -> None:
        """Have something called with every frame that can be taken, in the player's thread; it must not wait."""
        ...

    def counts(self) -> tuple[int, int, int]:
        """Numbers of frames shown or delivered, analysed, and skipped to stay in time."""
        ...

    @property
    def analysis_fps(self) -> float | None:
        """Analysed frames per second, from the first to the newest; None before the second."""
        ...

    def close(self) -> None:
        """Stop and release everything, within half a second unless a library hangs. May be called twice."""
        ...

    def join(self, timeout_s: float) -> bool:
        """After `close`: wait for its threads, for this long at most; True when they have ended."""
        ...
