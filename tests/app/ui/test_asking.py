"""User actions in a real window, offscreen: choices, keys, dropped files, snapshots."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.player.messages import Choice, Failed, Notice, Opened
from app.player.player import Shown, State
from app.ui.preferences import Preferences
from app.ui.window import MainWindow

Open = Callable[..., MainWindow]
WAIT_MS = 20_000
COPY, LEFT, PLAIN = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def shown(window: MainWindow) -> bool:
    return window.picture.result is not None


def test_only_what_was_chosen_in_the_window_is_remembered(qtbot, world, preferences, open_window: Open) -> None:
    window = open_window("long", Choice("auto", model="runs/student/bundle"))
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus.detector.actions()[2].trigger()
    qtbot.waitUntil(lambda: world.detectors[0].closed == 1, timeout=WAIT_MS)
    assert world.classifiers[0].closed == 0
    assert preferences.choice(Choice()) == Choice("haar"), "the model was for this start alone"


def test_a_dropped_file_is_opened(qtbot, world, open_window: Open) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/films/holiday.mp4")])
    assert window.acceptDrops()
    entering = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, PLAIN)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), COPY, data, LEFT, PLAIN))
    qtbot.waitUntil(lambda: world.specs[-1:] == ["/films/holiday.mp4"], timeout=WAIT_MS)


def test_a_snapshot_is_of_the_moment_when_it_was_asked_for(qtbot, open_window: Open, hold, tmp_path: Path) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    hold(window)
    then = window.picture.snapshot()
    window.menus["snapshot"].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    window.picture.show_result(None)
    dialog.fileSelected.emit(str(tmp_path / "a.png"))
    assert QImage(str(tmp_path / "a.png")).convertToFormat(then.format()) == then
    dialog.fileSelected.emit(str(tmp_path / "no folder" / "a.png"))
    assert "cannot be written" in window.banners.shown["snapshot"].sentence
    dialog.close()


def test_a_paused_file_stands_still_behind_a_slow_detector(qtbot, world, open_window: Open, hold) -> None:
    world.detect_s = 0.05
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    hold(window, 5)
    read = window.playback.player.counts()[1]
    qtbot.waitUntil(lambda: window.playback.player.counts()[1] > read + 6, timeout=WAIT_MS)
    assert window.picture.result.frame.index == 5, "the analysis goes on alone"
    window.menus.pause.trigger()
    qtbot.waitUntil(lambda: window.picture.result.frame.index > 5, timeout=WAIT_MS)


def test_both_sentences_of_a_first_start_stay(qtbot, open_window: Open) -> None:
    window = open_window(None, Choice("auto"))
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    told = {key: banner.sentence for key, banner in window.banners.shown.items()}
    assert told["detector"] == "Faces are found with Haar."
    assert "demo clip" in told["source"]


def test_the_arrow_keys_go_through_the_people(qtbot, open_window: Open, hold, result_of) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    hold(window)
    three = Shown(result_of((0, 0, 60), (70, 0, 20), (100, 0, 20)), False, 0.0)
    with qtbot.waitSignal(window.picture.changed):
        window.picture.show_result(three)
    cards = [card for card in window.side.cards if card.isVisible()]
    assert [card.person.chosen for card in cards] == [True, False, False], "the largest face"
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Down)
    assert window.focusWidget() is cards[1]
    qtbot.keyClick(cards[1], Qt.Key.Key_Space)
    assert [card.person.chosen for card in cards] == [False, True, False]
    assert window.picture.chosen == 1
    assert window.playback.player.state is State.PAUSED, "Space belongs to the card"


def test_escape_leaves_full_screen_and_nothing_else(qtbot, open_window: Open) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible() and not window.isFullScreen()
    window.menus.full_screen.setChecked(True)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen() and not window.menus.full_screen.isChecked()


def test_nothing_of_the_former_source_is_shown_any_more(qtbot, world, open_window: Open, result_of) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    former, info, player = window.following._run, window.showing.info, window.playback.player
    assert info is not None and info.live
    gate = threading.Event()
    world.make_source = lambda spec: world.a_source(spec) if gate.wait(10) else None
    window.show_source("short")
    window.menus.pause.trigger()
    assert window.picture.badge is None, "nobody knows yet whether it is live"
    assert window.session is not None
    window.session.post.put(Opened(former, "0", info, player))
    window.session.post.put(Failed(former, "source", "it was lost", "0"))
    window.session.post.put(Notice("last", "all were taken"))
    qtbot.waitUntil(lambda: "last" in window.banners.shown, timeout=WAIT_MS)
    assert not shown(window) and window.showing.info is None and not window.showing.ended
    gate.set()
    qtbot.waitUntil(lambda: window.showing.info is not None, timeout=WAIT_MS)


def test_a_source_that_is_paused_before_it_is_open_stays_paused(qtbot, world, open_window: Open) -> None:
    world.load.clear()
    window = open_window()
    qtbot.waitUntil(lambda: window.session is not None, timeout=WAIT_MS)
    window.menus.pause.trigger()
    world.load.set()
    qtbot.waitUntil(lambda: window.showing.info is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown(window) and not window.picture.shown.provisional, timeout=WAIT_MS)
    with qtbot.assertNotEmitted(window.picture.changed, wait=100):  # the duration of three frames
        assert window.picture.result.frame.index == 0
    assert window.playback.player.state is State.PAUSED


def test_the_place_is_kept_in_a_file_beside_another_for_timings(tmp_path: Path) -> None:
    Preferences.next_to(tmp_path / "timings.json").keep_detector("haar")
    assert (tmp_path / "timings.ini").is_file()


def test_a_camera_is_shown_as_soon_as_it_tells_of_a_frame(qtbot, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window._pulling.stop()
    with qtbot.waitSignals([window.picture.changed] * 3, timeout=WAIT_MS):
        pass


def test_names_with_an_ampersand_are_shown_whole_and_paths_are_told(preferences, open_window: Open) -> None:
    preferences.keep_recent("/films/Ben & Ann.mp4")
    (action,) = open_window().menus.recent.actions()
    assert action.text() == "Ben && Ann.mp4"
    assert action.toolTip() == "/films/Ben & Ann.mp4"
    assert open_window().menus.recent.toolTipsVisible()


def test_screen_readers_are_told_of_the_faces_of_what_stands_still(qtbot, open_window: Open) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window) and bool(window.picture.result.faces), timeout=WAIT_MS)
    assert "keys up and down" in window.picture.accessibleDescription()
    window.menus.pause.trigger()
    qtbot.waitUntil(lambda: "#0" in window.picture.accessibleDescription(), timeout=WAIT_MS)


def test_several_dropped_together_are_listed_at_the_side(qtbot, world, open_window: Open) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    assert not window.playlist.isVisible()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(f"/films/{name}.mp4") for name in "abc"] + [QUrl("rtsp://host/live")])
    for event in (
        QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, PLAIN),
        QDropEvent(QPointF(5, 5), COPY, data, LEFT, PLAIN),
    ):
        QApplication.sendEvent(window, event)
        assert event.isAccepted()
    qtbot.waitUntil(lambda: world.specs[-1:] == ["/films/a.mp4"], timeout=WAIT_MS)
    assert window.playlist.isVisible()
    assert [window.playlist.item(row).text() for row in range(4)] == ["a.mp4", "b.mp4", "c.mp4", "rtsp://host/live"]
    window.activateWindow()
    window.playlist.setFocus()
    QTest.keyClick(window.playlist, Qt.Key.Key_Down)
    QTest.keyClick(window.playlist, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: world.specs[-1:] == ["/films/b.mp4"], timeout=WAIT_MS)
    assert window.playlist.currentRow() == 1, "the list stays and says which one is shown"
    window.show_source("other")
    assert not window.playlist.isVisible(), "a source of another list takes it away"
