"""Explaining one face, independently of playback."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.core.types import Box, FaceResult
from app.player.messages import Choice
from app.player.why import Explainer


def face(box: tuple[int, int, int], label: str = "happiness") -> FaceResult:
    x, y, side = box
    values = np.array([0.1, 0.2, 0.7], np.float32)
    return FaceResult(3, Box(x, y, side, side), 0.9, values, values, label)


@pytest.fixture
def picture(fakes: ModuleType) -> np.ndarray:
    return fakes.picture((40, 30, 40))


def test_a_label_is_explained_on_the_crop_that_was_read(world: Any, picture: np.ndarray) -> None:
    explainer = Explainer(world.openers(), Choice("haar"))
    why = explainer.explain(picture, face((40, 30, 40)))
    assert (why.label, why.method, why.alone) == ("happiness", "occlusion", "neutral")
    assert why.crop.shape == (48, 48, 1)
    assert why.crop.mean() > 100
    assert why.heat.shape == (48, 48)
    explainer.explain(picture, face((40, 30, 40)))
    assert len(world.classifiers) == len(world.detectors) == 1, "opened once"
    explainer.close()
    explainer.close()
    assert world.classifiers[0].closed == world.detectors[0].closed == 1


def test_of_an_uncertain_face_the_strongest_emotion_is_explained(world: Any, picture: np.ndarray) -> None:
    assert Explainer(world.openers(), Choice("haar")).explain(picture, face((40, 30, 40), "uncertain")).label == (
        "neutral"
    )


@pytest.mark.parametrize("box", [(-30, -30, 50), (140, 100, 60), (500, 500, 20), (0, 0, 160)])
def test_a_face_may_lie_anywhere(world: Any, picture: np.ndarray, box: tuple[int, int, int]) -> None:
    why = Explainer(world.openers(), Choice("haar")).explain(picture, face(box))
    assert why.crop.shape == (48, 48, 1)


def test_the_crop_is_upright_where_the_detector_tells_the_tilt(world: Any, picture: np.ndarray, fakes) -> None:
    from app.core.types import Detection

    class Tilted(fakes.FakeDetector):
        def detect(self, image):
            lying = np.array([(60, 35), (60, 65), (50, 50), (42, 50)], np.float32)
            return tuple(
                Detection(one.box, 0.9, lying - (60, 50) + np.array(one.box.center, np.float32))
                for one in super().detect(image)
            )

    class Elsewhere(fakes.FakeDetector):
        def detect(self, image):
            return ()

    crops = []
    for made in (Tilted, Elsewhere):
        openers = world.openers()
        explainer = Explainer(openers, Choice("haar"))
        explainer._parts = (made(), fakes.FakeClassifier())
        crops.append(explainer.explain(picture, face((40, 30, 40))).crop[..., 0])
    assert np.abs(np.rot90(crops[0]).astype(int) - crops[1]).mean() < np.abs(
        crops[0].astype(int) - crops[1]
    ).mean() or (
        np.abs(np.rot90(crops[0], 3).astype(int) - crops[1]).mean() < np.abs(crops[0].astype(int) - crops[1]).mean()
    )


@pytest.mark.slow
@pytest.mark.training
def test_where_keras_is_installed_the_shipped_network_is_explained_by_grad_cam(blazeface, picture: np.ndarray) -> None:
    pytest.importorskip("keras", reason="Grad-CAM needs the extra `training`")
    from app.player.parts import Openers
    from models.bundle import load_bundle

    explainer = Explainer(Openers(), Choice("haar"))
    labels = load_bundle().labels
    values = np.full(len(labels), 1 / len(labels), np.float32)
    one = FaceResult(0, Box(40, 30, 40, 40), 0.9, values, values, labels[1])
    why = explainer.explain(picture, one)
    assert why.method == "grad-cam"
    assert why.heat.shape == (48, 48)
    assert 0 <= why.heat.min() <= why.heat.max() <= 1
    covered = Explainer(Openers(), Choice("haar"), occlusion=True).explain(picture, one)
    assert covered.method == "occlusion"
    assert np.array_equal(covered.crop, why.crop)
