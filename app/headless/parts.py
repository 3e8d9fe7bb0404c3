"""Opens the parts that every command needs, a detector and a classifier, once for all sources."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from app.core import cores
from app.core.pipeline import Pipeline
from app.core.stages import Detector
from app.core.types import Detection, Image
from app.detectors.open import open_detector
from app.detectors.verifier import FaceVerifier, open_verifier
from app.options import Options
from app.standard import say
from models.bundle import Bundle, load_bundle
from models.engines import Classifier, open_classifier


@dataclass(frozen=True, slots=True)
class OpenedParts:
    """An open detector, an open classifier, and the verifier of the detector's claims."""

    detector: Detector
    classifier: Classifier
    verifier: FaceVerifier
    stride_s: float | None = 0.0

    def faces(self, image: Image) -> tuple[Detection, ...]:
        """The verified faces of a single picture, most probable first."""
        return self.verifier.verified(image, self.detector.detect(image))

    def pipeline(self, detector: Detector | None = None) -> Pipeline:
        """A fresh pipeline over these parts: its ids count from 0. It does not own the parts.

        Args:
            detector: Instead of the open one.
        """
        return Pipeline(detector or self.detector, self.classifier, self.verifier, self.stride_s)


@contextmanager
def open_reader(options: Options) -> Iterator[Classifier]:
    """Open the classifier that the options name.

    Raises:
        InputError: If the bundle or the engine cannot be used.
    """
    share = cores.share()
    threads = None if share is None else max(1, min(2, share // 2))
    classifier = open_classifier(load_bundle(options.model), options.engine, threads)
    try:
        yield classifier
    finally:
        classifier.close()


@contextmanager
def opened(options: Options, notify: Callable[[str], None] = say) -> Iterator[OpenedParts]:
    """Open the parts that the options name, and close them at the end.

    Raises:
        InputError: If the bundle, the engine or the detector cannot be used.
    """
    with ExitStack() as stack:
        classifier = stack.enter_context(open_reader(options))
        detector = open_detector(options.detector, model_file=options.detector_model, notify=notify)
        stack.callback(detector.close)
        yield OpenedParts(
            detector, classifier, stack.enter_context(verifying(detector, classifier.bundle)), options.stride_s
        )


@contextmanager
def verifying(detector: Detector, bundle: Bundle) -> Iterator[FaceVerifier]:
    """Open the verifier of a detector's claims.

    Raises:
        InputError: If the bundle's gate cannot be run.
    """
    verifier = open_verifier(detector, bundle)
    try:
        yield verifier
    finally:
        verifier.close()
