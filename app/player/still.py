"""Reads single frames of a film, apart from its analysis."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.stages import Detector, Verifier
from app.core.types import Frame, FrameResult

if TYPE_CHECKING:
    from app.core.pipeline import FaceClassifier, Pipeline

_LEAP_S = 0.5


class StillReader:
    """Reads a frame as a single picture, or tracks faces in a playing film.

    Its detector, classifier and verifier are its own, since none can be used by two threads at once, and are opened at
    the first frame.

    Args:
        open_parts: Opens a detector, a classifier and a verifier.
    """

    def __init__(self, open_parts: Callable[[], "tuple[Detector, FaceClassifier, Verifier]"]) -> None:
        self._open_parts = open_parts
        self._parts: tuple[Detector, FaceClassifier, Verifier] | None = None
        self._following: Pipeline | None = None
        self._followed_s = 0.0

    def read(self, frame: Frame) -> FrameResult:
        """The reading of one frame. Ids count from 0 in each frame, and nothing is smoothed."""
        self._following = None
        result = self._fresh().process(replace(frame, still=True))
        return replace(result, frame=frame)

    def follow(self, frame: Frame) -> FrameResult:
        """The reading of a frame together with those tracked before, if they closely precede it.

        This takes much less time than `read`, as faces are looked for where they were. Ids count from 0 after a leap.
        """
        if self._following is None or not 0 < frame.time_s - self._followed_s < _LEAP_S:
            self._following = self._fresh()
        self._followed_s = frame.time_s
        return self._following.process(frame)

    def _fresh(self) -> "Pipeline":
        from app.core.pipeline import Pipeline

        if self._parts is None:
            self._parts = self._open_parts()
        return Pipeline(*self._parts)

    def close(self) -> None:
        """Free the parts. May be called twice."""
        parts, self._parts = self._parts, None
        for part in parts or ():
            part.close()
