"""The values that flow through the pipeline. Every one is frozen; stages return new ones.

FrameSource -> Frame -> Detector -> Detection -> Tracker -> Face -> crop, Classifier, Smoother -> FaceResult
-> FrameResult -> sinks
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""BGR, uint8, shape (H, W, 3). Never modified in place."""

Crops = NDArray[np.uint8]
"""Gray faces, uint8, shape (n, 48, 48, 1)."""

Probabilities = NDArray[np.float32]
"""One row per face, float32, shape (n, k) or (k,), rows sum to 1, order = the labels of the shown head."""

STILL_S = 2.0
"""Seconds for which a single picture is shown before the next one."""

UNCERTAIN = "uncertain"
"""The label of a face whose strongest emotion is below the threshold."""

UNREADABLE = "unreadable"
"""The label of a face that cannot be read for a reason in `app.core.quality`."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Properties of an open source.

    Attributes:
        name: As the user named it: a path, an address, a camera's name.
        width: Pixels; of the first frame, if frames may differ.
        height: Pixels.
        fps: Frames per second, or None if the source does not say.
        frame_count: Number of frames, or None if it cannot be known (live, or not declared).
        live: True if frames arrive by themselves and are lost if they are not taken in time.
        clock_s: `time.monotonic()` at the source's time 0, for a live one; None for a recording.
        started_at: The same moment in UTC.
    """

    name: str
    width: int
    height: int
    fps: float | None
    frame_count: int | None
    live: bool
    clock_s: float | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """The parts of a recording that could not be decoded so far.

    Attributes:
        frames: Number of missing frames, as far as known.
        at_s: Presentation times of the missing frames, in seconds, rising.
    """

    frames: int = 0
    at_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source.

    Attributes:
        index: Counts from 0 within the source; has gaps where a live source dropped frames.
        time_s: Monotonic seconds since the source was opened when live, presentation time from a file.
        image: BGR uint8, shape (H, W, 3). Never modified.
        still: True for a single picture rather than a frame of a video: its faces are neither tracked nor smoothed, and
            since speed does not matter they are read together with their mirror images.
        name: Name of the file that holds this frame alone, as in a folder of pictures; else None.
        duration_s: Seconds for which a recording shows the frame: to the next frame's time; None if unknown.
    """

    index: int
    time_s: float
    image: Image
    still: bool = False
    name: str | None = None
    duration_s: float | None = None

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            raise ValueError(f"a frame's image is uint8 of shape (H, W, 3), not {self.image.dtype} {self.image.shape}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, x and y of its upper left corner. May reach outside the image.

    >>> Box(10, 20, 30, 40).center
    (25.0, 40.0)
    """

    x: float
    y: float
    w: float
    h: float

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def area(self) -> float:
        return max(self.w, 0.0) * max(self.h, 0.0)


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that a detector found.

    Attributes:
        box: In pixels of the frame.
        score: 0..1, the detector's own; 1.0 if it has none.
        keypoints: float32 (k, 2) in pixels; right eye, left eye (of the person), nose and mouth first; or None.
    """

    box: Box
    score: float
    keypoints: NDArray[np.float32] | None = None

    def moved(self, x: float, y: float) -> "Detection":
        """The same face in shifted pixel coordinates: x and y are added to every coordinate."""
        points = self.keypoints
        return Detection(
            Box(self.box.x + x, self.box.y + y, self.box.w, self.box.h),
            self.score,
            None if points is None else points + np.array((x, y), np.float32),
        )


@dataclass(frozen=True, slots=True)
class Face:
    """A detection with an id that identifies its person. `track_id` counts from 0 within a run."""

    track_id: int
    box: Box
    score: float
    keypoints: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class FaceResult:
    """The reading of one face in one frame.

    Attributes:
        track_id: The id of its track.
        box: In pixels of the frame.
        score: The detector's.
        raw: Probabilities of this frame alone, shape (k,).
        smooth: Probabilities smoothed over the track's last moments, shape (k,).
        label: An emotion, held with hysteresis on the smoothed probabilities, or `uncertain`, or `unreadable`.
        quality: Quality problems of the face, in the words of `app.core.quality`; empty if there are none.
    """

    track_id: int
    box: Box
    score: float
    raw: Probabilities
    smooth: Probabilities
    label: str
    quality: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameResult:
    """A frame together with everything read from it, so that nothing is ever painted on another frame.

    Attributes:
        frame: The frame itself.
        faces: Its faces, ids distinct.
        labels: Emotions in the order of the probabilities.
        stage_ms: Milliseconds spent on this frame by stage: `detect`, `track`, `crop`, `classify`, `smooth`.
        dropped: Frames that the live source has lost so far; 0 for files.
    """

    frame: Frame
    faces: tuple[FaceResult, ...]
    labels: tuple[str, ...]
    stage_ms: Mapping[str, float]
    dropped: int = 0
