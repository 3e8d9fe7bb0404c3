from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from app.core.pipeline import STAGES, Pipeline
from app.core.types import Frame
from models.bundle import CropGeometry


@pytest.fixture
def pipeline(fakes: ModuleType) -> Pipeline:
    return Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())


def test_a_face_is_found_followed_and_read(pipeline: Pipeline, fakes: ModuleType) -> None:
    results = [pipeline.process(frame) for frame in fakes.walk(20)]
    for frame, result in zip(fakes.walk(20), results, strict=True):
        (face,) = result.faces
        assert face.track_id == 0
        assert face.box.x == 2 * frame.index
        assert face.label == "neutral"
        assert result.labels == pipeline.labels == fakes.LABELS
        assert face.raw.shape == face.smooth.shape == (3,)
        assert face.raw.sum() == pytest.approx(1, abs=1e-6)
        assert tuple(result.stage_ms) == STAGES
        assert min(result.stage_ms.values()) >= 0
        assert result.dropped == 0


def test_halves_equal_the_whole(fakes: ModuleType) -> None:
    whole, halves = (Pipeline(fakes.FakeDetector(), fakes.FakeClassifier()) for _ in range(2))
    frames = fakes.walk(10)
    located = [halves.find(frame) for frame in frames]
    for frame, item in zip(frames, located, strict=True):
        a, b = whole.process(frame), halves.read(item)
        assert a.frame is b.frame
        assert [f.track_id for f in a.faces] == [f.track_id for f in b.faces]
        np.testing.assert_array_equal(a.faces[0].smooth, b.faces[0].smooth)


def test_all_faces_of_a_frame_are_read_in_one_call(fakes: ModuleType) -> None:
    classifier = fakes.FakeClassifier()
    pipeline = Pipeline(fakes.FakeDetector(), classifier)
    image = fakes.picture((5, 5, 30), (60, 20, 40), (110, 70, 25))
    result = pipeline.process(Frame(0, 0.0, image))
    assert classifier.batches == [3]
    assert sorted(face.track_id for face in result.faces) == [0, 1, 2]


def test_a_picture_is_read_with_its_mirror_image(fakes: ModuleType) -> None:
    classifier = fakes.FakeClassifier()
    image = fakes.picture((5, 5, 30), (60, 20, 40))
    result = Pipeline(fakes.FakeDetector(), classifier).process(Frame(0, 0.0, image, still=True))
    assert classifier.batches == [4]
    assert len(result.faces) == 2


def test_a_frame_without_faces(pipeline: Pipeline) -> None:
    result = pipeline.process(Frame(0, 0.0, np.zeros((1, 1, 3), np.uint8)))
    assert result.faces == ()
    assert tuple(result.stage_ms) == STAGES


def test_the_bundle_says_how_this_detectors_faces_are_cut(fakes: ModuleType) -> None:
    frame = Frame(0, 0.0, fakes.picture((40, 40, 40)))
    classifier = fakes.FakeClassifier()
    classifier.bundle = replace(classifier.bundle, crops={"haar": CropGeometry(scale=3.0), "blazeface": CropGeometry()})
    own = Pipeline(fakes.FakeDetector(name="blazeface"), classifier).process(frame)
    # Nine times the area is mostly black, so the fake predicts another emotion.
    wide = Pipeline(fakes.FakeDetector(name="haar"), classifier).process(frame)
    assert [fakes.LABELS[one.faces[0].raw.argmax()] for one in (own, wide)] == ["neutral", "anger"]


def test_pictures_that_stand_alone_are_read_each_by_itself(fakes: ModuleType) -> None:
    pipeline = Pipeline(fakes.FakeDetector(score=0.3), fakes.FakeClassifier())
    for index, (level, label) in enumerate(((220, "neutral"), (120, "happiness"))):
        frame = Frame(index, index / 30, fakes.picture((40, 40, 40), level=level), still=True)
        (face,) = pipeline.process(frame).faces
        assert (face.track_id, face.label) == (index, label)
        np.testing.assert_allclose(face.smooth, face.raw, atol=1e-6)
