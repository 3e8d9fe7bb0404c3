"""Why a face got its label: a map of the face, computed in the background."""

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from app.core.types import Box, Crops, Detection, FaceResult, Image
from app.player.messages import Choice
from app.player.parts import Openers
from models.errors import InputError

if TYPE_CHECKING:
    from app.core.pipeline import FaceClassifier
    from app.core.stages import Detector
    from models.engines.gradcam import GradCam

Method = Literal["grad-cam", "occlusion"]
_SAME = 0.3
"""Least intersection over union of a box with that of the face that is explained."""


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation.

    Attributes:
        label: The emotion that is explained.
        method: `grad-cam`: what raises the network's score, the most important place 1. `occlusion`: the probability
            that is lost when a place is covered.
        crop: The face as the network reads it, uint8 (48, 48, 1).
        heat: float32 (48, 48), 0..1.
        alone: The strongest emotion of the frame alone; the label is smoothed over time and may lag behind it.
    """

    label: str
    method: Method
    crop: Crops
    heat: NDArray[np.float32]
    alone: str


class Explainer:
    """Explains faces with its own detector and network, opened at the first face. For one thread.

    Args:
        openers: Open them.
        choice: Detector and model to open.
        occlusion: Cover parts of the face even if Keras could compute Grad-CAM.
    """

    def __init__(self, openers: Openers, choice: Choice, *, occlusion: bool = False) -> None:
        self._openers = openers
        self._choice = choice
        self._occlusion = occlusion
        self._parts: tuple[Detector, FaceClassifier] | None = None
        self._cam: GradCam | None = None

    def explain(self, image: Image, face: FaceResult) -> Why:
        """Which parts of a face support its label, or its strongest emotion if the label is not one.

        By Grad-CAM where Keras is installed and the bundle has a network for it, else by covering parts.

        Args:
            image: The frame, BGR uint8 (H, W, 3).
            face: One of its faces.

        Raises:
            InputError: If detector or network cannot be opened.
        """
        if self._parts is None:
            self._parts = self._open()
        detector, classifier = self._parts
        labels = classifier.labels
        target = labels.index(face.label) if face.label in labels else int(face.smooth.argmax())
        alone = labels[int(face.raw.argmax())]
        crop = self._crop(detector, classifier, image, face.box)
        if self._cam is not None:
            heat = _enlarged(self._cam.map(crop, target), crop.shape)
            return Why(labels[target], "grad-cam", crop, heat, alone)
        from app.core.occlusion import occlusion_map

        heat = occlusion_map(crop, classifier.probabilities, target)
        return Why(labels[target], "occlusion", crop, heat, alone)

    def close(self) -> None:
        """Free the parts. May be called twice."""
        parts, self._parts, self._cam = self._parts, None, None
        for part in parts or ():
            part.close()

    def _open(self) -> "tuple[Detector, FaceClassifier]":
        classifier = self._openers.classifier(self._choice)
        detector = self._openers.detector(self._choice, lambda _: None)
        if not self._occlusion:
            self._cam = open_grad_cam(classifier)
        return detector, classifier

    def _crop(self, detector: "Detector", classifier: "FaceClassifier", image: Image, box: Box) -> Crops:
        """The face as it was read: the detector is asked again where eyes and nose are, for the head's tilt."""
        from app.core.crop import crop_faces
        from app.core.geometry import iou

        height, width = image.shape[:2]
        left, top = (max(round(low - side), 0) for low, side in ((box.x, box.w), (box.y, box.h)))
        right, bottom = (
            min(round(low + 2 * side), most) for low, side, most in ((box.x, box.w, width), (box.y, box.h, height))
        )
        part = image[top:bottom, left:right]
        found = [one.moved(left, top) for one in detector.detect(part)] if part.size else []
        same = max(found, key=lambda one: iou(one.box, box), default=None)
        points = same.keypoints if same is not None and iou(same.box, box) >= _SAME else None
        geometry = classifier.bundle.crop(detector.name)
        crop: NDArray[np.uint8] = crop_faces(image, [Detection(box, 1.0, points)], geometry=geometry)[0]
        return crop


def open_grad_cam(classifier: "FaceClassifier") -> "GradCam | None":
    """Grad-CAM of a classifier's shown head, or None if Keras or its file is not there or cannot be used."""
    from models.bundle import KERAS_FILE
    from models.standard_error import quiet_stderr

    bundle = classifier.bundle
    if KERAS_FILE not in bundle.sha256 or importlib.util.find_spec("keras") is None:
        return None
    from models.engines.gradcam import GradCam
    from models.engines.keras import load_network

    try:
        with quiet_stderr():
            return GradCam(load_network(bundle), bundle.shown)
    except InputError:
        return None


def _enlarged(heat: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    import cv2

    return np.asarray(cv2.resize(heat, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)
