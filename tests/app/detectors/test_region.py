from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.finder import Finder
from app.core.pipeline import Pipeline
from app.core.types import Box, Detection, Frame, Image, SourceInfo
from app.detectors.region import Region, RegionDetector
from models.errors import InputError


class Whole:
    """Finds one face that fills the picture, with a keypoint in its centre."""

    name = "haar"

    def detect(self, image: Image) -> tuple[Detection, ...]:
        assert image.flags.c_contiguous
        height, width = image.shape[:2]
        return (Detection(Box(0, 0, width, height), 0.9, np.array([[width / 2, height / 2]], np.float32)),)

    def close(self) -> None:
        raise AssertionError("whoever opened it closes it")


numbers = st.integers(0, 200)
lengths = st.integers(1, 200)


@given(numbers, numbers, lengths, lengths)
def test_boxes_are_in_pixels_of_the_whole_picture(x: int, y: int, w: int, h: int) -> None:
    detector = RegionDetector(Whole(), Region(x, y, w, h))
    found = detector.detect(np.zeros((100, 150, 3), np.uint8))
    detector.close()
    if x >= 150 or y >= 100:
        assert found == ()
        return
    (face,) = found
    wide, high = min(w, 150 - x), min(h, 100 - y)
    assert face.box == Box(x, y, wide, high)
    assert face.keypoints is not None
    assert face.keypoints.tolist() == [[x + wide / 2, y + high / 2]]


def test_only_faces_within_are_found(fakes: ModuleType) -> None:
    image = fakes.picture((10, 40, 30), (100, 40, 30))
    detector = RegionDetector(fakes.FakeDetector(), Region(80, 0, 80, 120))
    assert [face.box for face in detector.detect(image)] == [Box(100, 40, 30, 30)]
    assert detector.name == "haar"


def test_in_films_a_part_is_scanned_in_turn_like_a_whole_picture(fakes: ModuleType) -> None:
    """The same views and the same faces as in a film cropped to the region."""
    x, y, w, h = 320, 180, 640, 360
    cut, whole = fakes.FakeLooker(), fakes.FakeLooker()
    within = Pipeline(RegionDetector(whole, Region(x, y, w, h)), fakes.FakeClassifier())
    alone = Pipeline(cut, fakes.FakeClassifier())
    for number in range(25):
        image = fakes.picture((500 + 4 * number, 300, 80), (20, 20, 90), size=(1280, 720))
        (face,) = within.find(Frame(number, number / 25, image)).faces
        part = np.ascontiguousarray(image[y : y + h, x : x + w])
        (same,) = alone.find(Frame(number, number / 25, part)).faces
        assert face.track_id == same.track_id == 0
        assert face.box.center == pytest.approx((same.box.center[0] + x, same.box.center[1] + y), abs=0.5)
        assert face.box.center == pytest.approx((540 + 4 * number, 340), abs=10)
        if number == 0:
            assert whole.views == cut.views
            first = cut.views
    assert whole.views == pytest.approx(cut.views, abs=5)
    assert whole.views - first < 24 * first / 3


def test_a_picture_that_ends_before_the_part_has_no_faces(fakes: ModuleType) -> None:
    finder = Finder(RegionDetector(fakes.FakeLooker(), Region(200, 0, 80, 80)))
    assert finder.find(Frame(0, 0.0, fakes.picture((10, 40, 30)))) == ()


def test_a_part_outside_the_picture_is_refused() -> None:
    info = SourceInfo("a.mp4", 640, 480, 25.0, None, False)
    Region(639, 479, 1000, 1000).require_within(info)
    for region in (Region(640, 0, 1, 1), Region(0, 480, 1, 1)):
        with pytest.raises(InputError, match="640 x 480"):
            region.require_within(info)
