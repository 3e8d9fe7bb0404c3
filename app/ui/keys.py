"""Keys that a focused widget handles itself although they are also shortcuts of the window."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

MOVES = (
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class _Keeper(QObject):
    def __init__(self, part: QWidget, keys: tuple[Qt.Key, ...]) -> None:
        super().__init__(part)
        self._keys = keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in self._keys
            and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return False


def keep_keys(part: QWidget, *keys: Qt.Key) -> None:
    """Let a focused widget handle `keys` without modifiers, instead of the window's shortcuts."""
    part.installEventFilter(_Keeper(part, keys))


def keep_space(button: QWidget) -> None:
    """Let Space press a focused button instead of pausing playback."""
    keep_keys(button, Qt.Key.Key_Space)
