from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.sources.simulated import SimulatedCamera
from models.errors import InputError


def test_it_shows_a_films_frames_as_a_camera_does(clip: Callable[..., Path]) -> None:
    with SimulatedCamera(str(clip(frames=4)), 200) as camera:
        assert (camera.info.live, camera.info.fps, camera.info.frame_count) == (True, 200, None)
        frames = list(islice(camera, 12))
    times = [frame.time_s for frame in frames]
    assert times == sorted(times) and len(frames) == 12
    steps = [np.abs(b.image.astype(int) - a.image).max() for a, b in pairwise(frames)]
    assert max(steps) > 0


def test_what_nobody_takes_in_time_is_dropped(clip: Callable[..., Path], until: Callable[..., Any]) -> None:
    with SimulatedCamera(str(clip(frames=4)), 500) as camera:
        until(lambda: camera.dropped > 0, "a dropped frame")


def test_a_film_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        SimulatedCamera(str(tmp_path / "gone.mp4"), 30)
