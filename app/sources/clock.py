"""Turns a container's time stamps into strictly increasing times."""

from dataclasses import dataclass

JUMP_S = 10.0
"""Step between two pictures from which it is a jump of the clock rather than a gap in the film."""

_BACK_S = 1.0
"""A larger step back means that the clock has restarted, a smaller one that one picture's time is wrong."""


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump of the container's clock that was removed.

    Attributes:
        at_s: The time of the jump, in the resulting times.
        by_s: Size of the jump; negative for a jump back.
    """

    at_s: float
    by_s: float


class Clock:
    """Gives each picture its time in seconds, in the container's clock, strictly increasing.

    Transport streams and their like (`discontinuous`) are cut and joined without new time stamps, so their clock may
    jump: a jump of more than ten seconds is reduced to one step. A container with an index is trusted, so a long step
        forward is a picture shown for that long. No clock may run back.

    Args:
        discontinuous: Whether the container's clock may jump.
        step_s: Typical seconds between two pictures; added to the last time for a picture without one.

    Attributes:
        offset_s: Present correction of the time stamps, because of jumps.
        jumps: The removed jumps.
    """

    def __init__(self, *, discontinuous: bool, step_s: float) -> None:
        self._discontinuous = discontinuous
        self._step_s = step_s
        self._last_s: float | None = None
        self.offset_s = 0.0
        self.jumps: list[Jump] = []

    def time_of(self, stamp_s: float | None) -> float:
        """The time of the next picture, from its time stamp; None if it has none."""
        self._last_s = self._next(stamp_s)
        return self._last_s

    def _next(self, stamp_s: float | None) -> float:
        if self._last_s is None:
            return 0.0 if stamp_s is None else stamp_s
        if stamp_s is None:
            return self._last_s + self._step_s
        time_s = stamp_s + self.offset_s
        by_s = time_s - self._last_s
        ahead = self._discontinuous and by_s > max(JUMP_S, 3 * self._step_s)
        if ahead or by_s < -_BACK_S:
            closed_s = self._last_s + self._step_s
            self.offset_s += closed_s - time_s
            self.jumps.append(Jump(closed_s, time_s - closed_s))
            return closed_s
        # a repeated time is shifted by half a step, so that the next one can still be kept
        return time_s if by_s > 0 else self._last_s + self._step_s / 2
