"""Small controls that several pages share."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def quiet_label(text: str = "") -> QLabel:
    """A wrapped label for explanations and messages, in the quiet style; its text is never taken for markup."""
    label = QLabel(text)
    label.setObjectName("quiet")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
