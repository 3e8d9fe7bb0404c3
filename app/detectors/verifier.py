"""Decides which claims of a detector are faces, by second looks and the gate of the bundle."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.core.crop import crop_faces
from app.core.geometry import iou, scaled
from app.core.stages import Detector
from app.core.types import Detection, Image
from app.core.views import Pyramid
from app.detectors.blazeface import BlazeFaceNetwork
from app.detectors.colours import unity
from app.detectors.evidence import look_again, look_from_afar, quarter_turned
from models.bundle import Bundle, CropGeometry
from models.engines.gate import GateNetwork, open_gate
from models.gate import LOOKS_THRESHOLD, log_odds, mean_score, score_odds, sigmoid

_CERTAIN = 0.95
"""Claims below this probability are also looked at in the rotated picture: an upside-down face may pass for upright."""

_SURE, _TURNED = 0.75, 0.9
"""Looks at the rotated picture give three more chances of a false positive. So a face found there with a score below
the first value needs a probability of at least the second."""

_SAME_IOU = 0.4
"""Intersection over union from which two verified boxes are one face."""

_DOUBTFUL, _FAR = (-1.5, 3.0), 0.3
"""A claim is doubtful if its log odds, relative to the threshold, lie in the first range. Then its crop is read in
several views, whose mean varies less than a single reading, and BlazeFace looks again at wider surroundings; one plus
the mean log odds of these looks is weighted by the last value. docs/accuracy.md says how these values were chosen."""

_ZOOMS = (0.88, 1.14)
"""Sizes of the further views relative to the crop; its mirror image is another view."""

_UNITED, _PER_SHARE = 0.7, 12.0
"""If the colour unity of a claim (`app.detectors.colours`) is below the first value, its log odds are reduced by the
second times the difference. This is a penalty rather than a limit, because a face in the dark may have colour noise."""


def network_of(detector: Detector) -> BlazeFaceNetwork | None:
    """The network of a detector that can look at chosen squares; None for any other."""
    network = getattr(detector, "network", None)
    return network if isinstance(network, BlazeFaceNetwork) else None


def open_verifier(detector: Detector, bundle: Bundle) -> "FaceVerifier":
    """The verifier for a detector's claims, which uses second looks and the bundle's gate as far as available.

    Raises:
        InputError: If the bundle's gate cannot be run.
    """
    return FaceVerifier(network_of(detector), open_gate(bundle), bundle.crop(detector.name))


class FaceVerifier:
    """Verifies claims by second looks and the gate, as far as available.

    With both, the gate combines looks and crop. Without a network (Haar) the crop alone decides; without a gate, the
    mean score of the looks; without either, every claim is accepted. Claims whose colour channels vary independently,
    as in noise, are penalised.

    Args:
        network: BlazeFace, or None; closed by the caller, not here.
        gate: The bundle's gate, or None; likewise.
        geometry: How the bundle crops the detector's boxes.
    """

    def __init__(self, network: BlazeFaceNetwork | None, gate: GateNetwork | None, geometry: CropGeometry) -> None:
        self._network = network
        self._gate = gate
        self._geometry = geometry

    @property
    def threshold(self) -> float:
        """Least probability of a face that is shown."""
        if self._gate is None:
            return LOOKS_THRESHOLD if self._network is not None else 0.0
        rule = self._gate.rule
        return rule.crop_threshold if self._network is None else rule.threshold

    def verify(self, image: Image, detections: Sequence[Detection]) -> NDArray[np.float32]:
        """Probability that each claim is a face that its keypoints rotate upright: float32 (n,), 0..1; n may be 0.

        A poorly placed box does not count, even if there is a face inside it, because that face has its own claim.
        """
        claims, probabilities = self.weigh(image, detections)
        stayed = [claim is detection for claim, detection in zip(claims, detections, strict=True)]
        return np.where(stayed, probabilities, np.float32(0))

    def weigh(self, image: Image, detections: Sequence[Detection]) -> tuple[tuple[Detection, ...], NDArray[np.float32]]:
        """Correct poorly placed boxes, and verify the claims.

        Args:
            image: BGR uint8, shape (H, W, 3). Not modified.
            detections: The claims; may be empty.

        Returns:
            The claims in order, each as it came or better placed; and the probabilities, as `verify` gives them.
        """
        return self._weigh(image, Pyramid(image), detections)

    def _weigh(
        self, image: Image, pyramid: Pyramid, detections: Sequence[Detection]
    ) -> tuple[tuple[Detection, ...], NDArray[np.float32]]:
        if not detections:
            return (), np.zeros(0, np.float32)
        claims = tuple(detections)
        if self._network is not None:
            claims, evidence = look_again(self._network, pyramid, detections)
            if self._gate is None:
                probabilities = mean_score(evidence)
            else:
                probabilities = self._by_looks(image, pyramid, claims, evidence)
        elif self._gate is not None:
            probabilities = self._gate.rule.alone(self._gate.logits(self._crops(image, claims)))
        else:
            return claims, np.ones(len(claims), np.float32)
        missing = np.array([max(0.0, _UNITED - unity(image, claim.box)) for claim in claims])
        return claims, np.where(missing > 0, sigmoid(log_odds(probabilities) - _PER_SHARE * missing), probabilities)

    def verified(self, image: Image, detections: Sequence[Detection]) -> tuple[Detection, ...]:
        """The claims that are faces, each once.

        A claim that is not certainly an upright face is also looked at in the picture rotated by quarter turns, and the
        more probable orientation is used; a face found in this way has the keypoints that rotate it upright.

        Args:
            image: BGR uint8, shape (H, W, 3). Not modified.
            detections: The claims; may be empty.

        Returns:
            Most probable first; scores are the detector's.
        """
        pyramid = Pyramid(image)
        claims, probabilities = self._weigh(image, pyramid, detections)
        pairs = list(zip(probabilities, claims, strict=True))
        believed = [pair for pair in pairs if pair[0] >= self.threshold]
        doubted = [claim for probability, claim in pairs if probability < max(_CERTAIN, self.threshold)]
        believed += self._turned(image, pyramid, doubted)
        believed.sort(key=lambda pair: float(pair[0]), reverse=True)
        kept: list[Detection] = []
        for _, claim in believed:
            if not any(iou(claim.box, other.box) > _SAME_IOU for other in kept):
                kept.append(claim)
        return tuple(kept)

    def close(self) -> None:
        """Free the gate. May be called twice."""
        if self._gate is not None:
            self._gate.close()

    def _turned(
        self, image: Image, pyramid: Pyramid, doubted: Sequence[Detection]
    ) -> list[tuple[np.float32, Detection]]:
        if self._network is None or not doubted:
            return []
        found = [face for face in quarter_turned(self._network, pyramid, doubted) if face is not None]
        if not found:
            return []
        claims, probabilities = self._weigh(image, pyramid, found)
        return [
            (probability, claim)
            for probability, claim in zip(probabilities, claims, strict=True)
            if probability >= (self.threshold if claim.score >= _SURE else max(_TURNED, self.threshold))
        ]

    def _by_looks(
        self, image: Image, pyramid: Pyramid, claims: Sequence[Detection], evidence: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The gate's probabilities from crops and looks; for doubtful claims, with further views and looks."""
        assert self._network is not None
        assert self._gate is not None
        rule, crops = self._gate.rule, self._crops(image, claims)
        logits = self._gate.logits(crops)
        probabilities = rule.with_looks(logits, evidence)
        margins = log_odds(probabilities) - log_odds(rule.threshold)
        doubtful = np.flatnonzero((margins > _DOUBTFUL[0]) & (margins < _DOUBTFUL[1]))
        if not len(doubtful):
            return probabilities
        again = [claims[int(i)] for i in doubtful]
        views = [crops[doubtful][:, :, ::-1]]
        views += [
            self._crops(image, [replace(claim, box=scaled(claim.box, zoom)) for claim in again]) for zoom in _ZOOMS
        ]
        further = self._gate.logits(np.concatenate(views)).reshape(len(views), -1)
        mean = np.concatenate((logits[np.newaxis, doubtful], further)).mean(axis=0)
        afar = score_odds(look_from_afar(self._network, pyramid, again)).mean(axis=1)
        probabilities[doubtful] = sigmoid(log_odds(rule.with_looks(mean, evidence[doubtful])) + _FAR * (1 + afar))
        return probabilities

    def _crops(self, image: Image, claims: Sequence[Detection]) -> NDArray[np.uint8]:
        return crop_faces(image, claims, geometry=self._geometry)
