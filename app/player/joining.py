"""Joins a film's frames with their readings."""

import time
from collections.abc import Callable
from dataclasses import replace

from app.core.types import Frame, FrameResult
from app.player.analysis import Analysis
from app.player.decoding import ObsoleteError
from app.player.player import Shown
from app.player.still import StillReader

NEARLY_S = 0.25
"""If the analysis is this close behind a frame, the frame waits for it."""

_LOOK_S, _PATIENCE_S = 0.025, 1.0
_GRANTED = 0.05
"""Share of the film's time by which the patience of a film that plays grows again."""
_RESTS = 4
"""If reading a frame during playback takes too long, reading pauses for this many times as long."""
_SAME_S = 4e-4


class Joiner:
    """Finds the analysis' reading of a frame; if there is none yet, the frame is read on its own.

    Args:
        analysis: Runs already.
        stills: Reads single frames; closed with this object.
    """

    def __init__(self, analysis: Analysis, stills: StillReader) -> None:
        self._analysis = analysis
        self._stills = stills
        self._rests_until_s = 0.0
        self._patience_s = _PATIENCE_S

    def joined(self, frame: Frame) -> Shown | None:
        """The frame with what the analysis read from it, or None if it has not got there.

        They are joined by the times that the analysis met: only it is sure to have counted every frame.
        """
        reading = self._analysis.store.at_time(frame.time_s + _SAME_S / 2)
        if reading is None or abs(reading.time_s - frame.time_s) > _SAME_S:
            return None
        return Shown(reading.on(replace(frame, index=reading.index)), False, time.monotonic())

    def bare(self, frame: Frame) -> Shown:
        """The frame with the reading of the analysis, or without one."""
        without = FrameResult(frame, (), self._analysis.store.labels, {})
        return self.joined(frame) or Shown(without, True, time.monotonic(), read=False)

    def read(self, frame: Frame, since_s: float, obsolete: Callable[[], bool], *, playing: bool = False) -> Shown:
        """The frame with its reading, by the analysis or else on its own.

        Args:
            frame: A frame of the film.
            since_s: When the frame was due, on the monotonic clock.
            obsolete: Called while waiting for an analysis that is almost there.
            playing: Whether the next frame follows immediately, so that reading has to be quick.

        Raises:
            ObsoleteError: As asked.
        """
        analysis = self._analysis
        if frame.time_s - analysis.store.covered < NEARLY_S:
            hurried = playing and not frame.still
            waited_s = self._await(frame.time_s, self._patience_s if hurried else _PATIENCE_S, obsolete)
            if hurried:  # an analysis that is slower than the film must not slow it down permanently
                granted_s = _GRANTED * (frame.duration_s or 0.0)
                self._patience_s = min(max(self._patience_s - waited_s, 0.0) + granted_s, _PATIENCE_S)
        joined = self.joined(frame)
        if joined is not None:
            return joined
        if not playing or frame.still:
            return Shown(self._stills.read(frame), True, since_s)
        return self._followed(frame, since_s)

    def _await(self, time_s: float, patience_s: float, obsolete: Callable[[], bool]) -> float:
        """Wait until the analysis has read the frame at a time, for this long at most; returns how long it waited."""
        analysis, start_s = self._analysis, time.monotonic()
        while analysis.running and analysis.store.covered <= time_s:
            left_s = patience_s - (time.monotonic() - start_s)
            if left_s <= 0:
                break
            if obsolete():
                raise ObsoleteError
            analysis.wait_for(time_s, min(left_s, _LOOK_S))
        return time.monotonic() - start_s

    def _followed(self, frame: Frame, since_s: float) -> Shown:
        """The reading of a playing frame, unless the machine is too slow: then the analysis comes first."""
        start_s = time.monotonic()
        if start_s < self._rests_until_s:
            return self.bare(frame)
        shown = Shown(self._stills.follow(frame), True, since_s)
        end_s = time.monotonic()
        if end_s - start_s > (frame.duration_s or 0.0) / 2:
            self._rests_until_s = end_s + _RESTS * (end_s - start_s)
        return shown

    def close(self) -> None:
        """Free the reader of single frames."""
        self._stills.close()
