"""Skips frames on slow machines: decides which are searched and read, and which are carried over."""

import math

from app.core.types import Frame

_TAU = 8
"""Measured times are averaged over about this many frames."""
_ROOM = 1.1
"""Factor by which the interval between two frames that are read exceeds the processing time."""
_ROUNDING_S = 1e-6


class Stride:
    """Decides which frames of a film or camera are searched and read; the last faces are carried over to the others.

    Args:
        seconds: Least time between two frames that are read; 0 reads every one. None (automatic) reads as often as
            possible while keeping up with the source: every frame if the processing takes less time than a frame lasts.
    """

    def __init__(self, seconds: float | None = 0.0) -> None:
        self._seconds = seconds
        self._read_s = self._time_s = -math.inf
        self._gap_s = math.inf
        self._work_s: dict[str, float] = {}

    def takes(self, frame: Frame, *, anchor: bool = False) -> bool:
        """Whether the next frame is searched and read. A single picture always is, and so is an anchor."""
        gap_s, self._time_s = frame.time_s - self._time_s, frame.time_s
        if 0 < gap_s < math.inf:
            self._gap_s = gap_s if math.isinf(self._gap_s) else self._gap_s + (gap_s - self._gap_s) / _TAU
        since_s = frame.time_s - self._read_s
        if frame.still or anchor or since_s < 0 or since_s >= self._wanted_s() - _ROUNDING_S:
            self._read_s = frame.time_s
            return True
        return False

    def worked(self, stage: str, seconds: float) -> None:
        """Add the time that a stage took for a frame that was read. Stages may run in separate threads."""
        before = self._work_s.get(stage, seconds)
        self._work_s[stage] = before + (seconds - before) / _TAU

    def _wanted_s(self) -> float:
        if self._seconds is not None:
            return self._seconds
        work_s = _ROOM * max(self._work_s.copy().values(), default=0.0)
        return work_s if work_s > self._gap_s else 0.0
