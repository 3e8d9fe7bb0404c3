"""Parts of a page that scroll up and down where the screen is too low for them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_BAR = 12


def scrolled(*parts: QWidget) -> QScrollArea:
    """An area with parts below each other; the Tab key goes to these, which are scrolled to, not to the area."""
    inside = QWidget()
    inside.setObjectName("page")
    rows = QVBoxLayout(inside)
    rows.setContentsMargins(0, 0, _BAR, 0)
    for part in parts:
        rows.addWidget(part)
    rows.addStretch(1)
    area = QScrollArea()
    area.setObjectName("page")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
