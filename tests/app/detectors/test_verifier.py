from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.commands.made_pictures import made_pictures
from app.core.geometry import iou, tilt
from app.core.types import Box, Detection, Image
from app.core.views import Pyramid, Square
from app.detectors.blazeface import BlazeFaceDetector
from app.detectors.evidence import look_again
from app.detectors.looks import look
from app.detectors.verifier import FaceVerifier, open_verifier
from app.sources.demo import demo_path
from models.bundle import load_bundle
from models.detectors import CropGeometry
from models.engines.gate import GateNetwork, open_gate
from models.gate import EVIDENCE


@pytest.fixture(scope="module")
def detector(blazeface: Path) -> Iterator[BlazeFaceDetector]:
    opened = BlazeFaceDetector(blazeface)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def verifier(detector: BlazeFaceDetector) -> Iterator[FaceVerifier]:
    opened = open_verifier(detector, load_bundle())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def picture() -> Image:
    """A frame of the demo clip, which shows one face."""
    capture = cv2.VideoCapture(str(demo_path()))
    try:
        read, image = capture.read()
    finally:
        capture.release()
    assert read
    return np.asarray(image, np.uint8)


def test_a_face_is_verified_and_a_wall_beside_it_is_not(
    detector: BlazeFaceDetector, verifier: FaceVerifier, picture: Image
) -> None:
    face = detector.detect(picture)[0]
    corner = Detection(Box(2, 2, 60, 60), 0.5)
    assert (verifier.verify(picture, [face, corner]) >= verifier.threshold).tolist() == [True, False]
    (kept,) = verifier.verified(picture, [face, corner, face])
    assert iou(kept.box, face.box) > 0.5


def test_a_box_that_was_laid_badly_is_laid_anew(detector: BlazeFaceDetector, picture: Image) -> None:
    face = detector.detect(picture)[0]
    box = face.box
    bad = Detection(Box(box.x - 0.3 * box.w, box.y - 0.3 * box.h, 2 * box.w, 2 * box.h), 0.4)
    (placed,), evidence = look_again(detector.network, Pyramid(picture), [bad])
    assert iou(placed.box, box) > 0.6
    assert evidence.shape == (1, len(EVIDENCE))


def test_a_box_around_a_face_and_much_else_is_none(
    detector: BlazeFaceDetector, verifier: FaceVerifier, picture: Image
) -> None:
    """In a film the box would be shown as it is; the face inside it is detected by itself."""
    face = detector.detect(picture)[0]
    box = face.box
    bad = Detection(Box(box.x - 0.3 * box.w, box.y - 0.3 * box.h, 2 * box.w, 2 * box.h), 0.4)
    assert (verifier.verify(picture, [face, bad]) >= verifier.threshold).tolist() == [True, False]
    (placed,) = verifier.verified(picture, [bad])
    assert iou(placed.box, box) > 0.6


@pytest.mark.parametrize(("quarters", "degrees"), [(1, -90), (2, 180), (3, 90)])
def test_a_picture_turned_by_quarters_shows_its_face_with_the_turn(
    detector: BlazeFaceDetector, verifier: FaceVerifier, picture: Image, quarters: int, degrees: int
) -> None:
    turned = np.ascontiguousarray(np.rot90(picture, quarters))
    (face,) = verifier.verified(turned, detector.detect(turned))
    upright = tilt(detector.detect(picture)[0].keypoints)
    away = (np.degrees(tilt(face.keypoints) - upright) - degrees + 180) % 360 - 180
    assert abs(away) < 30


def test_a_mirrored_look_gives_the_persons_left_and_right(detector: BlazeFaceDetector, picture: Image) -> None:
    face = detector.detect(picture)[0]
    square = Square(*face.box.center, 2.2 * face.box.w)
    plain, mirrored = look(detector.network, Pyramid(picture), [square, square], mirrored=[False, True])
    assert iou(plain[0].box, mirrored[0].box) > 0.7
    assert plain[0].keypoints is not None
    assert mirrored[0].keypoints is not None
    assert np.abs(plain[0].keypoints - mirrored[0].keypoints)[:4].max() < 0.15 * face.box.w


def test_made_pictures_show_no_face(detector: BlazeFaceDetector, verifier: FaceVerifier) -> None:
    """Every 23rd plain colour, and noise of every kind and size; `training gate` checks all of them."""
    colours = [made for made in islice(made_pictures(), 1331) if made[0].startswith("plain")]
    noise = [made for made in islice(made_pictures(), 1331, 1331 + 36) if made[0].startswith("noise")]
    assert (len(colours), len(noise)) == (1331, 36)
    for name, image in [*colours[::23], *noise]:
        assert verifier.verified(image, detector.detect(image)) == (), name


def noise(seed: int, channels: int) -> Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (30, 40, channels), dtype=np.uint8)
    picture = cv2.resize(coarse, (320, 240), interpolation=cv2.INTER_CUBIC).reshape(240, 320, channels)
    return np.ascontiguousarray(np.broadcast_to(picture, (240, 320, 3)))


def test_colours_that_disagree_cost_a_claim_its_belief_with_either_detector(
    detector: BlazeFaceDetector, verifier: FaceVerifier
) -> None:
    """The gate sees gray crops, so a gray picture of the same levels gives its score without the colours."""
    claims = [Detection(Box(60, 60, 100, 100), 0.5), Detection(Box(120, 20, 60, 60), 0.5)]
    coloured = noise(1, 3)
    gray = cv2.cvtColor(cv2.cvtColor(coloured, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    alone = FaceVerifier(None, open_gate(load_bundle()), load_bundle().crop("haar"))
    try:
        assert (alone.verify(coloured, claims) < 0.2 * alone.verify(gray, claims)).all()
    finally:
        alone.close()
    looks = FaceVerifier(detector.network, None, CropGeometry())
    assert (looks.weigh(coloured, claims)[1] < 0.5 * looks.weigh(gray, claims)[1]).all()


def test_a_doubtful_claim_is_read_in_several_views(detector: BlazeFaceDetector, picture: Image) -> None:
    face = detector.detect(picture)[0]
    crops: list[int] = []

    class Counting(GateNetwork):
        def logits(self, given: np.ndarray) -> np.ndarray:
            crops.append(len(given))
            return np.full(len(given), self.answer, np.float32)

        answer = 0.0

    gate = Counting(load_bundle())
    try:
        verifier = FaceVerifier(detector.network, gate, load_bundle().crop("blazeface"))
        for gate.answer, expected in ((20.0, [1]), (-20.0, [1])):
            crops.clear()
            verifier.verify(picture, [face])
            assert crops == expected
        low, high = -20.0, 20.0
        for _ in range(40):  # the logit at the threshold of the rule
            gate.answer = (low + high) / 2
            below = verifier.weigh(picture, [face])[1][0] < verifier.threshold
            low, high = (gate.answer, high) if below else (low, gate.answer)
        crops.clear()
        verifier.verify(picture, [face])
        assert crops == [1, 3]
    finally:
        gate.close()


def test_nothing_is_asked_of_no_claims(verifier: FaceVerifier, picture: Image) -> None:
    assert verifier.verify(picture, []).shape == (0,)
    assert verifier.verified(picture, []) == ()


def test_without_a_network_and_a_gate_every_claim_is_believed(picture: Image) -> None:
    claims = (Detection(Box(10, 10, 40, 40), 0.6),)
    bare = FaceVerifier(None, None, CropGeometry())
    assert bare.verify(picture, claims).tolist() == [1.0]
    assert bare.verified(picture, claims) == claims
