"""Measures the window with a simulated camera, for `bench --live`: MIMIK_CAMERA_TRIAL starts it, and the window closes
at the end."""

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PySide6.QtCore import QTimer

from app.core.stages import FrameSource
from app.ui.window import MainWindow

_SETTLE_S = 2.0
"""The first seconds do not count, while everything is loaded and the whole picture is searched."""


@dataclass(frozen=True, slots=True)
class CameraTrial:
    """The task of the window.

    Attributes:
        path: The file to write: `fps`, `seconds`, `frames`, `dropped`, `capture_to_paint_ms` {`p50`, `p95`} and `cpu`,
            the processor time of the whole process over the time, 1 for one core.
        fps: Of the simulated camera.
        seconds: Duration of the measurement.
    """

    path: Path
    fps: float
    seconds: float

    @classmethod
    def asked(cls) -> Self | None:
        """The task in the environment: `MIMIK_CAMERA_TRIAL` contains it as JSON."""
        value = os.environ.get("MIMIK_CAMERA_TRIAL")
        if not value:
            return None
        values = json.loads(value)
        return cls(Path(values["path"]), float(values["fps"]), float(values["seconds"]))

    def source(self, spec: str) -> FrameSource:
        """Open a simulated camera instead of the film itself."""
        from app.sources.simulated import SimulatedCamera

        return SimulatedCamera(spec, self.fps)

    def watch(self, window: MainWindow, done: Callable[[bool], None]) -> None:
        """Measure from the first result on, write the figures, and call `done` with whether there are any."""
        latencies_s: list[float] = []
        start: list[tuple[float, float, tuple[int, int, int]]] = []

        def counts() -> tuple[int, int, int]:
            player = window.playback.player
            return (0, 0, 0) if player is None else player.counts()

        def begin() -> None:
            start.append((time.perf_counter(), time.process_time(), counts()))
            latencies_s.clear()
            QTimer.singleShot(round(self.seconds * 1000), window, end)

        def end() -> None:
            start_s, cpu_s, before = start[0]
            elapsed_s, cpu_s = time.perf_counter() - start_s, time.process_time() - cpu_s
            delivered, _, dropped = (now - then for now, then in zip(counts(), before, strict=True))
            ordered = sorted(latencies_s) or [math.nan]
            p50, p95 = (ordered[round(share * (len(ordered) - 1))] * 1000 for share in (0.5, 0.95))
            figures = {
                "fps": self.fps,
                "seconds": round(elapsed_s, 2),
                "frames": delivered,
                "painted": len(latencies_s),
                "dropped": dropped,
                "capture_to_paint_ms": {"p50": round(p50, 2), "p95": round(p95, 2)},
                "cpu": round(cpu_s / elapsed_s, 3),
            }
            self.path.write_text(json.dumps(figures), encoding="utf-8")
            done(bool(latencies_s))

        def shown(latency_s: float) -> None:
            if not latencies_s and not start:
                QTimer.singleShot(round(_SETTLE_S * 1000), window, begin)
            latencies_s.append(latency_s)

        window.shown.connect(shown)
