"""The chosen face's probabilities over time. Imported when it is first shown: pyqtgraph takes a while to load."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.player.player import Player, Readings
from app.ui import theme
from app.ui.keys import keep_space
from app.ui.labels import label_words
from app.ui.language import translate
from app.ui.painting import percent
from app.ui.words import moment

HEIGHT = 190
MOST_POINTS = 1500
"""Of a curve: more than there are pixels."""
LIVE_S, FILM_S = 120.0, 60.0


class _Moments(pg.AxisItem):
    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [moment(value).removesuffix(".000") for value in values]


class Timeline(QWidget):
    """Curves of one face, 0 to 1: smooth ones over faint raw ones, a legend that switches them, and a cursor.

    Signals:
        sought: A moment in seconds that was clicked.
    """

    sought = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("timeline", "Timeline"))
        self.title = QLabel()
        self.title.setObjectName("quiet")
        self.told = QLabel()
        self.told.setObjectName("quiet")
        self.plot = pg.PlotWidget(axisItems={"bottom": _Moments("bottom")})
        self.plot.setAccessibleName(translate("timeline", "Probabilities over time"))
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=True, y=False)
        self.plot.setYRange(0, 1, padding=0.02)
        self.plot.setLimits(yMin=-0.02, yMax=1.02, xMin=0, minXRange=0.2)
        self.plot.getAxis("left").setTicks([[(0, "0"), (0.5, "0.5"), (1, "1")]])
        self.needle = pg.InfiniteLine(angle=90)
        self.plot.addItem(self.needle)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.scene().sigMouseClicked.connect(self._click)
        self.curves: dict[str, tuple[pg.PlotDataItem, pg.PlotDataItem]] = {}
        self._legend = QHBoxLayout()
        self._legend.setSpacing(4)
        self._switches: dict[str, QToolButton] = {}
        self._off: set[str] = set()
        self._readings: Readings | None = None
        self._face: int | None = None
        self._live = False
        self._pan = True
        self._drawn: tuple[int, int | None, float, float, float] | None = None
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.told)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 6, 14, 6)
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self.plot, 1)
        rows.addLayout(self._legend)
        self.recolour()

    def recolour(self) -> None:
        """Take the colours in use."""
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
        """Show a face around the player's position; a stretch that was panned to stays until the film leaves it."""
        readings, position_s, live = player.readings, player.position_s, player.info.live
        if self._readings is None or readings.labels != tuple(self.curves):
            self._begin(readings.labels)
        if live != self._live or self._readings is not readings:
            self._pan = True
        self._readings, self._face, self._live = readings, face, live
        self.title.setText(
            translate("timeline", "No face") if face is None else translate("timeline", "Person #{id}").format(id=face)
        )
        self._follow(position_s, player.duration_s)
        self.needle.setPos(position_s)
        left, right = self.plot.viewRange()[0]
        known_s = min(max(readings.covered, left), right + 1)  # what is read elsewhere changes nothing here
        facts = (id(readings), face, known_s, left, right)
        if facts != self._drawn:
            self._drawn = facts
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
                # A gap in which the face is not seen is not a line.
                gaps = np.append(np.diff(series.time_s) < max(0.3, 3 * float(np.median(np.diff(series.time_s)))), False)
                together = gaps.astype(np.int32) if len(series.time_s) > 1 else "all"
                raw.setData(series.time_s, series.raw[:, position], connect=together)
                smooth.setData(series.time_s, series.smooth[:, position], connect=together)

    def _begin(self, labels: tuple[str, ...]) -> None:
        for pair in self.curves.values():
            for curve in pair:
                self.plot.removeItem(curve)
        for switch in self._switches.values():
            switch.deleteLater()
        while self._legend.count():
            self._legend.takeAt(0)
        self.curves, self._switches = {}, {}
        for label in labels:
            self.curves[label] = (self.plot.plot([], []), self.plot.plot([], []))
            self._switches[label] = self._switch(label)
            self._legend.addWidget(self._switches[label])
        self._legend.addStretch(1)
        self._drawn = None
        self.recolour()

    def _switch(self, label: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("legend")
        button.setText(f"■ {label_words(label)}")
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
        shade = theme.seen(label).name() if button.isChecked() else theme.FAINT
        button.setStyleSheet(f"QToolButton {{ color: {shade}; border: none; padding: 1px 4px; font-size: 11px; }}")

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

    def _click(self, event) -> None:  # type: ignore[no-untyped-def]  # an event of pyqtgraph's own
        if event.button() == Qt.MouseButton.LeftButton and not self._live:
            self.sought.emit(max(float(self.plot.getViewBox().mapSceneToView(event.scenePos()).x()), 0.0))
