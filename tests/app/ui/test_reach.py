"""Every focusable widget has an accessible name and can be reached with Tab."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.sources.folder import PictureFolder
from app.ui.cards import PersonCard
from app.ui.window import MainWindow

Open = Callable[..., MainWindow]
WAIT_MS = 20_000


def focusable(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield widget


def name_of(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton | QLabel) else "")


def described(window: QWidget) -> list[str]:
    """Focusable widgets without a name; those that Qt creates inside others take the name of their parent."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in focusable(window)
        if not name_of(widget) and not widget.objectName().startswith("qt_") and not inside_a_named(widget)
    ]


def inside_a_named(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return parent is not None and bool(parent.accessibleName())


def test_every_part_of_the_window_has_a_name(qtbot, open_window: Open) -> None:
    window = open_window("long")
    window.menus.timeline.setChecked(True)
    qtbot.waitUntil(lambda: window.deck.timeline is not None and window.deck.timeline.isVisible(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: any(card.isVisible() for card in window.side.cards), timeout=WAIT_MS)
    assert described(window) == []
    for name in ("settings", "keys", "welcome"):
        window.menus[name].trigger()
    pages = [page for page in QApplication.topLevelWidgets() if page.isVisible()]
    assert len(pages) >= 4, "the window and its pages"
    for page in pages:
        assert described(page) == [], page.windowTitle()


@pytest.mark.parametrize("sheet", [False, True])
def test_the_tab_key_reaches_every_part(
    qtbot, world, open_window: Open, hold, tmp_path: Path, fakes, sheet: bool
) -> None:
    import cv2

    if sheet:
        for number in range(2):
            cv2.imwrite(str(tmp_path / f"{number}.png"), fakes.picture((40, 40, 40)))
        world.make_source = lambda spec: PictureFolder(spec, 0)
    window = open_window(str(tmp_path) if sheet else "long")
    qtbot.waitUntil(lambda: any(card.isVisible() for card in window.side.cards), timeout=WAIT_MS)
    if sheet:
        qtbot.waitUntil(window.sheet.isVisible, timeout=WAIT_MS)
    else:
        hold(window)
    window.activateWindow()
    reached: list[QWidget] = []
    for _ in range(60):
        window.focusNextChild()
        widget = window.focusWidget()
        if widget is None or widget in reached:
            break
        reached.append(widget)
    wanted = [widget for widget in focusable(window) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    missed = {type(widget).__name__ for widget in wanted} - {type(widget).__name__ for widget in reached}
    assert not missed
    assert any(isinstance(widget, PersonCard) for widget in reached)


def test_the_smallest_window_has_room_for_everything(qtbot, open_window: Open) -> None:
    window = open_window("long")
    window.menus.timeline.setChecked(True)
    qtbot.waitUntil(lambda: window.deck.timeline is not None and bool(window.deck.timeline.curves), timeout=WAIT_MS)
    window.playback.mark(1.0, 2.0)
    window.resize(window.minimumSize())
    qtbot.waitUntil(window.deck.transport.loop.isVisible, timeout=WAIT_MS)

    def cut_off() -> list[QWidget]:
        transport, timeline = window.deck.transport, window.deck.timeline
        parts = [
            window.picture,
            window.deck.bar,
            transport.clock,
            transport.loop,
            timeline,
            *timeline._switches.values(),
        ]
        inside = window.centralWidget().rect()
        places = [QRect(part.mapTo(window.centralWidget(), QPoint()), part.size()) for part in parts]
        return [part for part, place in zip(parts, places, strict=True) if not inside.contains(place)]

    loop = window.deck.transport.loop
    qtbot.waitUntil(lambda: cut_off() == [], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: loop.width() >= loop.sizeHint().width(), timeout=WAIT_MS)
    assert window.picture.height() >= 200
