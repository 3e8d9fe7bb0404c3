"""Keyboard focus is visible, and the tab order follows the reading order."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.ui.window import MainWindow

Open = Callable[..., MainWindow]
WAIT_MS = 20_000
PAGES = ("settings", "keys", "welcome", "history", "journal")


@pytest.fixture
def styled(qapp) -> Iterator[None]:
    """Sets the style as `main()` does; it decides how focus is painted."""
    before = qapp.style().objectName()
    qapp.setStyle("Fusion")
    yield
    qapp.setStyle(before)


@pytest.fixture
def window(qtbot, styled: None, open_window: Open) -> MainWindow:
    """A paused film with every optional part: playlist, loop, curves, a banner, a card."""
    window = open_window("long")
    window.menus.timeline.setChecked(True)
    window.playlist.set_specs(["long", "other"])
    qtbot.waitUntil(lambda: any(card.isVisible() for card in window.side.cards), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.deck.timeline is not None and bool(window.deck.timeline.curves), timeout=WAIT_MS)
    window.playback.pause()
    window.playback.mark(1.0, 2.0)
    window.banners.tell("told", "error", "something", [("Try again", lambda: None)])
    qtbot.waitUntil(window.deck.transport.loop.isVisible, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.menus.pause.isChecked(), timeout=WAIT_MS)
    window.activateWindow()
    return window


def names(page: QWidget) -> list[str]:
    """The names in the tab order, once around."""
    reached: list[QWidget] = []
    page.setFocus()
    while True:
        page.focusNextChild()
        part = page.focusWidget()
        if part is None or part in reached:
            return [part.accessibleName() or getattr(part, "text", lambda: "")() for part in reached]
        reached.append(part)


def pixels(part: QWidget) -> np.ndarray:
    image = part.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).copy()


def tabbed(page: QWidget) -> list[QWidget]:
    """Widgets in a page's tab order; the line edit inside a number box shares the box's frame."""
    parts = [part for part in page.findChildren(QWidget) if part.window() is page and part.isVisible()]
    wanted = [part for part in parts if part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [part for part in wanted if not part.objectName().startswith("qt_")]


def unseen(qtbot, page: QWidget) -> list[str]:
    """Widgets that look the same with and without focus."""
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    same = []
    for part in tabbed(page):
        focused = page.focusWidget()
        if focused is not None:
            focused.clearFocus()
        before = pixels(part)
        part.setFocus(Qt.FocusReason.TabFocusReason)
        assert part.hasFocus(), part
        if np.array_equal(before, pixels(part)):
            same.append(f"{type(part).__name__} {part.accessibleName()}")
    return same


def test_the_tab_key_follows_the_eye(window: MainWindow) -> None:
    assert names(window)[:10] == [
        "Opened together",
        "Picture",
        "Try again",
        "Dismiss",
        "To the start",
        "Previous frame",
        "Play",
        "Next frame",
        "To the end",
        "Speed",
    ]
    rest = names(window)[10:]
    legend, card, why = rest.index("anger"), rest.index("Person #0"), rest.index("Why this label")
    assert rest[0] == "End the loop"
    assert 0 < legend < card < why == len(rest) - 4


def test_every_part_shows_that_it_has_the_focus(qtbot, window: MainWindow) -> None:
    assert unseen(qtbot, window) == []
    for name in PAGES:
        window.menus[name].trigger()
    pages = [page for page in QApplication.topLevelWidgets() if isinstance(page, QDialog) and page.isVisible()]
    assert len(pages) == len(PAGES)
    for page in pages:
        assert unseen(qtbot, page) == [], page.windowTitle()


def test_the_tab_key_passes_nothing_over(window: MainWindow) -> None:
    window.menus["settings"].trigger()
    (page,) = window.findChildren(QDialog)
    page.activateWindow()
    assert len(names(page)) == len(tabbed(page))
    assert {"Reset to defaults", "Close"} <= set(names(page))
