from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.palette import color_of
from app.core.types import UNCERTAIN, FrameResult
from app.sinks import overlay as painting
from app.sinks.overlay import draw
from app.sinks.tag_layout import PixelRect, overlap, panel_places, tag_places


def has(image: np.ndarray, label: str) -> bool:
    return bool((image == color_of(label)[::-1]).all(axis=2).any())


def test_the_frame_is_not_changed_and_faces_are_painted(result: Callable[..., FrameResult]) -> None:
    seen = result(boxes=((100, 100, 120, 140),), size=(640, 480), label="anger")
    before = seen.frame.image.copy()
    painted = draw(seen)
    assert (seen.frame.image == before).all()
    assert painted.shape == before.shape
    assert painted.dtype == np.uint8
    assert has(painted, "anger")
    assert (draw(result(size=(640, 480))) == before).all()


def test_uncertain_is_gray(result: Callable[..., FrameResult]) -> None:
    painted = draw(result(boxes=((10, 10, 50, 50),), size=(640, 480), label=UNCERTAIN))
    assert has(painted, UNCERTAIN)


def test_mirror_moves_the_box_and_keeps_the_text(result: Callable[..., FrameResult]) -> None:
    seen = result(boxes=((20, 150, 100, 100),), size=(640, 480))
    plain, mirrored = draw(seen), draw(seen, mirror=True)
    color = color_of("happiness")[::-1]
    columns = [np.flatnonzero((image == color).all(axis=2).any(axis=0)) for image in (plain, mirrored)]
    assert columns[0].min() < 30
    assert columns[1].max() > 610
    assert not (plain[:, ::-1] == mirrored).all()


def test_the_chosen_face_is_stronger(result: Callable[..., FrameResult]) -> None:
    seen = result(boxes=((20, 150, 100, 100), (300, 150, 100, 100)), size=(640, 480))
    assert (draw(seen, chosen=1)[:, 280:420] != draw(seen)[:, 280:420]).any()
    assert (draw(seen, chosen=7) == draw(seen)).all()


@pytest.mark.parametrize("size", [(1, 1), (16000, 2), (2, 1600), (40, 40), (200, 160), (7680, 4320)])
def test_any_size(result: Callable[..., FrameResult], size: tuple[int, int]) -> None:
    painted = draw(result(boxes=((-3, -4, 20, 20), (0, 0, 0.4, 0.4), (size[0], size[1], 5, 5)), size=size))
    assert painted.shape == (size[1], size[0], 3)


numbers = st.integers(-50, 700)
lengths = st.integers(1, 500)


@given(numbers, numbers, lengths, lengths, lengths, lengths, lengths, lengths)
def test_tags_and_panels_lie_inside_or_are_left_out(
    x: int, y: int, w: int, h: int, wide: int, high: int, frame_w: int, frame_h: int
) -> None:
    box, size, frame = PixelRect(x, y, w, h), (wide, high), (frame_w, frame_h)
    places = (*panel_places(box, size, frame, gap=4, tag=12), *tag_places(box, size, frame))
    assert bool(places) == (wide <= frame_w and high <= frame_h)
    for place in places:
        assert 0 <= place.x <= frame_w - wide
        assert 0 <= place.y <= frame_h - high


@pytest.mark.parametrize(
    "boxes",
    [
        ((80, 180, 190, 190), (412, 205, 158, 158)),  # a gap between them too narrow for two panels
        ((20, 150, 120, 120), (160, 150, 120, 120), (300, 150, 120, 120), (440, 150, 120, 120)),
        ((250, 100, 150, 150), (250, 240, 150, 150)),
        ((0, 0, 640, 480),),
    ],
)
def test_text_never_lies_on_text(
    result: Callable[..., FrameResult], monkeypatch: pytest.MonkeyPatch, boxes: tuple[tuple[int, int, int, int], ...]
) -> None:
    shaded: list[PixelRect] = []
    monkeypatch.setattr(painting, "_shade", lambda _, rect: shaded.append(rect))
    draw(result(boxes=boxes, size=(640, 480)))
    assert len(shaded) == 2 * len(boxes)  # a tag and a panel for each
    assert not any(overlap(one, other) for one, other in combinations(shaded, 2))
