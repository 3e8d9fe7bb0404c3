from app.core.merging import suppress
from app.core.types import Box, Detection


def box(x: float, y: float, side: float, score: float) -> Detection:
    return Detection(Box(x, y, side, side), score)


def test_one_face_seen_by_two_tiles_is_one() -> None:
    weak, strong = box(0, 0, 100, 0.4), box(10, 5, 100, 0.9)
    assert suppress(fine=[weak, strong]) == (strong,)


def test_the_rest_of_a_face_cut_by_a_tile_goes_with_it() -> None:
    whole, part = box(0, 0, 100, 0.9), box(50, 20, 45, 0.5)
    assert suppress(fine=[part, whole]) == (whole,)


def test_a_whole_face_goes_before_a_stronger_one_at_a_tiles_edge() -> None:
    whole, part = box(0, 0, 100, 0.4), box(25, 0, 100, 0.9)
    assert suppress(fine=[whole], cut=[part]) == (whole,)


def test_a_stronger_coarse_box_takes_the_place_from_a_tile_that_agrees() -> None:
    coarse, fine, shifted = box(0, 0, 100, 0.9), box(5, 0, 100, 0.6), box(40, 0, 100, 0.6)
    assert suppress(fine=[fine], coarse=[coarse]) == (box(5, 0, 100, 0.9),)
    assert suppress(fine=[shifted], coarse=[coarse]) == (coarse,)


def test_a_face_that_only_a_tiles_edge_shows_is_kept_in_order_of_score() -> None:
    whole, part = box(0, 0, 100, 0.4), box(300, 0, 100, 0.9)
    assert suppress(fine=[whole], cut=[part]) == (part, whole)


def test_neighbours_stay_apart() -> None:
    left, right = box(0, 0, 100, 0.5), box(80, 0, 100, 0.6)
    assert suppress(fine=[left, right]) == (right, left)


def test_a_close_look_goes_before_all_others() -> None:
    near, fine, coarse = box(0, 0, 100, 0.4), box(10, 0, 90, 0.9), box(12, 0, 100, 0.95)
    assert suppress([near], [fine], [coarse]) == (near,)


def test_two_close_looks_at_one_face_are_one() -> None:
    weak, strong = box(0, 0, 100, 0.4), box(10, 5, 100, 0.9)
    assert suppress([weak, strong]) == (strong,)
