"""Readings of frames without their pixels, which can be kept for a whole film, and views of them by face."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.core.types import FaceResult, Frame, FrameResult, Probabilities


@dataclass(frozen=True, slots=True)
class Reading:
    """A `FrameResult` without the frame's picture.

    Attributes:
        index: The frame's, counted from 0 within its source.
        time_s: The frame's presentation time in seconds.
        duration_s: Seconds for which the frame is shown; None if unknown.
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
        """The reading of a result, without its picture."""
        frame = result.frame
        return cls(frame.index, frame.time_s, frame.duration_s, result.faces, result.labels, result.stage_ms)

    def on(self, frame: Frame) -> FrameResult:
        """The result again, with the decoded frame.

        Raises:
            ValueError: If it is a different frame.
        """
        if frame.index != self.index:
            raise ValueError(f"frame {frame.index} does not match the reading of frame {self.index}")
        return FrameResult(frame, self.faces, self.labels, self.stage_ms)


@dataclass(frozen=True, slots=True)
class FaceSpan:
    """The time span in which a face was seen.

    Attributes:
        track_id: The face.
        first_s, last_s: Presentation times of its first and last frame.
        frames: Number of frames with the face.
    """

    track_id: int
    first_s: float
    last_s: float
    frames: int


@dataclass(frozen=True, slots=True)
class Series:
    """One face's probabilities over time.

    Attributes:
        time_s: float64, shape (n,), rising.
        raw, smooth: float32, shape (n, k).
    """

    time_s: NDArray[np.float64]
    raw: Probabilities
    smooth: Probabilities
