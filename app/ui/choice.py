"""Boxes to choose from and to count in, with arrows that are painted: a style sheet takes Qt's own ones away."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from app.ui import theme

_ROOM = 22
"""Pixels at the right that the arrows have; the style sheet leaves them free."""


class ChoiceBox(QComboBox):
    """One of several."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_arrow(self, QRectF(self.width() - _ROOM - 2, 0, _ROOM, self.height()), down=True)


class NumberBox(QSpinBox):
    """A whole number."""

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
