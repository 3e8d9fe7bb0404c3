"""The status bar: frame rates, dropped frames, latency, detector and model."""

from collections import deque

from PySide6.QtWidgets import QLabel, QStatusBar

from app.ui.language import translate

WINDOW_S = 2.0
"""Seconds over which rates are averaged."""


class Rate:
    """Turns a growing count into a rate per second, averaged over the last `window_s` seconds.

    >>> rate = Rate()
    >>> [rate.update(count, at_s) for count, at_s in ((0, 0.0), (15, 0.5), (30, 1.0))]
    [0.0, 30.0, 30.0]
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._window_s = window_s
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, count: int, at_s: float) -> float:
        """Add the count at a time in seconds and return the rate; a count that shrinks starts over."""
        if self._seen and count < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((at_s, count))
        while len(self._seen) > 2 and at_s - self._seen[1][0] >= self._window_s:
            self._seen.popleft()
        first_s, first = self._seen[0]
        return (count - first) / (at_s - first_s) if at_s > first_s else 0.0

    def clear(self) -> None:
        self._seen.clear()


class StatusReadings:
    """Fills the status bar. Every value keeps its place, so that nothing jumps."""

    def __init__(self, bar: QStatusBar) -> None:
        self._source_rate, self._analysis_rate = Rate(), Rate()
        self._latencies: deque[float] = deque(maxlen=120)
        self.source = _reading(
            bar,
            translate("readings", "Rate of the source"),
            translate("readings", "Frames per second that the camera or file delivers"),
        )
        self.analysis = _reading(
            bar,
            translate("readings", "Rate of the analysis"),
            translate("readings", "Frames per second that are analysed"),
        )
        self.dropped = _reading(
            bar,
            translate("readings", "Dropped frames"),
            translate("readings", "Frames of the camera that were left out to stay in time"),
        )
        self.latency = _reading(
            bar,
            translate("readings", "Latency"),
            translate("readings", "Camera: from capture to paint; file: from analysis to paint (median)"),
        )
        self.detector = _reading(
            bar, translate("readings", "Detector"), translate("readings", "What finds the faces"), permanent=True
        )
        self.model = _reading(
            bar, translate("readings", "Model"), translate("readings", "What reads the expressions"), permanent=True
        )
        self.clear()

    def clear(self) -> None:
        """Clear the values of the last source."""
        self._source_rate.clear()
        self._analysis_rate.clear()
        self._latencies.clear()
        for label, text in (
            (self.source, translate("readings", "Source")),
            (self.analysis, translate("readings", "Analysis")),
            (self.latency, translate("readings", "Latency")),
        ):
            label.setText(f"{text} –")
        self.dropped.setText(translate("readings", "Dropped {count}").format(count="–"))

    def parts(self, detector: str, model: str) -> None:
        """Show which detector and model are in use."""
        self.detector.setText(translate("readings", "Detector: {name}").format(name=detector))
        self.model.setText(translate("readings", "Model: {name}").format(name=model))

    def painted(self, latency_s: float) -> None:
        """Add the latency of a result that reached the screen, in seconds."""
        self._latencies.append(latency_s)

    def update(self, counts: tuple[int, int, int], live: bool, at_s: float) -> None:
        """Show rates and the median latency; `counts` are frames delivered, analysed and dropped so far."""
        delivered, analysed, dropped = counts
        name = translate("readings", "Camera") if live else translate("readings", "Source")
        self.source.setText(f"{name} {self._source_rate.update(delivered, at_s):.0f} fps")
        self.analysis.setText(
            translate("readings", "Analysis {rate} fps").format(
                rate=f"{self._analysis_rate.update(analysed, at_s):.0f}"
            )
        )
        self.dropped.setText(translate("readings", "Dropped {count}").format(count=dropped))
        if self._latencies:
            median_s = sorted(self._latencies)[len(self._latencies) // 2]
            self.latency.setText(translate("readings", "Latency {ms} ms").format(ms=f"{median_s * 1000:.0f}"))


def _reading(bar: QStatusBar, name: str, tip: str, *, permanent: bool = False) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setToolTip(tip)
    if permanent:
        bar.addPermanentWidget(label)
    else:
        bar.addWidget(label)
    return label
