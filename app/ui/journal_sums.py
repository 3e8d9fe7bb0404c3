"""A small table of minutes per label for a day, its week and its month."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.commands.journal import labels_of
from app.journal.minutes import MINUTE_US
from app.journal.periods import Period
from app.ui import theme
from app.ui.calendar_strips import label_colour, label_name
from app.ui.language import locale_in_use, translate

_SWATCH = 10


class JournalSums(QWidget):
    """One row per period, one column per label that occurs in any of them."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 14, 0, 6)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(3)

    def show_periods(self, periods: Sequence[tuple[str, Period | None]]) -> None:
        """Replace the table by rows of (name, period); None means that nothing was recorded."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        there = [period for _, period in periods if period is not None]
        labels = [label for label in labels_of(there) if any(period.spent_us.get(label) for period in there)]
        self._grid.addWidget(QLabel(translate("journal", "minutes")), 0, 0)
        for place, label in enumerate(labels, 1):
            self._grid.addWidget(_Legend(label), 0, place)
        self._grid.addWidget(_right(translate("journal", "recorded")), 0, len(labels) + 1)
        for row, (name, period) in enumerate(periods, 1):
            self._grid.addWidget(QLabel(name), row, 0)
            for place, label in enumerate(labels, 1):
                self._grid.addWidget(
                    _right(_minutes(None if period is None else period.spent_us.get(label, 0))), row, place
                )
            self._grid.addWidget(_right(_minutes(None if period is None else period.recorded_us)), row, len(labels) + 1)
        for place in range(self._grid.columnCount()):
            self._grid.setColumnStretch(place, int(place == len(labels) + 2))


class _Legend(QLabel):
    """A label's name after a square in its colour, which is outlined because pale colours are hard to see."""

    def __init__(self, label: str) -> None:
        super().__init__(label_name(label))
        self._colour = label_colour(label)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setContentsMargins(_SWATCH + 6, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.FAINT))
        painter.setBrush(self._colour)
        left = self.width() - self.fontMetrics().horizontalAdvance(self.text()) - _SWATCH - 6
        painter.drawRect(QRectF(left + 0.5, (self.height() - _SWATCH) / 2 + 0.5, _SWATCH - 1, _SWATCH - 1))
        painter.end()


def _right(text: str) -> QLabel:
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    return label


def _minutes(us: int | None) -> str:
    return "–" if us is None else locale_in_use().toString(us / MINUTE_US, "f", 1)
