"""A real window with fake parts."""

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from app.core.stages import FrameSource
from app.core.types import Box, FaceResult, Frame, FrameResult, Image
from app.player.cache import Cache
from app.ui.messages import Camera, Choice
from app.ui.parts import Openers
from app.ui.preferences import Preferences
from app.ui.window import MainWindow
from models.errors import InputError

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
from PySide6.QtCore import QSettings


class World:
    """Everything that a session opens: what was opened, and switches for what goes wrong."""

    def __init__(self, fakes: ModuleType) -> None:
        self._fakes = fakes
        self.detectors: list[object] = []
        self.classifiers: list[object] = []
        self.sources: list[FrameSource] = []
        self.specs: list[str] = []
        self.cameras: tuple[Camera, ...] = ()
        self.detect_s = 0.0
        self.load = threading.Event()
        self.load.set()
        self.cache: Cache | None = None
        self.make_source: Callable[[str], FrameSource] = self.a_source

    @property
    def shown(self) -> list[str]:
        """What was opened, one after the other; a film is opened twice, to be shown and to be analysed."""
        return [spec for spec, _ in itertools.groupby(self.specs)]

    def a_source(self, spec: str) -> FrameSource:
        if spec.startswith("bad"):
            raise InputError(f"{spec} is no video; choose another file")
        live = spec.isdigit()
        if live:
            return self._fakes.FakeSource(self._fakes.walk(600), live=True, pause_s=0.02)
        return self._fakes.FakeSource(
            self._fakes.walk(8 if spec == "short" else 3000, level=90 if spec == "dim" else 200)
        )

    def openers(self) -> Openers:
        def detector(choice: Choice, notify: Callable[[str], None]) -> object:
            if choice.detector == "blazeface":
                raise InputError("BlazeFace's model is missing; choose Haar")
            if choice.detector == "auto":
                notify("Faces are found with Haar.")
            self.detectors.append(self._fakes.FakeDetector(pause_s=self.detect_s))
            return self.detectors[-1]

        def classifier(choice: Choice) -> object:
            self.load.wait(10)
            if choice.model == "broken":
                raise InputError("broken/model.tflite does not match its digest; choose another model")
            self.classifiers.append(self._fakes.FakeClassifier())
            return self.classifiers[-1]

        def source(spec: str) -> FrameSource:
            self.specs.append(spec)
            self.sources.append(self.make_source(spec))
            return self.sources[-1]

        return Openers(
            detector,
            classifier,
            source,
            lambda: self.cameras,
            lambda: ("student", "tiny"),
            cache=lambda: self.cache,
        )


@pytest.fixture
def world(fakes: ModuleType) -> World:
    return World(fakes)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    made = Preferences(QSettings(str(tmp_path / "mimik.ini"), QSettings.Format.IniFormat))
    made.keep_welcomed()
    made.keep_timeline(False)
    return made


@pytest.fixture
def open_window(qtbot, world: World, preferences: Preferences) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows; at the end each must leave no thread behind."""
    windows: list[MainWindow] = []

    def open_one(source: str | None = "long", choice: Choice | None = None) -> MainWindow:
        window = MainWindow(source, choice or Choice("haar"), preferences, world.openers())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        return window

    yield open_one
    world.load.set()
    for window in windows:
        window.close()
        assert window.join(10), "the session's thread did not end"


@pytest.fixture
def result_of() -> Callable[..., FrameResult]:
    """Makes results: `result_of((x, y, side), ..., image=...)`, one face a box, its first emotion the strongest."""

    def make(*boxes: tuple[float, float, float], image: Image | None = None, label: str = "happiness") -> FrameResult:
        labels = ("happiness", "neutral", "contempt")
        values = np.array([0.7, 0.2, 0.1], np.float32)
        faces = tuple(
            FaceResult(number, Box(x, y, side, side), 0.9, values, values, label)
            for number, (x, y, side) in enumerate(boxes)
        )
        shown = np.zeros((120, 160, 3), np.uint8) if image is None else image
        return FrameResult(Frame(0, 0.0, shown), faces, labels, {})

    return make
