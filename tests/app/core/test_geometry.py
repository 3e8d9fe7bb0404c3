import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.geometry import center_distance, crop_square, iou, is_usable, side, translate
from app.core.types import Box
from models.bundle import CropGeometry

numbers = st.floats(-500, 500)
lengths = st.floats(0.5, 400)
boxes = st.builds(Box, numbers, numbers, lengths, lengths)


@given(boxes, boxes)
def test_iou_is_symmetric_and_a_fraction(a: Box, b: Box) -> None:
    assert iou(a, b) == pytest.approx(iou(b, a))
    assert 0 <= iou(a, b) <= 1 + 1e-9


@given(boxes)
def test_a_box_covers_itself(box: Box) -> None:
    assert iou(box, box) == pytest.approx(1)
    assert center_distance(box, box) == 0


@given(boxes, numbers, numbers)
def test_translation_moves_only_the_place(box: Box, dx: float, dy: float) -> None:
    moved = translate(box, dx, dy)
    assert side(moved) == side(box)
    assert center_distance(box, moved) == pytest.approx(math.hypot(dx, dy), abs=1e-6)


def test_boxes_that_only_touch_do_not_overlap() -> None:
    assert iou(Box(0, 0, 10, 10), Box(10, 0, 10, 10)) == 0
    assert iou(Box(0, 0, 0, 10), Box(0, 0, 10, 10)) == 0


def test_contained_box() -> None:
    assert iou(Box(0, 0, 10, 10), Box(0, 0, 5, 10)) == pytest.approx(0.5)


@given(boxes, st.floats(0.5, 2), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_crop_square_is_scaled_and_shifted_by_the_longer_side(box: Box, scale: float, dx: float, dy: float) -> None:
    square = crop_square(box, CropGeometry(scale, dx, dy))
    longer = max(box.w, box.h)
    assert square.w == square.h == pytest.approx(scale * longer)
    assert square.center[0] - box.center[0] == pytest.approx(dx * longer, abs=1e-6)
    assert square.center[1] - box.center[1] == pytest.approx(dy * longer, abs=1e-6)


@pytest.mark.parametrize("box", [Box(0, 0, 0, 5), Box(0, 0, 5, -1), Box(math.nan, 0, 5, 5), Box(0, 0, math.inf, 5)])
def test_boxes_without_area_are_refused(box: Box) -> None:
    assert not is_usable(box)
    with pytest.raises(ValueError, match="without area"):
        crop_square(box, CropGeometry())
