"""Commands with a detector of bright squares and a classifier of gray levels instead of the real ones."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, ModuleType

import pytest

from models.emotions import FERPLUS


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch, fakes: ModuleType, tmp_path: Path) -> ModuleType:
    """Makes every command use `fakes` and a bundle in tmp_path / "bundle" without a network; returns `fakes`."""
    folder = tmp_path / "bundle"
    folder.mkdir()

    def classifier(*_: object) -> object:
        made = fakes.FakeClassifier(FERPLUS)
        made.bundle = replace(made.bundle, path=folder, sha256=MappingProxyType({"model.tflite": "d1"}))
        return made

    def detector(name: str | None = None, **_: object) -> object:
        return fakes.FakeDetector(name="haar" if name in (None, "auto") else name)

    monkeypatch.setattr("app.headless.parts.load_bundle", lambda *_: None)
    monkeypatch.setattr("app.headless.parts.open_classifier", classifier)
    monkeypatch.setattr("app.headless.parts.open_detector", detector)
    monkeypatch.setattr("app.commands.calibrate.open_detector", detector)
    return fakes
