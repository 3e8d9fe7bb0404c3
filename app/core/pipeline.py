"""From a frame to everything read from its faces, in two halves that may run in two threads."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Protocol

from app.core.appearance import describe
from app.core.crop import crop_faces
from app.core.smoother import Smoother
from app.core.stages import Detector
from app.core.tracker import Tracker
from app.core.types import Crops, Face, FaceResult, Frame, FrameResult, Probabilities
from models.bundle import Bundle

STAGES = ("detect", "track", "crop", "classify", "smooth")
"""Keys of `FrameResult.stage_ms`, in order."""


class FaceClassifier(Protocol):
    """What the pipeline needs of `models.engines.Classifier`."""

    bundle: Bundle

    @property
    def labels(self) -> tuple[str, ...]: ...

    def probabilities(self, crops: Crops, *, mirrored: bool = False) -> Probabilities: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Located:
    """A frame whose faces are found and followed but not read yet.

    Attributes:
        frame: The frame itself.
        faces: Its faces, ids distinct.
        stage_ms: Milliseconds of `detect` and `track`.
    """

    frame: Frame
    faces: tuple[Face, ...]
    stage_ms: Mapping[str, float]


class Pipeline:
    """Detector, tracker, crop, classifier and smoother in a row.

    `find` and `read` share nothing that changes, so one thread may find in a frame while another reads the one before;
    each of them belongs to one thread at a time, and frames go through in order.

    Args:
        detector: Finds the faces; whoever opened it closes it.
        classifier: Reads them, all of a frame in one call, cut as its bundle says for this detector; likewise.
    """

    def __init__(self, detector: Detector, classifier: FaceClassifier) -> None:
        self._detector = detector
        self._classifier = classifier
        self._geometry = classifier.bundle.crop(detector.name)
        self._tracker = Tracker()
        self._smoother = Smoother(classifier.labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotions in the order of the probabilities."""
        return self._classifier.labels

    def process(self, frame: Frame) -> FrameResult:
        """Do everything for one frame: `read(find(frame))`."""
        return self.read(self.find(frame))

    def find(self, frame: Frame) -> Located:
        """Detect and follow the faces of the next frame."""
        start = time.perf_counter()
        detections = self._detector.detect(frame.image)
        detected = time.perf_counter()
        if frame.still:
            faces = self._tracker.introduce(detections)
        else:
            faces = self._tracker.update(detections, frame.time_s, partial(describe, frame.image))
        tracked = time.perf_counter()
        times = {"detect": (detected - start) * 1e3, "track": (tracked - detected) * 1e3}
        return Located(frame, faces, MappingProxyType(times))

    def read(self, located: Located) -> FrameResult:
        """Crop, classify and smooth the faces of the next located frame."""
        frame, faces = located.frame, located.faces
        start = time.perf_counter()
        crops = crop_faces(frame.image, faces, geometry=self._geometry)
        cropped = time.perf_counter()
        probabilities = self._classifier.probabilities(crops, mirrored=frame.still)
        classified = time.perf_counter()
        results = tuple(self._result(face, raw, frame.time_s) for face, raw in zip(faces, probabilities, strict=True))
        smoothed = time.perf_counter()
        times = {
            **located.stage_ms,
            "crop": (cropped - start) * 1e3,
            "classify": (classified - cropped) * 1e3,
            "smooth": (smoothed - classified) * 1e3,
        }
        return FrameResult(frame, results, self.labels, MappingProxyType(times))

    def _result(self, face: Face, raw: Probabilities, time_s: float) -> FaceResult:
        smooth, label = self._smoother.update(face.track_id, raw, time_s)
        return FaceResult(face.track_id, face.box, face.score, raw, smooth, label)
