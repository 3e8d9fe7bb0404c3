"""From a frame to the readings of its faces, in two halves that may run in two threads."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

from app.core.anchors import Anchors
from app.core.appearance import describe
from app.core.crop import crop_faces
from app.core.finder import Finder
from app.core.quality import assess, is_readable
from app.core.smoother import Smoother
from app.core.stages import Detector, Verifier
from app.core.stride import Stride
from app.core.tracker import Tracker
from app.core.types import UNREADABLE, Crops, Detection, Face, FaceResult, Frame, FrameResult, Image, Probabilities
from models.bundle import Bundle
from models.gate import log_odds

STAGES = ("detect", "verify", "track", "crop", "classify", "smooth")
"""Keys of `FrameResult.stage_ms`, in order."""


class FaceClassifier(Protocol):
    """The part of `models.engines.Classifier` that the pipeline needs."""

    bundle: Bundle

    @property
    def labels(self) -> tuple[str, ...]: ...

    def probabilities(self, crops: Crops, *, mirrored: bool = False) -> Probabilities: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Located:
    """A frame whose faces are detected and tracked but not read yet.

    Attributes:
        frame: The frame itself.
        faces: Its faces, ids distinct.
        stage_ms: Milliseconds of `detect`, `verify` and `track`.
        carried: True if the frame was not searched and its faces were carried over from the previous one.
    """

    frame: Frame
    faces: tuple[Face, ...]
    stage_ms: Mapping[str, float]
    carried: bool = False


class _Check:
    """A verifier with a frame's picture, and the seconds that it took."""

    def __init__(self, verifier: Verifier, image: Image) -> None:
        self._verifier = verifier
        self._image = image
        self.spent_s = 0.0

    def __call__(self, detections: Sequence[Detection]) -> Sequence[float]:
        start = time.perf_counter()
        odds = log_odds(self._verifier.verify(self._image, detections)) - log_odds(self._verifier.threshold)
        self.spent_s += time.perf_counter() - start
        return [float(margin) for margin in odds]


class Pipeline:
    """Detector, tracker, crop, classifier and smoother in a row.

    `find` and `read` share nothing that changes, so one thread may find in a frame while another reads the one before;
    each of them belongs to one thread at a time, and frames go through in order.

    Args:
        detector: Finds the faces; closed by the caller.
        classifier: Reads all faces of a frame in one call, cropped as its bundle says for this detector; closed by the
            caller.
        verifier: Decides which detections are faces, or None to trust the detector.
        stride_s: Least seconds between two frames that are searched and read, or None to keep up with the source
            (`app.core.stride`). On the frames between them, faces continue to move as before and keep their readings.
    """

    def __init__(
        self,
        detector: Detector,
        classifier: FaceClassifier,
        verifier: Verifier | None = None,
        stride_s: float | None = 0.0,
    ) -> None:
        self._stride = Stride(stride_s)
        self._anchors = Anchors()
        self._last_read: dict[int, FaceResult] = {}
        self._finder = Finder(detector)
        self._verifier = verifier
        self._classifier = classifier
        self._geometry = classifier.bundle.crop(detector.name)
        self._tracker = Tracker()
        self._smoother = Smoother(classifier.labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotions in the order of the probabilities."""
        return self._classifier.labels

    def process(self, frame: Frame) -> FrameResult:
        """Process one frame: `read(find(frame))`."""
        return self.read(self.find(frame))

    def find(self, frame: Frame) -> Located:
        """Find, verify and track the faces of the next frame."""
        start = time.perf_counter()
        anchor = self._anchors.passes(frame)
        if not self._stride.takes(frame, anchor=anchor):
            faces = self._tracker.carried(frame.time_s)
            times = dict.fromkeys(("detect", "verify"), 0.0) | {"track": (time.perf_counter() - start) * 1e3}
            return Located(frame, faces, MappingProxyType(times), carried=True)
        expected = () if frame.still else self._tracker.expected(frame.time_s)
        detections = self._finder.find(frame, expected, anchor=anchor)
        detected = time.perf_counter()
        verified = detected
        if frame.still:
            if self._verifier is not None:
                detections = self._verifier.verified(frame.image, detections)
                verified = time.perf_counter()
            faces = self._tracker.introduce(detections)
        else:
            check = None if self._verifier is None else _Check(self._verifier, frame.image)
            look = partial(describe, frame.image)
            faces = self._tracker.update(detections, frame.time_s, look, check, anchor=anchor)
            verified += 0.0 if check is None else check.spent_s
        tracked = time.perf_counter()
        self._stride.worked("find", tracked - start)
        times = {
            "detect": (detected - start) * 1e3,
            "verify": (verified - detected) * 1e3,
            "track": (tracked - verified) * 1e3,
        }
        return Located(frame, faces, MappingProxyType(times))

    def read(self, located: Located) -> FrameResult:
        """Crop, classify and smooth the faces of the next located frame."""
        frame, faces = located.frame, located.faces
        start = time.perf_counter()
        if located.carried:
            return self._held(located)
        crops = crop_faces(frame.image, faces, geometry=self._geometry)
        cropped = time.perf_counter()
        probabilities = self._classifier.probabilities(crops, mirrored=frame.still)
        classified = time.perf_counter()
        results = tuple(
            self._result(frame, face, crop, raw) for face, crop, raw in zip(faces, crops, probabilities, strict=True)
        )
        self._last_read = {result.track_id: result for result in results}
        smoothed = time.perf_counter()
        self._stride.worked("read", smoothed - start)
        times = {
            **located.stage_ms,
            "crop": (cropped - start) * 1e3,
            "classify": (classified - cropped) * 1e3,
            "smooth": (smoothed - classified) * 1e3,
        }
        return FrameResult(frame, results, self.labels, MappingProxyType(times))

    def _held(self, located: Located) -> FrameResult:
        """The last reading of each face, at its place in this frame."""
        results = tuple(
            replace(self._last_read[face.track_id], box=face.box)
            for face in located.faces
            if face.track_id in self._last_read
        )
        times = {**located.stage_ms, **dict.fromkeys(("crop", "classify", "smooth"), 0.0)}
        return FrameResult(located.frame, results, self.labels, MappingProxyType(times))

    def _result(self, frame: Frame, face: Face, crop: Crops, raw: Probabilities) -> FaceResult:
        reasons = assess(frame.image, face, crop)
        if is_readable(reasons):
            smooth, label = self._smoother.update(face.track_id, raw, frame.time_s)
        else:
            smooth, label = self._smoother.held(face.track_id, raw), UNREADABLE
        return FaceResult(face.track_id, face.box, face.score, raw, smooth, label, reasons)
