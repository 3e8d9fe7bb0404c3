import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.types import Box, Detection
from app.core.views import VIEW, Pyramid, Square


def bright(view: np.ndarray) -> tuple[float, float, float]:
    """Centre and side of the bright square in a view."""
    _, _, stats, centroids = cv2.connectedComponentsWithStats((view[:, :, 1] > 100).astype(np.uint8))
    assert len(stats) == 2
    return float(centroids[1][0] + 0.5), float(centroids[1][1] + 0.5), math.sqrt(stats[1][4])


@given(
    st.integers(60, 900), st.integers(60, 500), st.integers(12, 60), st.floats(1.8, 5.0), st.floats(-math.pi, math.pi)
)
def test_what_a_view_shows_is_put_back_where_it_was(x: int, y: int, side: int, zoom: float, angle: float) -> None:
    image = np.zeros((600, 1000, 3), np.uint8)
    image[y : y + side, x : x + side] = 200
    square = Square(x + side / 2 + 0.1 * side, y + side / 2, zoom * side, angle)
    (view,) = Pyramid(image).views([square])
    across, down, edge = bright(view)
    box = Box(across - edge / 2, down - edge / 2, edge, edge)
    points = np.array([[across, down]], np.float32)
    back = square.back(Detection(box, 0.7, points), 1000, 600)
    assert back.box.center == pytest.approx((x + side / 2, y + side / 2), abs=0.05 * side + 1)
    assert back.box.w == pytest.approx(side, rel=0.15, abs=1.5)
    assert back.keypoints is not None
    assert back.keypoints[0] == pytest.approx((x + side / 2, y + side / 2), abs=0.05 * side + 1)
    assert back.score == 0.7


def test_a_level_that_is_there_shows_the_same_as_the_surroundings_alone() -> None:
    image = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 256, (500, 700, 3), dtype=np.uint8), (0, 0), 9)
    square = Square(333, 217, 270, 0.2)
    alone, shared = Pyramid(image), Pyramid(image)
    shared.level(3)
    assert np.abs(alone.views([square]).astype(int) - shared.views([square])).max() <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (16000, 2), (3, 5), (720, 1280)])
def test_any_picture_has_views_and_levels(shape: tuple[int, int]) -> None:
    pyramid = Pyramid(np.full((*shape, 3), 90, np.uint8))
    views = pyramid.views([Square(shape[1] / 2, shape[0] / 2, float(max(shape))), Square(0, 0, 8)])
    assert views.shape == (2, VIEW, VIEW, 3)
    assert views[0].max() <= 91
    assert pyramid.views([]).shape == (0, VIEW, VIEW, 3)
    assert min(pyramid.level(5).shape[:2]) >= 1


def test_views_are_red_first_and_black_outside() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    image[..., 0] = 200
    (view,) = Pyramid(image).views([Square(0, 50, 100)])
    assert tuple(view[64, 100]) == (0, 0, 200)
    assert not view[:, :60].any()


def test_the_picture_is_not_modified() -> None:
    image = np.full((300, 400, 3), 7, np.uint8)
    image.flags.writeable = False
    Pyramid(image).views([Square(200, 150, 300), Square(100, 100, 50, 1.0)])
