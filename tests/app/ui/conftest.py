"""Fixtures that open a real window on fakes."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.__main__ import main
from app.core.types import Box, FaceResult, Frame, FrameResult, Image
from app.player.messages import Choice
from app.ui.language import use_language
from app.ui.preferences import Preferences
from app.ui.window import MainWindow

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QApplication

Script = Generator[Callable[[], bool], None, None]
LIMIT_MS = 40_000


@pytest.fixture
def german(qapp) -> Iterator[None]:
    """Switches the window to German."""
    translators = use_language("de")
    yield
    for translator in translators:
        QCoreApplication.removeTranslator(translator)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    made = Preferences(QSettings(str(tmp_path / "mimik.ini"), QSettings.Format.IniFormat))
    made.keep_welcomed()
    made.keep_timeline(False)
    return made


@pytest.fixture
def open_window(qtbot, world: Any, preferences: Preferences) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows; at teardown none may leave a thread behind."""
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
    """Pauses a film at a frame, and waits until the analysed frame is on the screen."""

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
    """`result_of((x, y, side), ..., image=...)`: a result with one face per box; its first emotion is the strongest."""

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


@pytest.fixture
def run_main(qapp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """Runs `main()` with a script, which yields conditions to wait for; the window closes at its end."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))

    def go(script: Callable[[MainWindow], Script], *arguments: str, limit_ms: int = LIMIT_MS) -> int:
        failures: list[BaseException] = []
        timer, limit = QTimer(interval=5), QTimer(singleShot=True, interval=limit_ms)
        state: dict[str, Any] = {}

        def leave() -> None:
            timer.stop()
            limit.stop()
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, MainWindow):
                    widget.close()  # which also closes its pages

        def poll() -> None:
            try:
                if "work" not in state:
                    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
                    if not windows:
                        return
                    state["work"] = script(windows[0])
                    state["until"] = lambda: True
                if state["until"]():
                    state["until"] = next(state["work"])
            except StopIteration:
                leave()
            except BaseException as error:
                failures.append(error)
                leave()

        def give_up() -> None:
            work, lines = state.get("work"), []
            while getattr(work, "gi_frame", None) is not None:
                lines.append(f"{work.gi_frame.f_code.co_name}:{work.gi_frame.f_lineno}")
                work = work.gi_yieldfrom
            failures.append(AssertionError(f"the script waits in {', '.join(lines)}"))
            leave()

        timer.timeout.connect(poll)
        limit.timeout.connect(give_up)
        timer.start()
        limit.start()
        code = main(list(arguments))
        if failures:
            raise failures[0]
        return code

    return go
