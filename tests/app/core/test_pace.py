from itertools import count
from types import SimpleNamespace

import pytest

from app.core import pace
from app.core.pace import Pace


def test_the_time_runs_from_the_first_frame_to_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(100.0, 0.5)
    monkeypatch.setattr(pace, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    counted = Pace()
    assert (counted.frames, counted.fps) == (0, None)
    counted.add()
    assert (counted.frames, counted.fps) == (1, None)
    for _ in range(4):
        counted.add()
    assert (counted.frames, counted.fps) == (5, 2.0)
