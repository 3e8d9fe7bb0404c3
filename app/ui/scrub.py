"""The bar under a film: each face's labels over time, the progress of the analysis, and the position."""

import time

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.core.store import ReadingStore
from app.ui import theme
from app.ui.flags import Flag, flag_at, paint_flags
from app.ui.language import translate
from app.ui.shapes import hatching
from app.ui.strips import Strips, strips
from app.ui.words import moment, reading_text

GUTTER, EDGE, TOP, ROW, GAP, NOBODY = 74, 14, 12, 14, 4, 5
REFRESH_S = 0.3
ZOOM, LEAST_S = 1.4, 2.0
"""Factor of one zoom step, and the shortest visible range in seconds."""


class ScrubBar(QWidget):
    """One row per face in the colours of its labels, hatching over the part not yet analysed, and a cursor.

    The wheel zooms; a line below then shows which part of the film is visible. A double click shows all of it.

    Signals:
        sought: A time in seconds, repeatedly while the mouse is dragged.
        held: The mouse was pressed (True) or released (False).
        stretch: Start and end, in seconds, of a range drawn with Shift.
    """

    sought = Signal(float)
    held = Signal(bool)
    stretch = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(translate("scrub", "Position"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.marks: tuple[float | None, float | None] = (None, None)
        self.flags: tuple[Flag, ...] = ()
        self._store: ReadingStore | None = None
        self._duration_s = 0.0
        self._position_s = 0.0
        self._view_s: tuple[float, float] | None = None
        self._strips: Strips | None = None
        self._back: QPixmap | None = None
        self._drawn: tuple[int, int, tuple[float, float], int] | None = None
        self._drawn_s = 0.0
        self._from_s: float | None = None
        self._dragging = False
        self.chosen: int | None = None

    def sizeHint(self) -> QSize:
        rows = 1 if self._strips is None else max(len(self._strips.faces), 1)
        return QSize(400, TOP + rows * (ROW + GAP) + NOBODY + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def show_film(
        self, store: ReadingStore | None, duration_s: float, position_s: float, *, at_once: bool = False
    ) -> None:
        """Show a film's readings and position. Rows are redrawn at most every `REFRESH_S` seconds, unless `at_once`."""
        changed = store is not self._store
        self._store, self._duration_s = store, max(duration_s, 1e-3)
        if store is None:
            self._view_s = None
        changed = self._follow(position_s) or changed
        if changed or at_once or time.monotonic() - self._drawn_s > REFRESH_S:
            self._refresh()
        if position_s != self._position_s:
            self._position_s = position_s
            self.setAccessibleDescription(
                translate("scrub", "{position} of {duration}").format(
                    position=moment(position_s), duration=moment(duration_s)
                )
            )
            self.update()

    @property
    def view_s(self) -> tuple[float, float]:
        """The visible range: start and end in seconds."""
        return self._view_s or (0.0, self._duration_s)

    def zoom(self, factor: float, around_s: float | None = None) -> None:
        """Shorten the visible range by a factor (below 1: extend it) around a time; by default around the cursor."""
        start_s, end_s = self.view_s
        middle_s = self._position_s if around_s is None else around_s
        span_s = max((end_s - start_s) / factor, min(LEAST_S, self._duration_s))
        if span_s >= self._duration_s or self._store is None:
            self._view_s = None
        else:
            share = min(max((middle_s - start_s) / (end_s - start_s), 0.0), 1.0)
            first_s = min(max(middle_s - share * span_s, 0.0), self._duration_s - span_s)
            self._view_s = (first_s, first_s + span_s)
        self._refresh()

    def _follow(self, position_s: float) -> bool:
        """Move the visible range if the position has left it; True if it moved."""
        start_s, end_s = self.view_s
        if self._view_s is None or self._dragging or start_s <= position_s <= end_s:
            return False
        span_s = end_s - start_s
        first_s = min(max(position_s - span_s / 5, 0.0), max(self._duration_s - span_s, 0.0))
        self._view_s = (first_s, first_s + span_s)
        return True

    def redraw(self) -> None:
        """Redraw everything, for example after a change of colours."""
        self._drawn = None
        self._refresh()

    def _refresh(self) -> None:
        store = self._store
        facts = (id(store), 0 if store is None else len(store), self.view_s, self._width())
        if facts == self._drawn or self._width() < 2:
            return
        self._drawn, self._drawn_s = facts, time.monotonic()
        before = 0 if self._strips is None else len(self._strips.faces)
        self._strips = None if store is None else strips(store, *self.view_s, self._width(), self.chosen)
        self._back = None
        if before != (0 if self._strips is None else len(self._strips.faces)):
            self.updateGeometry()
        self.update()

    def _width(self) -> int:
        return self.width() - GUTTER - EDGE

    def x_of(self, time_s: float) -> float:
        """The x coordinate of a time in seconds, limited to the visible range."""
        start_s, end_s = self.view_s
        share = (time_s - start_s) / (end_s - start_s) if end_s > start_s else 0.0
        return GUTTER + min(max(share, 0.0), 1.0) * self._width()

    def time_of(self, x: float) -> float:
        """The time in seconds at an x coordinate, limited to the visible range."""
        start_s, end_s = self.view_s
        return start_s + min(max((x - GUTTER) / max(self._width(), 1), 0.0), 1.0) * (end_s - start_s)

    def _sees(self, time_s: float) -> bool:
        """Whether a time lies in the visible range."""
        return self.view_s[0] <= time_s <= self.view_s[1]

    # Qt events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._back = None
        self._refresh()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._strips is not None:
            if self._back is None:
                self._back = self._draw(self._strips)
            painter.drawPixmap(0, 0, self._back)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_marks(painter)
            paint_flags(painter, self.flags, self.view_s, self.x_of, self.height())
            if self._sees(self._position_s):
                x = self.x_of(self._position_s)
                painter.setPen(QPen(QColor(theme.TEXT), 2))
                painter.drawLine(QPointF(x, 6), QPointF(x, self.height() - 2))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.TEXT))
                painter.drawEllipse(QPointF(x, 6), 4.5, 4.5)
        painter.end()

    def _draw(self, shown: Strips) -> QPixmap:
        """Everything but the cursor, the marks and the flags."""
        ratio = self.devicePixelRatioF()
        pixels = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixels.setDevicePixelRatio(ratio)
        pixels.fill(QColor(theme.SURFACE))
        painter = QPainter(pixels)
        width, rows = self._width(), max(len(shown.faces), 1)
        lanes = QRectF(GUTTER, TOP, width, rows * (ROW + GAP) - GAP)
        for row in range(rows):
            lane = QRectF(GUTTER, TOP + row * (ROW + GAP), width, ROW)
            painter.fillRect(lane, QColor(theme.RAISED))
            # the analysed part has a ground on which "neutral", which is nearly white, can be seen
            painter.fillRect(QRectF(GUTTER, lane.top(), shown.covered, ROW), QColor(theme.LINE))
            if shown.faces:
                painter.drawImage(lane, shown.image, QRectF(0, row, width, 1))
                self._name(painter, f"#{shown.faces[row].track_id}", lane, shown.faces[row].track_id == self.chosen)
        if not shown.faces and shown.covered:
            self._name(painter, translate("scrub", "nobody"), lanes, False)
        elif shown.more:
            text = QRectF(8, lanes.bottom(), GUTTER - 12, NOBODY + 8)
            painter.setFont(theme.font(10))
            painter.setPen(QColor(theme.QUIET))
            painter.drawText(
                text,
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                translate("scrub", "+ {count} more").format(count=shown.more),
            )
        base = lanes.bottom() + 2
        for first, last in shown.nobody:
            painter.fillRect(QRectF(GUTTER + first, base, last - first, NOBODY - 2), QColor(theme.QUIET))
        if self._view_s is not None:
            start, end = (moment_s / self._duration_s * width for moment_s in self._view_s)
            painter.fillRect(QRectF(GUTTER, self.height() - 2, width, 2), QColor(theme.LINE))
            painter.fillRect(QRectF(GUTTER + start, self.height() - 2, max(end - start, 3), 2), QColor(theme.ACCENT))
        rest = lanes.adjusted(shown.covered, 0, 0, 0)
        if rest.width() > 0:
            hatched = hatching(round(lanes.width()), round(lanes.height()), QColor(theme.LINE).rgba(), ratio)
            part = QRectF(shown.covered * ratio, 0, rest.width() * ratio, rest.height() * ratio)
            painter.drawImage(rest, hatched, part)
        painter.end()
        return pixels

    def _name(self, painter: QPainter, text: str, lane: QRectF, chosen: bool) -> None:
        painter.setFont(theme.font(12, bold=chosen))
        painter.setPen(QColor(theme.TEXT if chosen else theme.QUIET))
        place = QRectF(14, lane.top(), GUTTER - 20, lane.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_marks(self, painter: QPainter) -> None:
        start_s, end_s = self.marks
        if (start_s, end_s) == (None, None):
            return
        first_s, last_s = start_s or 0.0, self._duration_s if end_s is None else end_s
        if last_s < self.view_s[0] or first_s > self.view_s[1]:
            return
        left, right = self.x_of(first_s), self.x_of(last_s)
        # Faint, because the colours of the rows are labels.
        shade, edge = QColor(theme.ACCENT), QColor(theme.ACCENT)
        shade.setAlpha(28)
        edge.setAlpha(190)
        stretch = QRectF(left, TOP - 3, max(right - left, 1), self.height() - TOP - 2)
        painter.fillRect(stretch, shade)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(stretch)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.ACCENT))
        for at_s, x, side in ((first_s, left, 1), (last_s, right, -1)):
            if not self._sees(at_s):
                continue
            painter.drawPolygon(QPolygonF([QPointF(x, 1), QPointF(x + 7 * side, 5), QPointF(x, 9)]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._store is None:
            return
        at_s = self.time_of(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._from_s = at_s
        else:
            self._dragging = True
            self.held.emit(True)
            self.sought.emit(at_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at_s = self.time_of(event.position().x())
        if self._from_s is not None:
            self.stretch.emit(min(self._from_s, at_s), max(self._from_s, at_s))
        elif self._dragging:
            self.sought.emit(at_s)
        if self._store is not None:
            reading = self._store.at_time(at_s)
            words = reading_text(reading) if reading is not None else translate("scrub", "not read yet")
            flag = flag_at(self.flags, event.position().x(), self.x_of)
            told = f"{moment(at_s)}\n{words}" if flag is None else flag.text
            QToolTip.showText(event.globalPosition().toPoint(), told, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.zoom(ZOOM**steps, self.time_of(event.position().x()))
            event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._view_s = None
        self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.held.emit(False)
        self._from_s = None
