"""The contact sheet of a folder: lazy reading, sorting, keyboard control."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app.player.messages import Choice
from app.player.player import State
from app.sources import thumbnails
from app.sources.folder import PictureFolder
from app.ui import contact_model
from app.ui.contact_model import FACES, FAILED, PLACE, PictureModel
from app.ui.window import MainWindow

Folder = Callable[..., Path]
WAIT_MS = 20_000


@pytest.fixture
def folder(tmp_path: Path, fakes) -> Folder:
    """`folder(level, ...)` stores pictures of one square each; None makes a damaged one, 0 one without a face."""

    def make(*levels: int | None) -> Path:
        path = tmp_path / "photos"
        path.mkdir()
        for number, level in enumerate(levels):
            file = path / f"photo {number}.png"
            if level is None:
                file.write_text("a text named .png")
            else:
                squares = ((10 * number % 100, 40, 40),) if level else ()
                cv2.imwrite(str(file), fakes.picture(*squares, level=level or 200))
        return path

    return make


@pytest.fixture
def browse(qtbot, world: Any, open_window: Callable[..., MainWindow]) -> Callable[[Path], MainWindow]:
    """Opens the window on a folder and waits for its contact sheet."""

    def one(path: Path) -> MainWindow:
        world.make_source = lambda spec: PictureFolder(spec, 0)
        window = open_window(str(path), Choice("haar"))
        qtbot.waitUntil(lambda: window.menus["sheet"].isEnabled(), timeout=WAIT_MS)
        return window

    return one


def read(qtbot, window: MainWindow, count: int) -> None:
    qtbot.waitUntil(lambda: len(window.playback.player.readings) == count, timeout=WAIT_MS)


def names(window: MainWindow) -> list[str]:
    model = window.sheet.pictures
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_a_folder_opens_as_a_sheet_with_each_faces_label(qtbot, folder: Folder, browse) -> None:
    window = browse(folder(140, 200, 0, None, 200))
    assert window.sheet.isVisible()
    assert window.playback.player.state is State.PAUSED
    read(qtbot, window, 4)
    model = window.sheet.pictures
    qtbot.waitUntil(lambda: all(row in model._small for row in range(5)), timeout=WAIT_MS)
    texts = [str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(5)]
    assert texts == [
        "photo 0.png: happiness",
        "photo 1.png: neutral",
        "photo 2.png: nobody",
        "photo 3.png: cannot be read",
        "photo 4.png: neutral",
    ], "a damaged picture shifts nobody else's label"
    assert [model.index(row).data(FAILED) for row in range(5)] == [False, False, False, True, False]
    assert isinstance(model.index(0).data(Qt.ItemDataRole.DecorationRole), QImage)
    assert not window.grab().isNull()


def test_pictures_are_sorted_by_emotion_and_by_name(qtbot, folder: Folder, browse) -> None:
    window = browse(folder(0, 200, 140, None, 200, 140))
    read(qtbot, window, 5)
    window.sheet.mark(2)
    window.sheet.order.setCurrentIndex(window.sheet.order.findData("emotion"))
    assert names(window) == [f"photo {number}.png" for number in (2, 5, 1, 4, 0, 3)]
    assert window.sheet.list.currentIndex().data() == "photo 2.png", "what is marked stays marked"
    window.sheet.order.setCurrentIndex(window.sheet.order.findData("name"))
    assert names(window) == [f"photo {number}.png" for number in range(6)]


def test_enter_and_a_double_click_open_a_picture_and_escape_returns(qtbot, folder: Folder, browse) -> None:
    window = browse(folder(140, None, 200, 140, 200))
    view = window.sheet.list
    qtbot.waitUntil(view.hasFocus, timeout=WAIT_MS)
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.currentIndex().data(PLACE) == 3
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert not window.sheet.isVisible()
    qtbot.waitUntil(lambda: window.picture.result.frame.name == "photo 3.png", timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.picture.result.frame.name == "photo 4.png", timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.sheet.isVisible()
    assert view.currentIndex().data(PLACE) == 4
    rect = view.visualRect(window.sheet.pictures.index(0))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.waitUntil(lambda: window.picture.result.frame.name == "photo 0.png", timeout=WAIT_MS)
    assert not window.sheet.isVisible()


def test_films_have_no_sheet_and_another_source_takes_it_away(qtbot, world, folder: Folder, browse) -> None:
    window = browse(folder(140, 200))
    world.make_source = world.a_source
    window.show_source("long")
    assert not window.sheet.isVisible()
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    assert not window.menus["sheet"].isEnabled()


def test_the_sheet_waits_for_its_key_where_settings_say_so(qtbot, preferences, folder: Folder, browse) -> None:
    preferences.keep("open_sheet", False)
    window = browse(folder(140, 200))
    assert not window.sheet.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert window.sheet.isVisible()
    wide = window.sheet.list.visualRect(window.sheet.pictures.index(0)).width()
    preferences.keep("thumbnail", 300)
    window.applying.apply("thumbnail")
    assert window.sheet.list.visualRect(window.sheet.pictures.index(0)).width() == wide + 140


def test_two_thousand_pictures_are_read_as_they_are_seen(qtbot, monkeypatch, tmp_path: Path) -> None:
    threads: set[threading.Thread] = set()
    read: list[Path] = []

    def small(path: Path, side: int) -> np.ndarray:
        threads.add(threading.current_thread())
        read.append(path)
        return np.zeros((side * 3 // 4, side, 3), np.uint8)

    monkeypatch.setattr(thumbnails, "read_thumbnail", small)
    monkeypatch.setattr(contact_model, "KEPT_BYTES", 4 * 2**20)
    from app.ui.contact import ContactSheet

    sheet = ContactSheet()
    qtbot.addWidget(sheet)
    sheet.resize(900, 600)
    sheet.set_width(160)
    sheet.show_folder(tmp_path, tuple(tmp_path / f"{number}.jpg" for number in range(2000)), lambda place: None)
    sheet.show()
    qtbot.waitUntil(lambda: tmp_path / "0.jpg" in read, timeout=WAIT_MS)
    assert len(read) < 200, "only what is seen"
    bar = sheet.list.verticalScrollBar()
    for share in np.linspace(0, 1, 60):
        bar.setValue(round(share * bar.maximum()))
        sheet.list.viewport().repaint()  # requests the pictures that are visible there
    qtbot.waitUntil(lambda: 1999 in sheet.pictures._small, timeout=WAIT_MS)
    assert threading.current_thread() not in threads
    assert 0 < sheet.pictures.kept_bytes <= 4 * 2**20


def test_a_picture_that_was_forgotten_is_read_again(qtbot, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(thumbnails, "read_thumbnail", lambda path, side: np.zeros((side, side, 3), np.uint8))
    monkeypatch.setattr(contact_model, "KEPT_BYTES", 3 * 160 * 160 * 4)
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    model = PictureModel(parent)
    model.show_folder(tmp_path, tuple(tmp_path / f"{number}.jpg" for number in range(8)), lambda place: None)
    for row in (*range(8), 0):
        index = model.index(row)
        qtbot.waitUntil(lambda index=index: index.data(Qt.ItemDataRole.DecorationRole) is not None, timeout=WAIT_MS)
        assert len(model._small) <= 3
    assert model.index(0).data(FACES) is None
