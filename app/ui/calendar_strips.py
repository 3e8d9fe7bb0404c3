"""A month as strips: one row per day, from midnight to midnight, with each minute in the colour of its label."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QDate, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.core.types import UNREADABLE
from app.journal.minutes import DAY_MINUTES, MINUTE_US
from app.journal.periods import Period
from app.sinks.csv_file import NOBODY
from app.ui import theme
from app.ui.labels import label_words
from app.ui.language import locale_in_use, translate

_ROW, _GAP, _TOP, _LEFT, _RIGHT = 13, 4, 20, 66, 74


@dataclass(frozen=True, slots=True)
class Month:
    """The content to paint.

    Attributes:
        days: All days of the month, in order; empty ones if nothing was recorded.
        strips: Day -> minute -> label.
    """

    days: tuple[Period, ...] = ()
    strips: Mapping[date, Mapping[int, str]] = field(default_factory=dict)


def label_colour(label: str) -> QColor:
    """The colour of a label, including those that are not emotions, on the lanes of this page."""
    if label == NOBODY:
        return QColor(theme.FAINT)
    return QColor("#5a5f68") if label == UNREADABLE else theme.color(label)


def label_name(label: str) -> str:
    """The name of a label, including the one for nobody."""
    return translate("journal", "nobody") if label == NOBODY else label_words(label)


def day_name(day: date, pattern: str) -> str:
    """A day in the current language, by a date pattern of Qt."""
    return locale_in_use().toString(QDate(day.year, day.month, day.day), pattern)


def lane_colour() -> QColor:
    """For a day without recordings; it differs from the colours of all labels."""
    return QColor("#262a31") if QColor(theme.SURFACE).lightness() < 128 else QColor("#dde1e8")


class CalendarStrips(QWidget):
    """Paints a month; a click or the up and down keys choose a day.

    Signals:
        chosen: The day.
    """

    chosen = Signal(date)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(translate("journal", "Days of the month"))
        self.setMinimumWidth(560)
        self.month = Month()
        self.day: date | None = None

    def show_month(self, month: Month, day: date | None) -> None:
        """Paint another month, or the same one after a change."""
        self.month, self.day = month, day
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(720, _TOP + 31 * (_ROW + _GAP))  # the same height for every month, so that nothing jumps

    def middle_of(self, day: date) -> int:
        """The centre of a day's row, in pixels from the upper edge."""
        return round(_TOP + (day.day - 0.5) * (_ROW + _GAP))

    def day_at(self, y: float) -> date | None:
        """The day at a position."""
        row = int((y - _TOP) // (_ROW + _GAP))
        return self.month.days[row].first if 0 <= row < len(self.month.days) and y >= _TOP else None

    def minute_at(self, x: float) -> int | None:
        """The minute of the day at a position; None outside the strips."""
        minute = int((x - _LEFT) * DAY_MINUTES / self._inner())
        return minute if x >= _LEFT and minute < DAY_MINUTES else None

    def _inner(self) -> float:
        return max(float(self.width() - _LEFT - _RIGHT), 1.0)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        inner = self._inner()
        painter.setFont(theme.font(10))
        painter.setPen(QColor(theme.QUIET))
        for hour in range(0, 25, 3):
            place = QRectF(_LEFT + inner * hour / 24 - 20, 2, 40, _TOP - 6)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{hour}:00")
        for row, period in enumerate(self.month.days):
            self._paint_day(painter, _TOP + row * (_ROW + _GAP), period, inner)
        for hour in range(6, 24, 6):  # over the strips, to guide the eye
            line = QColor(theme.QUIET)
            line.setAlpha(90)
            painter.fillRect(
                QRectF(_LEFT + inner * hour / 24, _TOP, 1, len(self.month.days) * (_ROW + _GAP) - _GAP), line
            )

    def _paint_day(self, painter: QPainter, top: float, period: Period, inner: float) -> None:
        chosen = period.first == self.day
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(11, bold=chosen))
        painter.setPen(QColor(theme.TEXT if chosen or period.recorded_us else theme.QUIET))
        name = day_name(period.first, "ddd d")
        painter.drawText(QRectF(0, top - 2, _LEFT - 10, _ROW + 4), right, name)
        lane = QRectF(_LEFT, top, inner, _ROW)
        painter.fillRect(lane, lane_colour())
        minutes = self.month.strips.get(period.first, {})
        for first, last, label in runs(minutes):
            thin = 5.0 if label == NOBODY else 0.0
            painter.fillRect(self._place(first, last, top, inner).adjusted(0, thin, 0, -thin), label_colour(label))
        # recorded time has an outline, since its colour may be as pale as the lane
        painter.setPen(QColor(theme.FAINT))
        for first, last, _ in runs(dict.fromkeys(minutes, "")):
            painter.drawRect(self._place(first, last, top, inner).adjusted(-0.5, -0.5, 0.5, 0))
        painter.setPen(QColor(theme.TEXT))
        if period.recorded_us:
            painter.drawText(
                QRectF(self.width() - _RIGHT + 8, top - 2, _RIGHT - 8, _ROW + 4),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                translate("journal", "{minutes} min").format(minutes=round(period.recorded_us / MINUTE_US)),
            )
        if chosen:
            painter.setPen(QPen(QColor(theme.ACCENT), 2 if self.hasFocus() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(lane.adjusted(-1, -1, 0, 0))

    @staticmethod
    def _place(first: int, last: int, top: float, inner: float) -> QRectF:
        width = max(inner * (last - first) / DAY_MINUTES, 1.0)
        return QRectF(_LEFT + inner * first / DAY_MINUTES, top, width, _ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position().y())
        if day is not None:
            self.chosen.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        days = [period.first for period in self.month.days]
        if step is None or not days:
            super().keyPressEvent(event)
            return
        place = days.index(self.day) + step if self.day in days else 0
        self.chosen.emit(days[min(max(place, 0), len(days) - 1)])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, place: QPointF) -> str:
        """The label at a position, for a tooltip; empty outside the strips."""
        day, minute = self.day_at(place.y()), self.minute_at(place.x())
        if day is None or minute is None:
            return ""
        label = self.month.strips.get(day, {}).get(minute)
        shown = translate("journal", "nothing was recorded") if label is None else label_name(label)
        named = day_name(day, translate("journal", "dddd, d MMMM"))
        return f"{named}, {minute // 60}:{minute % 60:02d}\n{shown}"


def runs(minutes: Mapping[int, str]) -> list[tuple[int, int, str]]:
    """Neighbouring minutes of one label: the first, one past the last, and the label.

    >>> runs({5: "fear", 6: "fear", 8: "fear"})
    [(5, 7, 'fear'), (8, 9, 'fear')]
    """
    found: list[tuple[int, int, str]] = []
    for minute, label in sorted(minutes.items()):
        if found and found[-1][1] == minute and found[-1][2] == label:
            found[-1] = (found[-1][0], minute + 1, label)
        else:
            found.append((minute, minute + 1, label))
    return found
