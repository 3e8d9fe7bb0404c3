from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.geometry import iou
from app.core.types import Box
from app.detectors.haar import HaarDetector
from models.errors import InputError


def test_an_opencv_without_cascades_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2.data, "haarcascades", f"{tmp_path}/")
    with pytest.raises(InputError, match=r"install opencv-contrib-python"):
        HaarDetector()


def test_an_installation_below_any_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Müller 笑顔"
    folder.mkdir()
    cascade = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
    (folder / cascade.name).write_bytes(cascade.read_bytes())
    monkeypatch.setattr(cv2.data, "haarcascades", f"{folder}/")
    assert HaarDetector().name == "haar"


def test_a_known_face_is_found_in_its_surroundings_alone(shared: Path) -> None:
    photo = cv2.imread(str(shared / "data" / "photos" / "images" / "Romano_Prodi_0004.jpg"))
    image = np.full((720, 1280, 3), 110, np.uint8)
    image[200:550, 700:1050] = photo
    detector = HaarDetector()
    (whole,) = detector.detect(image)
    near = detector.detect_near(image, whole.box)
    assert near and iou(near[0].box, whole.box) > 0.6
    assert detector.detect_near(image, Box(50, 50, 200, 200)) == ()
    assert detector.detect_near(image, Box(-500, -500, 100, 100)) == ()
