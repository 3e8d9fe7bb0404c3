import itertools
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sources.file import open_film
from app.sources.folder import PictureFolder
from app.sources.paced import STILL_S, Paced


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only waiting moves: a test of playing time takes none."""
    now_s = [100.0]
    monkeypatch.setattr("app.sources.paced.time.monotonic", lambda: now_s[0])
    real_wait = threading.Condition.wait

    def wait(self: threading.Condition, timeout: float | None = None) -> bool:
        if timeout is None:
            return real_wait(self)
        now_s[0] += timeout
        return False

    monkeypatch.setattr(threading.Condition, "wait", wait)
    return now_s


def test_frames_come_when_they_are_due(tmp_path: Path, make_clip, clock: list[float]) -> None:
    with Paced(open_film(make_clip(tmp_path / "clip.mp4", frames=50))) as source:
        for frame in source:
            assert clock[0] - 100 == pytest.approx(frame.time_s, abs=1e-6)
    assert clock[0] - 100 == pytest.approx(49 / 25)


def test_pictures_that_stand_alone_are_shown_long_enough_to_be_seen(tmp_path: Path, clock: list[float]) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.zeros((20 + number, 30, 3), np.uint8))
    with Paced(PictureFolder(tmp_path)) as source:
        assert [clock[0] - 100 for _ in source] == pytest.approx([0, STILL_S, 2 * STILL_S])


def test_a_slow_consumer_slows_the_playing_down(tmp_path: Path, make_clip, clock: list[float]) -> None:
    arrivals_s = []
    with Paced(open_film(make_clip(tmp_path / "clip.mp4", frames=10))) as source:
        for frame in source:
            arrivals_s.append(clock[0])
            if frame.index == 3:
                clock[0] += 5  # the consumer is busy
    steps_s = [b - a for a, b in itertools.pairwise(arrivals_s)]
    assert steps_s[3] == pytest.approx(5)
    assert steps_s[4:] == pytest.approx([1 / 25] * 5)  # no rush to catch up


def test_pause_holds_and_resume_goes_on(tmp_path: Path, make_clip) -> None:
    source = Paced(open_film(make_clip(tmp_path / "clip.mp4", frames=12)))
    source.pause()
    assert source.paused
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.extend(frame.index for frame in source), daemon=True)
    thread.start()
    time.sleep(0.1)
    assert seen == []
    source.resume()
    assert not source.paused
    thread.join(20)
    assert seen == list(range(12))
    source.close()


def test_close_ends_a_pause(tmp_path: Path, make_clip) -> None:
    source = Paced(open_film(make_clip(tmp_path / "clip.mp4")))
    source.pause()
    thread = threading.Thread(target=lambda: list(source), daemon=True)
    thread.start()
    source.close()
    thread.join(20)
    assert not thread.is_alive()
