"""What the window knows of whatever shows a source."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.core.reading import FaceSpan, Series
from app.core.types import FrameResult, SourceInfo

Tell = Callable[[Exception], None]
"""Takes what went wrong: an `InputError` is for people, anything else is a fault. Called in another thread."""


class State(Enum):
    """What a player does. A film pauses at its last frame as `ENDED`; a live source that delivers no more is `LOST`."""

    PLAYING = auto()
    PAUSED = auto()
    LOST = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame on its way to the screen with what was read from it.

    Attributes:
        result: The frame and its faces; none if it has not been read yet.
        provisional: True if the frame was read by itself or not at all, because the analysis has not got there.
        since_s: `time.monotonic()` when a live frame was captured, or when a film's frame was due.
    """

    result: FrameResult
    provisional: bool
    since_s: float


class Readings(Protocol):
    """What has been read so far, for curves and bars. Times are the source's, in seconds."""

    labels: tuple[str, ...]

    @property
    def covered(self) -> float:
        """Up to where it has been read."""
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
    """Shows one source. No method waits; what was asked for last is what happens.

    `LivePlayer` has no past: seeking and stepping do nothing, and pausing only holds the picture.
    """

    info: SourceInfo

    @property
    def state(self) -> State: ...

    @property
    def position_s(self) -> float:
        """Presentation time of the newest frame that was offered, in seconds."""
        ...

    @property
    def duration_s(self) -> float | None:
        """Seconds of the whole film as far as known; None for a live source."""
        ...

    @property
    def readings(self) -> Readings: ...

    def time_of(self, index: int) -> float | None:
        """When a frame is shown, by its number; None if that is not known."""
        ...

    def play(self) -> None:
        """Go on; from the start where the film has ended."""
        ...

    def pause(self) -> None: ...

    def seek(self, time_s: float) -> None:
        """Show the frame at a time; a playing film continues from there. Times outside the film mean its ends."""
        ...

    def step(self, frames: int) -> None:
        """Pause, and go this many frames forward, or back if negative."""
        ...

    def speed(self, factor: float) -> None:
        """Play this many times as fast as normal."""
        ...

    def loop(self, start_s: float | None, end_s: float | None) -> None:
        """Play the stretch between two times in a loop; None is the film's own start or end."""
        ...

    @property
    def audible(self) -> bool:
        """Whether there is sound, and a device to hear it with as far as known."""
        ...

    def volume(self, level: float) -> None:
        """Play the sound, where there is some, so loud: 0 is silence and 1 the loudest."""
        ...

    def take(self) -> Shown | None:
        """The newest frame, once; None if there is no news."""
        ...

    def counts(self) -> tuple[int, int, int]:
        """Frames shown or delivered, frames analysed, and frames left out to stay in time, so far."""
        ...

    @property
    def analysis_fps(self) -> float | None:
        """Frames a second that were analysed, from the first one to the newest; None before the second."""
        ...

    def close(self) -> None:
        """End everything, within half a second unless a library hangs. May be called twice."""
        ...
