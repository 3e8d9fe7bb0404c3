"""Dialogs before something is opened or exported, and the effect of their answers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from app.ui.export_dialog import ExportDialog
from app.ui.keeping import export_session
from app.ui.window import MainWindow
from models.errors import InputError

Open = Callable[..., MainWindow]
WAIT_MS = 20_000


@pytest.fixture
def window(qtbot, open_window: Open) -> MainWindow:
    opened = open_window("long")
    qtbot.waitUntil(lambda: opened.picture.result is not None, timeout=WAIT_MS)
    return opened


def test_several_files_are_listed_and_the_first_is_shown(qtbot, world, window: MainWindow) -> None:
    window.menus["open_file"].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    pictures, everything = dialog.nameFilters()
    assert "*.mp4" in pictures and "*.heic" in pictures and everything.endswith("(*)")
    dialog.filesSelected.emit(["/films/a.mp4", "/films/b.mp4"])
    dialog.close()
    qtbot.waitUntil(lambda: world.specs[-1:] == ["/films/a.mp4"], timeout=WAIT_MS)
    assert window.playlist.isVisible()


def test_a_folder_is_shown_and_one_of_a_model_is_used(qtbot, world, window: MainWindow) -> None:
    window.menus["open_folder"].trigger()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit("/photos")
    dialog.close()
    qtbot.waitUntil(lambda: world.specs[-1:] == ["/photos"], timeout=WAIT_MS)
    window.menus["open_model"].trigger()
    dialog = window.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit("/models/mine")
    dialog.close()
    assert window.choice.model == "/models/mine"


def test_an_address_is_shown_and_an_empty_one_is_not(qtbot, world, window: MainWindow) -> None:
    for typed in ("   ", " rtsp://camera/live "):
        window.menus["open_address"].trigger()
        dialog = window.findChildren(QInputDialog)[-1]
        dialog.setTextValue(typed)
        dialog.accept()
    qtbot.waitUntil(lambda: world.specs[-1:] == ["rtsp://camera/live"], timeout=WAIT_MS)
    assert "" not in world.specs


def test_what_cannot_be_exported_is_told(qtbot, world, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise InputError("readings.csv cannot be read; open another session")

    with monkeypatch.context() as patch:
        patch.setattr("app.ui.exported.film_content", broken)
        window.menus["export"].trigger()
        assert window.banners.shown["export"].sentence.startswith("readings.csv cannot be read")
    window.show_source("0")
    window.menus["export"].trigger()
    assert "open a film first" in window.banners.shown["export"].sentence
    qtbot.waitUntil(lambda: window.playback.player is not None, timeout=WAIT_MS)
    window.menus["export"].trigger()
    assert "record it first" in window.banners.shown["export"].sentence
    assert not window.findChildren(ExportDialog)


def test_a_session_that_cannot_be_read_is_told(window: MainWindow, tmp_path: Path) -> None:
    told: list[str] = []
    assert export_session(window, tmp_path, told.append) is None
    assert len(told) == 1 and str(tmp_path) in told[0]
