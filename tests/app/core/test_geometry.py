import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.geometry import (
    center_distance,
    contains,
    crop_square,
    iou,
    is_usable,
    keypoints_agree,
    shifted,
    side,
    tilt,
)
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
    moved = shifted(box, dx, dy)
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


UPRIGHT = np.array([[-20, -15], [20, -15], [1, 0], [0, 25], [-45, -10], [45, -10]], np.float32)


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    """Rotated clockwise on the screen, where y points down."""
    cos, sin = math.cos(angle), math.sin(angle)
    return (points @ np.array([[cos, sin], [-sin, cos]])).astype(np.float32)


@given(st.floats(-3, 3), numbers, numbers, st.floats(0.1, 10))
def test_a_tilt_is_measured_wherever_the_face_is(angle: float, x: float, y: float, size: float) -> None:
    points = turned(UPRIGHT, angle) * np.float32(size) + np.array([x, y], np.float32)
    assert tilt(points) == pytest.approx(angle, abs=0.01)


@given(st.floats(0, 1), st.floats(-1, 1))
def test_a_face_turned_sideways_is_not_tilted(turn: float, angle: float) -> None:
    """The eyes are close together, and one of them moves up a pixel: their line alone would give any angle."""
    points = UPRIGHT * np.array([1 - turn, 1], np.float32)
    points[0, 1] -= 1
    assert tilt(turned(points, angle)) == pytest.approx(angle, abs=0.03)


def test_nothing_is_known_of_the_tilt_without_keypoints() -> None:
    assert tilt(None) == 0
    assert tilt(np.zeros((4, 2), np.float32)) == 0


@given(boxes, st.floats(-0.5, 0.5), st.floats(-3, 3))
def test_the_shift_of_a_crop_is_along_the_head(box: Box, dy: float, angle: float) -> None:
    square = crop_square(box, CropGeometry(1.2, 0.0, dy), angle)
    longer = max(box.w, box.h)
    assert square.center[0] - box.center[0] == pytest.approx(-math.sin(angle) * dy * longer, abs=1e-6)
    assert square.center[1] - box.center[1] == pytest.approx(math.cos(angle) * dy * longer, abs=1e-6)


places = st.floats(-200, 200)


@given(st.floats(-3, 3), st.floats(0.2, 20), places, places)
def test_keypoints_of_a_face_agree_however_it_lies(angle: float, zoom: float, dx: float, dy: float) -> None:
    points = (turned(UPRIGHT, angle) * zoom + [dx, dy]).astype(np.float32)
    x, y = points.mean(axis=0)
    size = float(np.ptp(UPRIGHT)) * zoom
    assert keypoints_agree(points)
    assert keypoints_agree(points, Box(float(x) - size, float(y) - size, 2 * size, 2 * size))
    assert not keypoints_agree(points, Box(float(x) + 2 * size, float(y), size, size))


@given(st.floats(-3, 3), st.floats(0.2, 20))
def test_keypoints_that_contradict_each_other_do_not_turn_a_face(angle: float, zoom: float) -> None:
    points = turned(UPRIGHT, angle) * np.float32(zoom)
    exchanged = points[[1, 0, 2, 3]]
    inside_out = points[[0, 1, 2, 3]].copy()
    inside_out[3] = points[:2].mean(axis=0) - (points[3] - points[:2].mean(axis=0))  # the mouth above the eyes
    nose_away = points.copy()
    nose_away[2] = points[3] + 2 * (points[3] - points[:2].mean(axis=0))
    for wrong in (exchanged, inside_out, nose_away, points * 0, points * np.float32(np.nan)):
        assert not keypoints_agree(wrong)
        assert tilt(wrong) == 0


@given(boxes, st.floats(0, 1), st.floats(0, 1))
def test_a_box_contains_what_lies_between_its_edges(box: Box, across: float, down: float) -> None:
    assert contains(box, (box.x + across * box.w / 1.001, box.y + down * box.h / 1.001))
    assert not contains(box, (box.x - 1, box.y))
