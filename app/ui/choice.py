"""Combo box and spin box with painted arrows, because a style sheet removes those of Qt."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from app.ui import theme

_ROOM = 22
"""Width of the arrows in pixels; the style sheet leaves it free."""


class ChoiceBox(QComboBox):
    """A combo box."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_arrow(self, QRectF(self.width() - _ROOM - 2, 0, _ROOM, self.height()), down=True)


class NumberBox(QSpinBox):
    """A spin box for integers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(7, 0, 0, 0)  # a style sheet's padding does not reach it

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        half = self.height() / 2 - 2
        for down in (False, True):
            top = self.height() / 2 if down else 2.0
            _paint_arrow(self, QRectF(self.width() - _ROOM - 2, top, _ROOM, half), down=down)


def _paint_arrow(box: QWidget, place: QRectF, *, down: bool) -> None:
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.QUIET if box.isEnabled() else theme.FAINT), 1.5))
    middle, deep = place.center(), 2.0 if down else -2.0
    corners = [QPointF(middle.x() + x, middle.y() + y) for x, y in ((-4, -deep), (0, deep), (4, -deep))]
    painter.drawPolyline(corners)
    painter.end()
