"""Volume controls of a film: a mute button and a slider."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from app.ui import theme
from app.ui.keys import keep_space
from app.ui.language import translate

_STEPS, _KEY_STEP = 100, 10
_WIDTH = 84


class Volume(QWidget):
    """Shows and changes a film's volume.

    Args:
        mute: The checkable action that mutes; kept in sync with the button.

    Signals:
        chosen: The volume, 0..1.
    """

    chosen = Signal(float)

    def __init__(self, mute: QAction) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.button = _Loudspeaker()
        self.button.setCheckable(True)
        self.button.setAccessibleName(translate("volume", "Mute"))
        self.button.setToolTip(translate("volume", "Mute ({keys})").format(keys=mute.shortcut().toString()))
        self.button.toggled.connect(mute.setChecked)
        mute.toggled.connect(self.button.setChecked)
        keep_space(self.button)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_KEY_STEP)
        self.slider.setFixedWidth(_WIDTH)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setAccessibleName(translate("volume", "Volume"))
        self.slider.valueChanged.connect(self._changed)
        row.addWidget(self.button)
        row.addWidget(self.slider)

    def show_level(self, level: float) -> None:
        """Show a volume, 0..1."""
        self.slider.setValue(round(level * _STEPS))

    def step(self, steps: int) -> None:
        """Change the volume by steps of a tenth; negative is quieter."""
        self.slider.setValue(self.slider.value() + steps * _KEY_STEP)

    def _changed(self, value: int) -> None:
        self.slider.setToolTip(translate("volume", "Volume {value} %").format(value=value))
        self.chosen.emit(value / _STEPS)


class _Loudspeaker(QToolButton):
    """A loudspeaker, crossed out while muted. Painted, because not every font has the symbol."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("transport")

    def sizeHint(self) -> QSize:
        return QSize(34, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(theme.TEXT)
        painter.translate(self.width() / 2 - 8, self.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        corners = ((0, -2.5), (3, -2.5), (7, -6), (7, 6), (3, 2.5), (0, 2.5))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1.6))
        if self.isChecked():
            painter.drawLine(QPointF(10, -3), QPointF(16, 3))
            painter.drawLine(QPointF(10, 3), QPointF(16, -3))
        else:
            for radius in (4.0, 8.0):  # Qt counts sixteenths of a degree
                painter.drawArc(QRectF(7 - radius, -radius, 2 * radius, 2 * radius), -50 * 16, 100 * 16)
        painter.end()
