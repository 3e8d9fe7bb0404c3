"""What was read from one frame, without its pixels: what can be kept of a whole film."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from app.core.types import FaceResult, Frame, FrameResult


@dataclass(frozen=True, slots=True)
class Reading:
    """A `FrameResult` without the frame's picture.

    Attributes:
        index: The frame's, counted from 0 within its source.
        time_s: The frame's presentation time in seconds.
        duration_s: Seconds for which the frame is shown; None where unknown.
        faces: As in `FrameResult`.
        labels: Emotions in the order of the probabilities.
        stage_ms: As in `FrameResult`.
    """

    index: int
    time_s: float
    duration_s: float | None
    faces: tuple[FaceResult, ...]
    labels: tuple[str, ...]
    stage_ms: Mapping[str, float]

    @classmethod
    def of(cls, result: FrameResult) -> Self:
        """What is left of a result without its picture."""
        frame = result.frame
        return cls(frame.index, frame.time_s, frame.duration_s, result.faces, result.labels, result.stage_ms)

    def on(self, frame: Frame) -> FrameResult:
        """The result again, on the frame that was decoded for it.

        Raises:
            ValueError: If the frame is another one.
        """
        if frame.index != self.index:
            raise ValueError(f"frame {frame.index} has not what was read from frame {self.index}")
        return FrameResult(frame, self.faces, self.labels, self.stage_ms)
