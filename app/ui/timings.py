"""Start-up times for `bench`, written to the file in MIMIK_TIMINGS; the window then closes."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

_IMPORTED_S = time.time()


def started_s() -> float:
    """Start of the program in seconds since the epoch: MIMIK_STARTED, else the process's own start if known."""
    value = os.environ.get("MIMIK_STARTED", "")
    try:
        return float(value)
    except ValueError:
        return _process_started_s()


def _process_started_s() -> float:
    try:
        # Linux: field 22 is the start in clock ticks after boot; the name in field 2 may contain spaces.
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        up_s = float(Path("/proc/uptime").read_text().split()[0])
        return time.time() - up_s + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return _IMPORTED_S


class Timings:
    """Records the times of the first paint and of the first analysed frame on the screen, and writes both.

    Args:
        path: The file to write.
        started_s: Start of the program in seconds since the epoch.
        done: Called once, with whether a frame was analysed.
    """

    def __init__(self, path: Path, started_s: float, done: Callable[[bool], None]) -> None:
        self._path = path
        self._started_s = started_s
        self._done = done
        self._finished = False
        self.first_paint_s: float | None = None
        self.first_result_s: float | None = None

    def painted(self, with_result: bool) -> None:
        """Call after every paint of the picture."""
        now_s = time.time() - self._started_s
        if self.first_paint_s is None:
            self.first_paint_s = now_s
        if with_result and self.first_result_s is None:
            self.first_result_s = now_s
            self.finish()

    def finish_without(self, sentence: str) -> None:
        """Call if there will be no result; the reason goes to standard error."""
        print(sentence, file=sys.stderr)
        self.finish()

    def finish(self) -> None:
        """Write the times; `first_result_s` is null if no frame could be analysed."""
        if not self._finished:
            self._finished = True
            times = {"first_paint_s": self.first_paint_s, "first_result_s": self.first_result_s}
            self._path.write_text(json.dumps(times) + "\n", encoding="utf-8")
            self._done(self.first_result_s is not None)
