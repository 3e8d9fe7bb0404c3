"""Failures before MediaPipe's library is loaded. The library itself is tested in a sandbox, by test_contract.py."""

import builtins
import sys
from pathlib import Path

import pytest

from app.detectors import mediapipe as room
from app.detectors.mediapipe import MediaPipeDetector
from models.errors import InputError


def test_a_library_that_does_not_load_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(b"\x1c\0\0\0TFL3")

    def missing(name: str) -> None:
        raise ImportError("libGLESv2.so.2: cannot open shared object file")

    monkeypatch.setattr(room.importlib, "import_module", missing)
    with pytest.raises(InputError, match=r"MediaPipe cannot be loaded \(libGLESv2.*--detector blazeface"):
        MediaPipeDetector(path)
    assert sys.modules.get("tensorflow", builtins) is not None  # the output is restored


def test_a_missing_model_is_told_before_the_library_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.tflite cannot be read"):
        MediaPipeDetector(tmp_path / "gone.tflite")
    assert "mediapipe" not in sys.modules
