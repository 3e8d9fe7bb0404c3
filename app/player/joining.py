"""Joins a film's frames with what was read from them."""

import time
from collections.abc import Callable
from dataclasses import replace

from app.core.types import Frame, FrameResult
from app.player.analysis import Analysis
from app.player.decoding import ObsoleteError
from app.player.player import Shown
from app.player.still import StillReader

NEARLY_S = 0.25
"""An analysis that is so close behind a frame is waited for."""

_LOOK_S, _PATIENCE_S = 0.025, 1.0
_SAME_S = 4e-4


class Joiner:
    """Finds what the analysis read from a frame; where it has not got there, the frame is read by itself.

    Args:
        analysis: Runs already.
        stills: Reads frames by themselves; closed with this one.
    """

    def __init__(self, analysis: Analysis, stills: StillReader) -> None:
        self._analysis = analysis
        self._stills = stills

    def joined(self, frame: Frame) -> Shown | None:
        """The frame with what the analysis read from it, or None where it has not got there.

        They are joined by the times that the analysis met: only it is sure to have counted every frame.
        """
        reading = self._analysis.store.at_time(frame.time_s + _SAME_S / 2)
        if reading is None or abs(reading.time_s - frame.time_s) > _SAME_S:
            return None
        return Shown(reading.on(replace(frame, index=reading.index)), False, time.monotonic())

    def bare(self, frame: Frame) -> Shown:
        """The frame with what the analysis read from it, or as it is."""
        without = FrameResult(frame, (), self._analysis.store.labels, {})
        return self.joined(frame) or Shown(without, True, time.monotonic())

    def read(self, frame: Frame, since_s: float, obsolete: Callable[[], bool]) -> Shown:
        """The frame with what was read from it, by the analysis or else by itself.

        Args:
            frame: Any of the film.
            since_s: When it was due, on the monotonic clock.
            obsolete: Asked while an analysis that has nearly got there is waited for.

        Raises:
            ObsoleteError: As asked.
        """
        analysis = self._analysis
        if frame.time_s - analysis.store.covered < NEARLY_S:
            until_s = time.monotonic() + _PATIENCE_S
            while analysis.running and analysis.store.covered <= frame.time_s and time.monotonic() < until_s:
                if obsolete():
                    raise ObsoleteError
                analysis.wait_for(frame.time_s, _LOOK_S)
        return self.joined(frame) or Shown(self._stills.read(frame), True, since_s)

    def close(self) -> None:
        """Free what reads single frames."""
        self._stills.close()
