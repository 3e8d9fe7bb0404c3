from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.types import Box, Detection, Image, SourceInfo
from app.detectors.region import Region, RegionDetector
from models.errors import InputError


class Whole:
    """Finds one face that fills the picture, with a key point in its middle."""

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


def test_a_part_outside_the_picture_is_refused() -> None:
    info = SourceInfo("a.mp4", 640, 480, 25.0, None, False)
    Region(639, 479, 1000, 1000).require_within(info)
    for region in (Region(640, 0, 1, 1), Region(0, 480, 1, 1)):
        with pytest.raises(InputError, match="640 x 480"):
            region.require_within(info)
