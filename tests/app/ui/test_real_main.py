"""The whole program: `main()` with Haar, the trained model and a synthetic clip."""

from collections.abc import Callable, Generator
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.player.player import State
from app.ui.window import MainWindow

Script = Generator[Callable[[], bool], None, None]


def shows(window: MainWindow, index: int) -> Callable[[], bool]:
    def there() -> bool:
        shown = window.picture.shown
        return shown is not None and not shown.provisional and shown.result.frame.index == index

    return there


def test_a_first_start_and_everything_that_plays(run_main, clip, tmp_path: Path) -> None:
    film = str(clip(frames=75, fps=25, size=(320, 240)))
    seen: dict[str, object] = {}

    def first(window: MainWindow) -> Script:
        yield lambda: bool(window.findChildren(QDialog))
        (page,) = window.findChildren(QDialog)
        page.accept()
        window.activateWindow()  # as a desktop does when a dialog over it closes
        yield lambda: window.isActiveWindow() and window.playback.playing and window.picture.result is not None
        QTest.keyClick(window, Qt.Key.Key_Space)
        yield lambda: window.playback.player.state is State.PAUSED
        yield lambda: window.playback.player.readings.complete
        QTest.keyClick(window, Qt.Key.Key_Home)
        yield shows(window, 0)
        QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        yield shows(window, 25)
        QTest.keyClick(window, Qt.Key.Key_Left)
        yield shows(window, 24)
        bar = window.deck.bar
        yield lambda: bar.isVisible() and bar._width() > 100
        place = QPoint(round(bar.x_of(2.02)), bar.height() // 2)
        QTest.mousePress(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(bar.width() // 2, 15))
        QTest.mouseMove(bar, place)
        QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        yield lambda: window.picture.result.frame.index >= 49
        QTest.keyClick(window, Qt.Key.Key_BracketRight)
        assert window.playback.speed == 1.5
        yield lambda: window.playback.player.state is State.ENDED
        yield shows(window, 74)
        yield lambda: "end" in window.banners.shown
        yield lambda: window.deck.transport.analysis.text() == "analysed"
        seen["readings"] = len(window.playback.player.readings)

    def second(window: MainWindow) -> Script:
        yield lambda: window.playback.player is not None
        assert window.playback.player.readings.complete
        assert len(window.playback.player.readings) == seen["readings"] == 75
        assert not window.findChildren(QDialog), "the page of the first start comes once"
        yield lambda: window.picture.result is not None
        assert window.playback.player.counts()[1] == 0, "nothing is analysed again"
        assert window.menus.recent.actions()[0].text() == Path(film).name

    assert run_main(first, film, "--detector", "haar") == 0
    assert run_main(second, film, "--detector", "haar") == 0


def test_a_file_that_is_none_is_told(run_main, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.mp4")

    def script(window: MainWindow) -> Script:
        yield lambda: "source" in window.banners.shown
        assert missing in window.banners.shown["source"].sentence

    assert run_main(script, missing, "--detector", "haar") == 0
