import itertools

import pytest

from app.core.types import Box, Detection
from app.detectors.search import is_whole, suppress, tile_starts


@pytest.mark.parametrize(
    ("size", "starts"),
    [
        ((1280, 720), (0, 560)),
        ((720, 720), (0,)),
        ((640, 480), (0,)),
        ((1920, 816), (0, 552, 1104)),
        ((128, 60), (0,)),
        ((16000, 2), (0,)),
        ((1, 1), (0,)),
    ],
)
def test_tiles(size: tuple[int, int], starts: tuple[int, ...]) -> None:
    assert tile_starts(*size) == starts


@pytest.mark.parametrize("longer", range(300, 1100, 37))
def test_tiles_cover_the_picture_and_overlap(longer: int) -> None:
    starts = tile_starts(longer, 300)
    if len(starts) > 1:
        assert starts[0] == 0 and starts[-1] == longer - 300
        assert all(b - a <= 0.9 * 300 + 1 for a, b in itertools.pairwise(starts))


def box(x: float, y: float, side: float, score: float) -> Detection:
    return Detection(Box(x, y, side, side), score)


def test_one_face_seen_by_two_tiles_is_one() -> None:
    weak, strong = box(0, 0, 100, 0.4), box(10, 5, 100, 0.9)
    assert suppress([weak, strong]) == (strong,)


def test_the_rest_of_a_face_cut_by_a_tile_goes_with_it() -> None:
    whole, part = box(0, 0, 100, 0.9), box(50, 20, 45, 0.5)
    assert suppress([part, whole]) == (whole,)


def test_a_whole_face_goes_before_a_stronger_one_at_a_tiles_edge() -> None:
    whole, part = box(0, 0, 100, 0.4), box(25, 0, 100, 0.9)
    assert suppress([whole], cut=[part]) == (whole,)


def test_a_stronger_coarse_box_takes_the_place_from_a_tile_that_agrees() -> None:
    coarse, fine, shifted = box(0, 0, 100, 0.9), box(5, 0, 100, 0.6), box(40, 0, 100, 0.6)
    assert suppress([fine], [coarse]) == (box(5, 0, 100, 0.9),)
    assert suppress([shifted], [coarse]) == (coarse,)


def test_a_face_that_only_a_tiles_edge_shows_is_kept_in_order_of_score() -> None:
    whole, part = box(0, 0, 100, 0.4), box(300, 0, 100, 0.9)
    assert suppress([whole], cut=[part]) == (part, whole)


@pytest.mark.parametrize(
    ("x", "start", "whole"),
    [(0, 0, True), (600, 0, True), (615, 0, False), (565, 560, False), (580, 560, True), (1180, 560, True)],
)
def test_only_inner_edges_of_tiles_cut_faces(x: float, start: int, whole: bool) -> None:
    assert is_whole(box(x, 0, 100, 0.9).box, start, 720, 1280) is whole


def test_neighbours_stay_apart() -> None:
    left, right = box(0, 0, 100, 0.5), box(80, 0, 100, 0.6)
    assert suppress([left, right]) == (right, left)
