"""Drives for the commands of the window: each one runs a command and waits for its effect."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QLineEdit

from app.player.player import State
from app.ui.export_dialog import ExportDialog
from app.ui.playback import SPEEDS
from app.ui.window import MainWindow
from tests.app.ui.desk import FPS, MIDDLE, Desk, Script

Press = Callable[[], None]
Drive = Callable[[Desk, Press], Script]


def opens(kind: type[QDialog]) -> Drive:
    """The command opens a page, and Escape closes it."""

    def drive(desk: Desk, press: Press) -> Script:
        press()
        yield lambda: any(page.isVisible() for page in desk.window.findChildren(kind))
        (page,) = (page for page in desk.window.findChildren(kind) if page.isVisible())
        QTest.keyClick(page, Qt.Key.Key_Escape)
        yield lambda: not any(page.isVisible() for page in desk.window.findChildren(kind))

    return drive


def moves(start: int, end: int) -> Drive:
    """The command moves the film from one frame to another."""

    def drive(desk: Desk, press: Press) -> Script:
        yield from desk.to(start)
        press()
        yield lambda: desk.at(end)

    return drive


def switches(name: str, on: Callable[[MainWindow], bool]) -> Drive:
    """The command toggles something, and toggles it back."""

    def drive(desk: Desk, press: Press) -> Script:
        before = on(desk.window)
        for wanted in (not before, before):
            yield from desk.front()  # full screen may have moved the focus
            press()
            yield lambda wanted=wanted: on(desk.window) == wanted == desk.window.menus[name].isChecked()

    return drive


def answers(path: Callable[[Desk], Path], there: Callable[[Desk], bool]) -> Drive:
    """The command asks for a file or a folder."""

    def drive(desk: Desk, press: Press) -> Script:
        press()
        yield lambda: bool(desk.window.findChildren(QFileDialog))
        (dialog,) = desk.window.findChildren(QFileDialog)
        yield dialog.isVisible
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path(desk)))
        dialog.accept()
        yield lambda: not desk.window.findChildren(QFileDialog) and there(desk)

    return drive


def types(text: str, there: Callable[[Desk], bool]) -> Drive:
    """The command asks for a text."""

    def drive(desk: Desk, press: Press) -> Script:
        yield from desk.front()
        press()
        yield lambda: bool(desk.window.findChildren(QInputDialog))
        (dialog,) = desk.window.findChildren(QInputDialog)
        dialog.setTextValue(text)
        dialog.accept()
        yield lambda: not desk.window.findChildren(QInputDialog) and there(desk)

    return drive


def then_back(drive: Drive) -> Drive:
    """Drive a command that opens another source, then open the film again."""

    def both(desk: Desk, press: Press) -> Script:
        yield from drive(desk, press)
        yield from desk.open(desk.film)

    return both


def play_and_pause(desk: Desk, press: Press) -> Script:
    yield from desk.to(0)
    press()
    yield lambda: desk.window.playback.playing
    press()
    yield lambda: desk.window.playback.player.state is State.PAUSED


def stop(desk: Desk, press: Press) -> Script:
    yield from desk.to(0)
    desk.window.playback.pause(False)
    press()
    yield lambda: desk.window.playback.player.state is State.PAUSED


def changes_speed(by: int) -> Drive:
    def drive(desk: Desk, press: Press) -> Script:
        desk.window.playback.set_speed(1.0)
        press()
        wanted = SPEEDS[SPEEDS.index(1.0) + by]
        yield lambda: desk.window.playback.speed == wanted
        yield lambda: desk.window.deck.transport.speed.text() == f"{wanted:g}×"
        desk.window.playback.set_speed(1.0)

    return drive


def marks(start: bool, end: bool) -> Drive:
    def drive(desk: Desk, press: Press) -> Script:
        desk.window.playback.mark(None, None) if start or end else desk.window.playback.mark(0.4, 1.6)
        yield from desk.to(MIDDLE)
        press()
        here_s = MIDDLE / FPS
        wanted = (here_s if start else None, here_s if end else None)
        yield lambda: desk.window.playback.marks == pytest.approx(wanted)
        yield lambda: desk.window.deck.transport.loop.isVisible() == (start or end)
        desk.window.playback.mark(None, None)

    return drive


def changes_volume(by: int) -> Drive:
    def drive(desk: Desk, press: Press) -> Script:
        slider = desk.window.deck.transport.volume.slider
        slider.setValue(50)
        press()
        yield lambda: slider.value() == 50 + by and desk.window.playback.volume == pytest.approx(slider.value() / 100)

    return drive


def replay(desk: Desk, press: Press) -> Script:
    before = desk.window.playback.player
    press()
    yield lambda: desk.window.playback.player not in (None, before) and desk.window.picture.result is not None
    yield lambda: desk.window.playback.player.readings.complete


def why(desk: Desk, press: Press) -> Script:
    desk.window.preferences.keep("why", "occlusion")
    yield from desk.to(MIDDLE)
    yield lambda: desk.window.menus["why"].isEnabled()
    press()
    yield lambda: desk.window.side.why.why is not None
    desk.window.side.why.clear()


def zooms(into: bool) -> Drive:
    def drive(desk: Desk, press: Press) -> Script:
        bar, player = desk.window.deck.bar, desk.window.playback.player
        yield lambda: player.readings.complete and bar._store is player.readings
        bar.zoom(1e-6)
        bar.zoom(1.0 if into else 1.6)
        before_s = bar.view_s[1] - bar.view_s[0]
        press()
        yield lambda: bar.view_s[1] - bar.view_s[0] != before_s and (bar.view_s[1] - bar.view_s[0] < before_s) == into
        bar.zoom(1e-6)

    return drive


def sheet(desk: Desk, press: Press) -> Script:
    yield from desk.open(desk.photos)
    yield desk.window.sheet.isVisible
    press()
    yield desk.window.picture.isVisible
    press()
    yield desk.window.sheet.isVisible
    yield from desk.open(desk.film)


def record(desk: Desk, press: Press) -> Script:
    library = desk.window.openers.library()
    before = len(list(library.glob("*/session.json")))
    press()
    yield lambda: len(list(library.glob("*/session.json"))) > before
    yield lambda: "Kept as" in desk.window.banners.shown["record"].sentence


def note(desk: Desk, press: Press) -> Script:
    press()
    yield lambda: "hint" in desk.window.banners.shown
    desk.window.banners.dismiss("hint")
    session = max(path.parent for path in desk.window.openers.library().glob("*/session.json"))
    yield from desk.open(session)
    yield lambda: desk.window.showing.called != ""
    before = len(desk.window.notes.notes)
    yield from types("a smile", lambda desk: len(desk.window.notes.notes) == before + 1)(desk, press)
    assert "a smile" in [note.text for note in desk.window.notes.notes]
    yield from desk.to(MIDDLE)
    yield lambda: desk.window.picture.chosen is not None
    yield from desk.front()
    for number, key in enumerate((Qt.Key.Key_1, Qt.Key.Key_8, Qt.Key.Key_0), 2):
        QTest.keyClick(desk.window, key)
        yield lambda number=number: len(desk.window.notes.notes) == before + number
    labels = desk.window.picture.result.labels
    said = {note.text for note in desk.window.notes.notes if note.kind == "label"}
    assert said == {labels[0], labels[7], "not sure"}, said
    yield from desk.open(desk.film)


def export(desk: Desk, press: Press) -> Script:
    press()
    yield lambda: bool(desk.window.findChildren(ExportDialog))
    (dialog,) = desk.window.findChildren(ExportDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("csv"))
    place = desk.out / f"{len(list(desk.out.iterdir()))}.csv"
    dialog.place.setText(str(place))
    dialog.start.click()
    yield lambda: place.is_file() and dialog.reveal.isVisible()
    dialog.close()
    yield lambda: not desk.window.findChildren(ExportDialog)


def forget(desk: Desk, press: Press) -> Script:
    cache = desk.window.openers.cache()
    yield lambda: cache.size() > 0
    desk.window.menus.file.aboutToShow.emit()
    assert "MB" in desk.window.menus["forget"].text()
    press()
    yield lambda: "cache" in desk.window.banners.shown and cache.size() == 0


def quits(desk: Desk, press: Press) -> Script:
    press()
    yield lambda: not desk.window.isVisible()


def shows_demo(desk: Desk, press: Press) -> Script:
    press()
    yield lambda: desk.window.showing.title == "Demo clip" and desk.window.picture.result is not None


def snapshot(desk: Desk, press: Press) -> Script:
    place = desk.out / f"{len(list(desk.out.iterdir()))}.png"
    yield from answers(lambda _: place, lambda _: place.is_file())(desk, press)


def goes_to(desk: Desk, press: Press) -> Script:
    yield from desk.to(0)
    yield from types(f"{MIDDLE / FPS}", lambda desk: desk.at(MIDDLE))(desk, press)
    yield from types("#3", lambda desk: desk.at(3))(desk, press)


def curves_shown(window: MainWindow) -> bool:
    return window.deck.timeline is not None and window.deck.timeline.isVisible()
