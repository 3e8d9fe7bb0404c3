"""The chosen face's probabilities over time. Imported when first shown, because pyqtgraph loads slowly."""

import time
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.player.player import Player, Readings
from app.ui import theme
from app.ui.keys import keep_space
from app.ui.labels import label_words
from app.ui.language import translate
from app.ui.legend import Legend
from app.ui.painting import percent
from app.ui.scrub import EDGE, GUTTER
from app.ui.words import moment

HEIGHT, SHARE, LEAST, OTHERS = 190, 0.2, 130, 434
"""Usual height in pixels, share of a tall window, least height in pixels, and the pixels of a low window that are
reserved for everything else."""
HEADROOM = 0.04
"""Margin of the y range, so that lines at 0 and 1 are not clipped."""
SWATCH = 10
MOST_POINTS = 600
"""Most points of a curve, about one per two pixels; they take most of the painting time."""
GROW_S = 0.5
"""Least seconds between redraws while the analysis only appends points."""
_CACHE_KB = 32 << 10
"""Pixmap cache for the curves of a large window; Qt's default suffices only for a small one."""
LIVE_S, FILM_S = 120.0, 60.0


class _Moments(pg.AxisItem):
    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        needless = 4 if spacing >= 1 else 2 if spacing >= 0.1 else 0  # trailing characters of the milliseconds
        return [text[: len(text) - needless] for text in map(moment, values)]


