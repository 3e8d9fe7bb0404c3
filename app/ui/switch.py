"""A check box painted as a switch: Qt's own is hard to see on a dark surface."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from app.ui import theme

_WIDE, _HIGH = 34, 18


class Switch(QCheckBox):
    """A switch with its text on the right, which starts `TEXT` pixels from the left edge."""

    TEXT = _WIDE + 14

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(self.TEXT + metrics.horizontalAdvance(self.text()) + 6, max(_HIGH, metrics.height()) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = QRectF(3, (self.height() - _HIGH) / 2, _WIDE, _HIGH)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.ACCENT), 1.5))
            painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), _HIGH / 2 + 2, _HIGH / 2 + 2)
        painter.setPen(QPen(QColor(theme.ACCENT if on else theme.FAINT), 1))
        painter.setBrush(QColor(theme.ACCENT if on else theme.RAISED))
        painter.drawRoundedRect(track, _HIGH / 2, _HIGH / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.SURFACE if on else theme.FAINT))
        middle = track.right() - _HIGH / 2 if on else track.left() + _HIGH / 2
        painter.drawEllipse(QPointF(middle, track.center().y()), _HIGH / 2 - 4, _HIGH / 2 - 4)
        painter.setPen(QColor(theme.TEXT))
        painter.setFont(self.font())
        place = QRectF(self.TEXT, 0, self.width() - self.TEXT, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()
