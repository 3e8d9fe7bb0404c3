"""Reads single frames of a film beside its analysis."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.stages import Detector, Verifier
from app.core.types import Frame, FrameResult

if TYPE_CHECKING:
    from app.core.pipeline import FaceClassifier


class StillReader:
    """Reads a frame as a picture that stands alone. Its detector, classifier and verifier are its own, since none can
    be used by two threads at once, and are opened at the first frame.

    Args:
        open_parts: Opens a detector, a classifier and a verifier.
    """

    def __init__(self, open_parts: Callable[[], "tuple[Detector, FaceClassifier, Verifier]"]) -> None:
        self._open_parts = open_parts
        self._parts: tuple[Detector, FaceClassifier, Verifier] | None = None

    def read(self, frame: Frame) -> FrameResult:
        """Everything that one frame tells. Ids count from 0 in each frame, and nothing is smoothed."""
        from app.core.pipeline import Pipeline

        if self._parts is None:
            self._parts = self._open_parts()
        result = Pipeline(*self._parts).process(replace(frame, still=True))
        return replace(result, frame=frame)

    def close(self) -> None:
        """Free the parts. May be called twice."""
        parts, self._parts = self._parts, None
        for part in parts or ():
            part.close()
