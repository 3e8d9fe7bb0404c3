"""A real window with fake parts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core.types import Box, FaceResult, Frame, FrameResult, Image
from app.player.messages import Choice
from app.ui.preferences import Preferences
from app.ui.window import MainWindow

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
from PySide6.QtCore import QSettings


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    made = Preferences(QSettings(str(tmp_path / "mimik.ini"), QSettings.Format.IniFormat))
    made.keep_welcomed()
    made.keep_timeline(False)
    return made


@pytest.fixture
def open_window(qtbot, world: Any, preferences: Preferences) -> Iterator[Callable[..., MainWindow]]:
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
def hold(qtbot) -> Callable[..., None]:
    """Pauses a film at a frame, and waits until that is on the screen and nothing else is on its way there."""

    def hold_at(window: MainWindow, index: int = 30) -> None:
        window.menus.pause.trigger()
        window.playback.seek(index / 30)
        qtbot.waitUntil(lambda: _stands_at(window, index), timeout=20_000)

    return hold_at


def _stands_at(window: MainWindow, index: int) -> bool:
    shown = window.picture.shown
    return shown is not None and shown.result.frame.index == index and not shown.provisional


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
