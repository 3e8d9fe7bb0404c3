"""How long the start took, for `bench`: written where MIMIK_TIMINGS says, after which the window closes."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

_IMPORTED_S = time.time()


def started_s() -> float:
    """When this start began, in seconds since the epoch: MIMIK_STARTED, else the process's own start where known."""
    value = os.environ.get("MIMIK_STARTED", "")
    try:
        return float(value)
    except ValueError:
        return _process_started_s()


def _process_started_s() -> float:
    try:
        # Linux: field 22 counts clock ticks since the machine started; the name in field 2 may hold blanks.
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        up_s = float(Path("/proc/uptime").read_text().split()[0])
        return time.time() - up_s + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return _IMPORTED_S


class Timings:
    """Notes the first paint and the first analysed frame on the screen and writes both.

    Args:
        path: The file to write.
        started_s: When the start began, in seconds since the epoch.
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
        """Call when there will be no result; the reason goes to standard error."""
        print(sentence, file=sys.stderr)
        self.finish()

    def finish(self) -> None:
        """Write what is known; `first_result_s` is null when no frame could be analysed."""
        if not self._finished:
            self._finished = True
            times = {"first_paint_s": self.first_paint_s, "first_result_s": self.first_result_s}
            self._path.write_text(json.dumps(times) + "\n", encoding="utf-8")
            self._done(self.first_result_s is not None)
