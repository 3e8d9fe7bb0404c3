from types import ModuleType

import numpy as np
import pytest

from app.core.pipeline import STAGES, Pipeline
from app.core.stride import Stride
from app.core.types import Frame

BLANK = np.zeros((1, 1, 3), np.uint8)


def taken(stride: Stride, fps: float, seconds: float = 2.0) -> int:
    return sum(stride.takes(Frame(n, n / fps, BLANK)) for n in range(round(fps * seconds)))


@pytest.mark.parametrize(("seconds", "fps", "count"), [(0, 30, 60), (0.1, 30, 20), (0.1, 5, 10), (0.5, 100, 4)])
def test_frames_are_taken_by_their_times(seconds: float, fps: float, count: int) -> None:
    assert taken(Stride(seconds), fps) == count


def test_still_pictures_and_jumps_back_are_always_taken() -> None:
    stride = Stride(10)
    assert stride.takes(Frame(0, 5.0, BLANK))
    assert stride.takes(Frame(1, 5.1, BLANK, still=True))
    assert not stride.takes(Frame(2, 5.2, BLANK))
    assert stride.takes(Frame(3, 0.0, BLANK))


@pytest.mark.parametrize(("work_s", "least", "most"), [(0.001, 60, 60), (0.09, 18, 22)])
def test_automatic_takes_what_there_is_time_for(work_s: float, least: int, most: int) -> None:
    stride = Stride(None)
    stride.worked("find", work_s)
    stride.worked("read", work_s / 3)
    assert least <= taken(stride, 30) <= most


def test_faces_are_carried_over_and_keep_what_was_read(fakes: ModuleType) -> None:
    detector, classifier = fakes.FakeDetector(), fakes.FakeClassifier()
    pipeline = Pipeline(detector, classifier, stride_s=0.1)
    results = [pipeline.process(frame) for frame in fakes.walk(30)]
    assert detector.calls == len(classifier.batches) == 10
    for frame, result in zip(fakes.walk(30), results, strict=True):
        (face,) = result.faces
        assert (face.track_id, face.label) == (0, "neutral")
        assert face.box.x == pytest.approx(2 * frame.index, abs=4)
        assert tuple(result.stage_ms) == STAGES
    assert results[1].faces[0].raw is results[0].faces[0].raw


def test_whoever_has_left_is_not_carried_on(fakes: ModuleType) -> None:
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier(), stride_s=0.1)
    for index in range(12):
        image = fakes.picture(*([(40, 40, 40)] if index < 4 else []))
        faces = pipeline.process(Frame(index, index / 30, image)).faces
        assert len(faces) == (index < 6)
