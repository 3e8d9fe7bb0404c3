"""Keys that a focused button keeps for itself although they are also a shortcut of the window."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class _SpaceKeeper(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            event.accept()
            return True
        return False


def keep_space(button: QWidget) -> None:
    """Let Space press the button while it has the focus, instead of pausing."""
    button.installEventFilter(_SpaceKeeper(button))
