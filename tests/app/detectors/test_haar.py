from pathlib import Path

import cv2
import pytest

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