class Timeline(QWidget):
    """Curves of one face, 0..1: smoothed over faint raw ones, a legend that shows and hides them, and a cursor.

    Args:
        before: The widget before the legend in the tab order.

    Signals:
        sought: A clicked time, in seconds.
    """

    sought = Signal(float)

    def __init__(self, before: QWidget) -> None:
        super().__init__()
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KB))
        self._before = before
        self.fit(HEIGHT + OTHERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("timeline", "Timeline"))
        self.title = QLabel()
        self.title.setObjectName("quiet")
        self.told = QLabel()
        self.told.setObjectName("quiet")
        self.plot = pg.PlotWidget(axisItems={"bottom": _Moments("bottom")})
        self.plot.setAccessibleName(translate("timeline", "Probabilities over time"))
        for part in (self.plot, self.plot.viewport()):  # keys control the film, and the curves follow it
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=True, y=False)
        self.plot.setLimits(yMin=-HEADROOM, yMax=1 + HEADROOM, xMin=0, minXRange=0.2)
        self.plot.setYRange(-HEADROOM, 1 + HEADROOM, padding=0)
        left = self.plot.getAxis("left")
        left.setTicks([[(0, "0"), (0.5, "0.5"), (1, "1")]])
        left.setWidth(GUTTER - EDGE)  # aligns the cursor with the bar's where both show the whole film
        left.setStyle(hideOverlappingLabels=False)  # else "1", close to the upper edge, would be hidden
        self.needle = pg.InfiniteLine(angle=90)
        self.plot.addItem(self.needle)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.scene().sigMouseClicked.connect(self._click)
        self.curves: dict[str, tuple[pg.PlotDataItem, pg.PlotDataItem]] = {}
        self.legend = Legend()
        self._switches: dict[str, QToolButton] = {}
        self._off: set[str] = set()
        self._readings: Readings | None = None
        self._face: int | None = None
        self._live = False
        self._pan = True
        self._drawn: tuple[int, int | None, float, float, float] | None = None
        self._drawn_s = 0.0
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.told)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(EDGE, 6, EDGE, 6)
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self.plot, 1)
        rows.addWidget(self.legend)
        self.recolour()

    def fit(self, window_height: int) -> None:
        """Set the height that suits a window of `window_height` pixels."""
        self.setFixedHeight(max(min(max(HEIGHT, round(SHARE * window_height)), window_height - OTHERS), LEAST))

    def recolour(self) -> None:
        """Apply the current colours."""
        for label, button in self._switches.items():
            self._paint_switch(button, label)
        self.plot.setBackground(theme.SURFACE)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.LINE)
            axis.setTextPen(theme.QUIET)
        self.needle.setPen(QPen(QColor(theme.TEXT), 0))
        for label, (raw, smooth) in self.curves.items():
            shade = theme.seen(label)
            smooth.setPen(pg.mkPen(shade, width=2))
            faint = QColor(shade)
            faint.setAlpha(70)
            raw.setPen(pg.mkPen(faint, width=1))

    def show_face(self, player: Player, face: int | None) -> None:
        """Show a face around the player's position; a range panned to is kept until the position leaves it."""
        readings, position_s, live = player.readings, player.position_s, player.info.live
        if self._readings is None or readings.labels != tuple(self.curves):
            self._begin(readings.labels)
        if live != self._live or self._readings is not readings:
            self._pan = True
        self._readings, self._face = readings, face
        if live != self._live:
            self._live = live
            self._keep_pictures()
        self.title.setText(
            translate("timeline", "No face") if face is None else translate("timeline", "Person #{id}").format(id=face)
        )
        self._follow(position_s, player.duration_s)
        self.needle.setPos(position_s)
        left, right = self.plot.viewRange()[0]
        known_s = min(max(readings.covered, left), right + 1)  # readings elsewhere change nothing here
        facts = (id(readings), face, left, right, known_s)
        grows = self._drawn is not None and facts[:-1] == self._drawn[:-1]
        now_s = time.monotonic()
        if facts != self._drawn and (not grows or now_s - self._drawn_s >= GROW_S):
            self._drawn, self._drawn_s = facts, now_s
            self._draw(readings, face, left, right)

    def _follow(self, position_s: float, duration_s: float | None) -> None:
        left, right = self.plot.viewRange()[0]
        if self._live:
            self.plot.setXRange(max(position_s - LIVE_S, 0.0), max(position_s, 1.0), padding=0)
        elif self._pan or not left <= position_s <= right:
            longest_s = max(duration_s or FILM_S, 1.0)
            span_s = min(FILM_S if self._pan else right - left, longest_s)
            start_s = min(max(position_s - span_s / 4, 0.0), longest_s - span_s)
            self.plot.setXRange(start_s, start_s + span_s, padding=0)
            self._pan = False

    def _draw(self, readings: Readings, face: int | None, left: float, right: float) -> None:
        series = None if face is None else readings.series(face, left, right, most=MOST_POINTS)
        for position, (raw, smooth) in enumerate(self.curves.values()):
            if series is None or not len(series.time_s):
                raw.setData([], [])
                smooth.setData([], [])
            else:
                together = _together(series.time_s)  # leaves gaps where the face is not seen
                raw.setData(series.time_s, series.raw[:, position], connect=together)
                smooth.setData(series.time_s, series.smooth[:, position], connect=together)

    def _begin(self, labels: tuple[str, ...]) -> None:
        for pair in self.curves.values():
            for curve in pair:
                self.plot.removeItem(curve)
        self.curves, self._switches = {}, {}
        for label in labels:
            self.curves[label] = (self.plot.plot([], []), self.plot.plot([], []))
            self._switches[label] = self._switch(label)
        self.legend.fill(list(self._switches.values()))
        before = self._before
        for label in labels:
            self.setTabOrder(before, self._switches[label])
            before = self._switches[label]
        self._drawn = None
        self._keep_pictures()
        self.recolour()

    def _keep_pictures(self) -> None:
        """Cache a film's curves as pixmaps, as only the cursor moves over them; a camera's change all the time."""
        modes = QGraphicsItem.CacheMode
        for pair in self.curves.values():
            for curve in pair:
                curve.curve.setCacheMode(modes.NoCache if self._live else modes.DeviceCoordinateCache)

    def _switch(self, label: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("legend")
        button.setText(label_words(label))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(SWATCH, SWATCH))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCheckable(True)
        button.setChecked(label not in self._off)
        button.setToolTip(translate("timeline", "Show or hide {label}").format(label=label_words(label)))
        button.toggled.connect(lambda on, name=label: self._turn(name, on))
        keep_space(button)
        self._paint_switch(button, label)
        return button

    def _turn(self, label: str, on: bool) -> None:
        (self._off.discard if on else self._off.add)(label)
        for curve in self.curves[label]:
            curve.setVisible(on)
        self._paint_switch(self._switches[label], label)

    def _paint_switch(self, button: QToolButton, label: str) -> None:
        """Paint a square in the curve's colour, hollow if the curve is hidden."""
        ratio = self.devicePixelRatioF()
        pixels = QPixmap(round(SWATCH * ratio), round(SWATCH * ratio))
        pixels.setDevicePixelRatio(ratio)
        pixels.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixels)
        painter.setPen(QPen(theme.seen(label), 1.5))
        painter.setBrush(theme.seen(label) if button.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(1, 1, SWATCH - 2, SWATCH - 2))
        painter.end()
        button.setIcon(QIcon(pixels))

    def _hover(self, place: QPointF) -> None:
        at_s = float(self.plot.getViewBox().mapSceneToView(place).x())
        if self._readings is None or self._face is None:
            return
        series = self._readings.series(self._face, at_s - 0.5, at_s + 0.5)
        if not len(series.time_s):
            self.told.setText(moment(at_s))
            return
        nearest = int(np.abs(series.time_s - at_s).argmin())
        top = int(series.smooth[nearest].argmax())
        name = tuple(self.curves)[top]
        smooth, raw = float(series.smooth[nearest][top]), float(series.raw[nearest][top])
        told = translate("timeline", "{time}   {label} {smooth}, raw {raw}")
        at = moment(float(series.time_s[nearest]))
        self.told.setText(told.format(time=at, label=label_words(name), smooth=percent(smooth), raw=percent(raw)))

    def _click(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's event
        if event.button() == Qt.MouseButton.LeftButton and not self._live:
            self.sought.emit(max(float(self.plot.getViewBox().mapSceneToView(event.scenePos()).x()), 0.0))


def _together(time_s: NDArray[np.float64]) -> NDArray[np.int32] | str:
    """Whether each point is connected to the next, as pyqtgraph's `connect` expects."""
    if len(time_s) < 2:
        return "all"
    apart_s = np.diff(time_s)
    near = apart_s < max(0.3, 3 * float(np.median(apart_s)))
    return "all" if near.all() else np.append(near, False).astype(np.int32)
