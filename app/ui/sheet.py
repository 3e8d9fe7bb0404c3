"""The key sheet, made from the same table as the menus."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.keymap import COMMANDS, MENUS
from app.ui.language import translate

_COLUMNS = (("&File", "F&aces", "&View", "&Help"), ("&Play",))


def key_names(keys: tuple[str, ...]) -> str:
    """Shortcuts as this system writes them.

    >>> key_names(("Space",))
    'Space'
    """
    return "  ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def keys_by_menu() -> dict[str, list[tuple[str, str]]]:
    """Menu -> (text, shortcuts) of every command that has a shortcut."""
    listed: dict[str, list[tuple[str, str]]] = {menu: [] for menu in MENUS}
    for command in COMMANDS:
        if command.keys:
            listed[command.menu].append(
                (translate("keymap", command.text).replace("&", "").rstrip("…"), key_names(command.keys))
            )
    return listed


class KeySheet(QDialog):
    """Lists every shortcut by menu. Not modal; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("sheet", "Keys"))
        columns = QHBoxLayout(self)
        columns.setContentsMargins(26, 22, 26, 22)
        columns.setSpacing(44)
        listed = keys_by_menu()
        for menus in _COLUMNS:
            rows = QVBoxLayout()
            rows.setSpacing(14)
            widest = _widest([words for menu in menus for words, _ in listed[menu]])
            for menu in (menu for menu in menus if listed[menu]):
                rows.addWidget(QLabel(f"<b>{translate('keymap', menu).replace('&', '')}</b>"))
                rows.addLayout(_table(listed[menu], widest))
            if menus == _COLUMNS[0]:
                more = QLabel(
                    translate(
                        "sheet",
                        "Up and Down choose a face.\nShift and dragging on the bar make a loop; the wheel zooms.\n"
                        "Ctrl+1 to Ctrl+9 open a camera, Esc leaves full screen.\n"
                        "In a session, 1 to 8 correct a label and 0 says “not sure”.",
                    )
                )
                more.setObjectName("quiet")
                rows.addWidget(more)
            rows.addStretch(1)
            columns.addLayout(rows)


def _widest(texts: list[str]) -> int:
    """The width of the widest text in pixels, which aligns the shortcuts of all menus."""
    metrics = QFontMetrics(theme.font(13))
    return max(map(metrics.horizontalAdvance, texts), default=0)


def _table(entries: list[tuple[str, str]], widest: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setColumnMinimumWidth(0, widest)
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(4)
    for row, (words, keys) in enumerate(entries):
        grid.addWidget(QLabel(words), row, 0)
        name = QLabel(keys)
        name.setObjectName("quiet")
        grid.addWidget(name, row, 1)
    return grid
