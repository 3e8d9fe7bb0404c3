from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pytest

from app.core.anchors import ANCHOR_S, Anchors
from app.core.pipeline import Pipeline
from app.core.stride import Stride
from app.core.types import Frame, FrameResult

IMAGE = np.zeros((4, 4, 3), np.uint8)


def frame(time_s: float, *, duration_s: float | None = 0.1, still: bool = False) -> Frame:
    return Frame(0, time_s, IMAGE, still=still, duration_s=duration_s)


def test_the_first_frame_at_or_after_each_multiple_is_an_anchor() -> None:
    anchors = Anchors()
    times = [0.0, 9.97, 10.0, 10.03, 35.2, 40.0 - 1e-10, 40.01]
    assert [anchors.passes(frame(time_s)) for time_s in times] == [False, False, True, False, True, True, False]


def test_live_frames_and_single_pictures_are_none() -> None:
    live, stills = Anchors(), Anchors()
    assert not any(live.passes(frame(time_s, duration_s=None)) for time_s in (0.0, 12.0, 24.0))
    assert not any(stills.passes(frame(time_s, still=True)) for time_s in (0.0, 12.0, 24.0))


def test_an_anchor_is_read_whatever_the_stride() -> None:
    stride = Stride(5.0)
    assert [stride.takes(frame(0.0)), stride.takes(frame(1.0)), stride.takes(frame(2.0), anchor=True)] == [
        True,
        False,
        True,
    ]
    assert not stride.takes(frame(6.0))


def read(fakes: ModuleType, frames: Sequence[Frame]) -> list[FrameResult]:
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())
    return [pipeline.process(one) for one in frames]


@pytest.mark.parametrize("speed", [0, 2, 9])
def test_ids_stay_across_an_anchor(fakes: ModuleType, speed: int) -> None:
    before_s = ANCHOR_S - 0.5
    frames = [Frame(i, before_s + i / 10, fakes.picture((speed * i, 40, 40)), duration_s=0.1) for i in range(12)]
    assert {face.track_id for result in read(fakes, frames) for face in result.faces} == {0}
