import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.quality import (
    BLURRED,
    COVERED,
    CUT,
    LIMITS,
    MARKS,
    ON_ITS_SIDE,
    REASONS,
    TOO_BRIGHT,
    TOO_DARK,
    TOO_SMALL,
    TURNED_AWAY,
    UPSIDE_DOWN,
    assess,
    is_readable,
)
from app.core.types import Box, Detection, Image

SIDE = 120


def painted() -> Image:
    """A drawn face in the centre of 240x240 pixels, with a box 120 pixels wide."""
    image = np.full((240, 240, 3), 90, np.uint8)
    cv2.ellipse(image, (120, 120), (52, 62), 0, 0, 360, (170, 180, 190), -1)
    for x in (98, 142):
        cv2.ellipse(image, (x, 104), (12, 7), 0, 0, 360, (245, 245, 245), -1)
        cv2.circle(image, (x, 104), 6, (30, 30, 30), -1)
        cv2.line(image, (x - 14, 90), (x + 14, 90), (40, 40, 40), 4)
    cv2.line(image, (120, 108), (114, 130), (110, 120, 130), 3)
    cv2.ellipse(image, (120, 150), (20, 8), 0, 0, 180, (60, 60, 120), -1)
    return image


def face(points: np.ndarray | None = None, box: Box | None = None) -> Detection:
    upright = np.array([[98, 104], [142, 104], [120, 126], [120, 150]], np.float32)
    return Detection(box or Box(60, 60, SIDE, SIDE), 0.9, upright if points is None else points)


def test_a_plain_good_face_has_no_reason() -> None:
    assert assess(painted(), face()) == ()


def test_each_reason_has_its_cause() -> None:
    image = painted()
    small = np.asarray(cv2.resize(image, None, fx=0.08, fy=0.08, interpolation=cv2.INTER_AREA), np.uint8)
    points = face().keypoints
    assert points is not None
    assert TOO_SMALL in assess(small, Detection(Box(4.8, 4.8, 9.6, 9.6), 0.9, points * np.float32(0.08)))
    assert TOO_DARK in assess((image * 0.02).astype(np.uint8), face())
    assert TOO_BRIGHT in assess(np.clip(image.astype(int) * 4, 0, 255).astype(np.uint8), face())
    assert BLURRED in assess(np.asarray(cv2.GaussianBlur(image, (0, 0), 20), np.uint8), face())
    away = np.array([[98, 104], [118, 104], [126, 126], [116, 150]], np.float32)
    assert TURNED_AWAY in assess(image, face(away))
    covered = image.copy()
    covered[84:116] = 60
    assert COVERED in assess(covered, face())
    shifted = points - np.array([130, 0], np.float32)
    assert CUT in assess(np.ascontiguousarray(image[:, 130:]), face(shifted, Box(-70, 60, SIDE, SIDE)))


@pytest.mark.parametrize(("quarters", "mark"), [(1, ON_ITS_SIDE), (2, UPSIDE_DOWN), (3, ON_ITS_SIDE)])
def test_a_face_that_was_set_upright_is_marked_and_readable(quarters: int, mark: str) -> None:
    image = np.ascontiguousarray(np.rot90(painted(), quarters))
    points = face().keypoints
    assert points is not None
    angle = -quarters * math.pi / 2
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    turned = ((points - 120) @ turn + 120).astype(np.float32)
    found = assess(image, face(turned))
    assert found == (mark,)
    assert is_readable(found)


@given(st.floats(-300, 300), st.floats(-300, 300), st.floats(0.1, 500), st.integers(0, 255))
def test_any_box_on_any_plain_picture_can_be_assessed(x: float, y: float, side: float, level: int) -> None:
    found = assess(np.full((40, 60, 3), level, np.uint8), Detection(Box(x, y, side, side), 0.5))
    assert set(found) <= {*REASONS, *MARKS}
    assert len(set(found)) == len(found)
    assert not is_readable(found)  # a single colour has no contrast to measure


def test_the_table_knows_only_words_of_the_lists() -> None:
    assert {limit.reason for limit in LIMITS} == {*REASONS, *MARKS}
