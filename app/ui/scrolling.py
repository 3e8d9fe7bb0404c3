"""Scroll areas for pages that are taller than the screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_BAR = 12


def scrolled(*parts: QWidget) -> QScrollArea:
    """A vertical scroll area with `parts` in a column; Tab goes to the parts, which scroll into view."""
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
