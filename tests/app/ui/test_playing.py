"""The window on real clips, offscreen: keys, bar, buttons, curves, and reopening a film."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QInputDialog

from app.player.cache import Cache
from app.player.messages import Choice
from app.player.player import State
from app.sources.open import open_source
from app.ui.scrub import GUTTER
from app.ui.window import MainWindow

Play = Callable[..., MainWindow]
WAIT_MS = 20_000


def index(window: MainWindow) -> int:
    result = window.picture.result
    return -1 if result is None else result.frame.index


@pytest.fixture
def play(qtbot, world, clip, open_window: Callable[..., MainWindow], tmp_path: Path) -> Play:
    """Opens the window on a real clip of 60 frames, analysed by fakes, with its own cache; waits until the analysis is
    complete and pauses at the first frame."""
    world.cache = Cache(tmp_path / "cache")
    world.make_source = open_source

    def open_one(frames: int = 60) -> MainWindow:
        window = open_window(str(clip(frames=frames, fps=25)), Choice("haar"))
        qtbot.waitUntil(lambda: window.playback.player is not None, timeout=WAIT_MS)
        window.playback.pause()
        window.playback.seek(0.0)
        qtbot.waitUntil(lambda: window.playback.player.readings.complete, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: index(window) == 0 and not window.picture.shown.provisional, timeout=WAIT_MS)
        return window

    return open_one


def test_keys_step_seek_and_go_to_the_ends(qtbot, play: Play) -> None:
    window = play()
    steps = (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Period, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 25),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 50),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 25),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 59),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
    )
    for key, modifier, wanted in steps:
        qtbot.keyClick(window, key, modifier)
        qtbot.waitUntil(lambda wanted=wanted: index(window) == wanted, timeout=WAIT_MS)
    assert window.playback.player.state is State.PAUSED


def test_space_plays_and_pauses_and_the_end_is_told(qtbot, play: Play) -> None:
    window = play()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: index(window) > 2, timeout=WAIT_MS)
    assert not window.menus.pause.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.menus.pause.isChecked(), timeout=WAIT_MS)
    assert window.playback.player.state is State.PAUSED
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    assert window.playback.speed == 1.5
    qtbot.waitUntil(lambda: "end" in window.banners.shown, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: index(window) == 59, timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: 0 <= index(window) < 59, timeout=WAIT_MS)
    assert "end" not in window.banners.shown


def test_j_k_l_change_the_speed_and_stop(qtbot, play: Play) -> None:
    window = play()
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert window.playback.speed == 0.75
    assert not window.playback.playing
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert window.playback.speed == 1.0
    assert window.playback.playing
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert not window.playback.playing
    qtbot.waitUntil(lambda: window.deck.transport.speed.text() == "1×", timeout=WAIT_MS)


def test_dragging_shows_pictures_while_the_mouse_moves(qtbot, play: Play) -> None:
    window = play()
    bar = window.deck.bar
    window.playback.pause(False)
    x = [round(bar.x_of(number * 0.04 + 0.01)) for number in (10, 30, 50)]
    middle = bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(x[0], middle))
    assert not window.playback.playing, "it stands while it is dragged"
    for place, wanted in zip(x[1:], (30, 50), strict=True):
        qtbot.mouseMove(bar, QPoint(place, middle))
        qtbot.waitUntil(lambda wanted=wanted: abs(index(window) - wanted) <= 1, timeout=WAIT_MS)
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(x[-1], middle))
    qtbot.waitUntil(lambda: index(window) > 52, timeout=WAIT_MS)


def test_marks_loop_a_stretch(qtbot, play: Play) -> None:
    window = play()
    window.playback.seek(0.4)
    qtbot.waitUntil(lambda: index(window) == 10, timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_I)
    window.playback.seek(0.6)
    qtbot.waitUntil(lambda: index(window) == 15, timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_O)
    assert window.playback.marks == pytest.approx((0.4, 0.6))
    qtbot.waitUntil(lambda: window.deck.transport.loop.isVisible(), timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: index(window) == 10, timeout=WAIT_MS)
    window.deck.transport.loop.click()
    assert window.playback.marks == (None, None)
    qtbot.waitUntil(lambda: index(window) > 17, timeout=WAIT_MS)


def test_the_bar_zooms_and_follows(qtbot, play: Play) -> None:
    window = play(250)
    bar = window.deck.bar
    assert bar.view_s == (0.0, pytest.approx(10.0))
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Plus)
    start_s, end_s = bar.view_s
    assert (start_s, end_s) == pytest.approx((0.0, 10 / 1.4**3))
    assert bar.time_of(bar.x_of(1.0)) == pytest.approx(1.0)
    window.playback.seek(9.0)
    qtbot.waitUntil(lambda: bar.view_s[1] >= 9.0, timeout=WAIT_MS)
    assert bar.view_s[0] > 0
    assert bar.view_s[1] - bar.view_s[0] == pytest.approx(end_s - start_s)
    assert bar._strips.covered == bar._width()
    qtbot.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 15))
    assert bar.view_s == (0.0, pytest.approx(10.0))


def test_shift_and_the_mouse_draw_a_loop(qtbot, play: Play) -> None:
    window = play()
    bar = window.deck.bar
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, shift, QPoint(round(bar.x_of(2.0)), 20))
    qtbot.mouseMove(bar, QPoint(round(bar.x_of(1.0)), 20))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, shift, QPoint(round(bar.x_of(1.0)), 20))
    assert window.playback.marks == pytest.approx((1.0, 2.0), abs=0.02)
    assert index(window) == 0


@pytest.mark.parametrize(("typed", "wanted"), [("0:01.2", 30), ("1,2", 30), ("#42", 42)])
def test_go_to_a_time_or_a_frame(qtbot, play: Play, typed: str, wanted: int) -> None:
    window = play()
    qtbot.keyClick(window, Qt.Key.Key_G)
    (dialog,) = window.findChildren(QInputDialog)
    dialog.textValueSelected.emit(typed)
    dialog.close()
    qtbot.waitUntil(lambda: index(window) == wanted, timeout=WAIT_MS)


def test_what_cannot_be_gone_to_is_told(qtbot, play: Play) -> None:
    window = play()
    for typed in ("soon", "#4711"):
        window.requests._go_to(typed)
        assert typed.removeprefix("#") in window.banners.shown["go"].sentence
    assert window.banners.shown["go"].sentence.startswith("There is no frame"), "all of it has been read"


def test_a_film_opened_again_is_there_at_once_also_after_a_sudden_end(qtbot, world, play: Play) -> None:
    window = play()
    window.close()
    assert window.join(10)
    read = len(world.detectors)
    again = play()
    assert again.playback.player.counts()[1] == 0, "nothing was analysed"
    assert again.deck.bar._strips.covered == again.deck.bar._width()
    assert len(world.detectors) == read + 1
    again.menus.file.aboutToShow.emit()
    assert "MB" in again.menus["forget"].text()
    again.menus["forget"].trigger()
    assert world.cache.size() == 0


def test_nothing_of_a_camera_is_kept(qtbot, world, open_window, tmp_path: Path) -> None:
    world.cache = Cache(tmp_path / "cache")
    window = open_window("0")
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    window.close()
    assert window.join(10)
    assert not (tmp_path / "cache").exists()


def test_the_bar_has_the_colours_of_the_labels(qtbot, play: Play) -> None:
    window = play()
    bar = window.deck.bar
    bar.show_film(window.playback.player.readings, window.playback.player.duration_s, 0.0, at_once=True)
    shown = bar._strips
    assert [face.track_id for face in shown.faces] == [0]
    assert shown.image.width() == bar.width() - GUTTER - 14
    reading = window.playback.player.readings.at(30)
    from app.core.palette import color_of

    colour = shown.image.pixelColor(shown.image.width() // 2, 0)
    assert (colour.red(), colour.green(), colour.blue()) == color_of(reading.faces[0].label)


def test_the_curves_are_those_of_the_chosen_face(qtbot, play: Play) -> None:
    pytest.importorskip("pyqtgraph")
    window = play()
    window.menus.timeline.trigger()
    qtbot.waitUntil(lambda: window.deck.timeline is not None and window.deck.timeline.isVisible(), timeout=WAIT_MS)
    timeline = window.deck.timeline
    readings = window.playback.player.readings
    qtbot.waitUntil(lambda: timeline.curves["anger"][1].xData is not None, timeout=WAIT_MS)
    wanted = readings.series(0)
    for position, (raw, smooth) in enumerate(timeline.curves.values()):
        assert list(smooth.yData) == pytest.approx(list(wanted.smooth[:, position]))
        assert list(raw.yData) == pytest.approx(list(wanted.raw[:, position]))
    assert timeline.plot.viewRange()[1] == pytest.approx([0, 1], abs=0.05)
    window.playback.seek(1.0)
    qtbot.waitUntil(lambda: timeline.needle.value() == pytest.approx(1.0), timeout=WAIT_MS)
    timeline._switches["anger"].click()
    assert not timeline.curves["anger"][0].isVisible()
    timeline.sought.emit(0.4)
    qtbot.waitUntil(lambda: index(window) == 10, timeout=WAIT_MS)
    window.menus.timeline.trigger()
    assert not timeline.isVisible()


def test_a_snapshot_of_a_paused_film_is_saved(qtbot, play: Play, tmp_path: Path) -> None:
    window = play()
    image = window.picture.snapshot()
    assert image.save(str(tmp_path / "a.png"))
    assert not QImage(str(tmp_path / "a.png")).isNull()


def test_the_trial_of_bench_drives_the_window(qtbot, play: Play, tmp_path: Path, monkeypatch) -> None:
    for name, value in (("SEEKS", 4), ("STEPS", 6), ("DRAG_S", 0.4), ("PLAY_S", 0.3), ("LOOKUPS", 40)):
        monkeypatch.setattr(f"app.ui.film_trial.{name}", value)
    from app.ui.film_trial import FilmTrial

    window = play(120)
    window.playback.pause(False)
    monkeypatch.setattr(window.playback.player.readings, "_complete", False)  # as if the analysis were still running
    ended: list[bool] = []
    monkeypatch.setattr(type(window.playback.player), "counts", counting(window.playback.player))
    trial = FilmTrial(window, tmp_path / "film.json", ended.append)
    trial.start()
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    figures = json.loads((tmp_path / "film.json").read_text())
    assert ended == [True], figures
    assert set(figures) == {
        "seek_ms",
        "step_ms",
        "drag_fps",
        "lookup_us",
        "ahead_fps",
        "played_frames",
        "unpainted_frames",
    }
    assert figures["seek_ms"] > 0
    assert figures["lookup_us"]["end"] > 0
    assert figures["played_frames"] >= 2 and 0 <= figures["unpainted_frames"] < figures["played_frames"]


def counting(player) -> Callable[..., tuple[int, int, int]]:
    """Counts of an analysis that goes on; the clip's own ends before anything can be measured."""
    analysed = iter(range(10, 10**9))
    return lambda _: (0, next(analysed), 0)


def test_a_frame_is_shown_as_soon_as_the_player_tells_of_it(qtbot, play: Play) -> None:
    window = play()
    window._pulling.stop()
    window.playback.step(1)
    qtbot.waitUntil(lambda: index(window) == 1, timeout=WAIT_MS)
