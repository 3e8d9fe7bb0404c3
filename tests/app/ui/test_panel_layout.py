"""Panels lie next to their faces, inside the picture, without overlapping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.panel_layout import CROWDED, Rect, clamp, fit, place_panels

SCREEN = Rect(0, 0, 980, 745)
SIZE = (216.0, 154.0)


def overlap(one: Rect, other: Rect) -> float:
    """Shared area in square pixels."""
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return width * height if min(width, height) > 0 else 0.0


def panel_of(face: Rect, *others: Rect, before: list[int | None] | None = None) -> Rect:
    panel = place_panels([face, *others], [], SIZE, SCREEN, before)[0]
    assert panel is not None
    return panel[1]


def test_at_the_right_of_the_face_where_there_is_room() -> None:
    face = Rect(200, 200, 150, 150)
    panel = panel_of(face)
    assert panel.x >= face.x + face.w
    assert panel.y == face.y


def test_at_the_left_where_there_is_none_at_the_right() -> None:
    face = Rect(800, 200, 150, 150)
    panel = panel_of(face)
    assert panel.x + panel.w <= face.x


def test_inside_the_picture_where_the_face_fills_it() -> None:
    panel = panel_of(Rect(10, 10, 960, 720))
    assert clamp(panel, SCREEN) == panel


def test_two_people_side_by_side_have_panels_that_cover_no_face() -> None:
    faces = [Rect(200, 250, 200, 200), Rect(420, 250, 200, 200)]
    panels = [panel[1] for panel in place_panels(faces, [], SIZE, SCREEN) if panel is not None]
    assert len(panels) == 2
    assert overlap(panels[0], panels[1]) == 0
    assert all(overlap(panel, face) == 0 for panel in panels for face in faces)


def test_a_panel_keeps_its_place_while_another_is_hardly_better() -> None:
    face, neighbour = Rect(300, 300, 150, 150), Rect(300 + 150 + 8 + 205, 300, 150, 150)
    fresh = place_panels([face, neighbour], [], SIZE, SCREEN)[0]
    kept = place_panels([face, neighbour], [], SIZE, SCREEN, [0, None])[0]
    assert fresh is not None
    assert kept is not None
    assert fresh[0] != 0
    assert kept[0] == 0


def test_a_crowd_leaves_panels_out_but_never_the_first() -> None:
    faces = [Rect(60 * column, 70 * row, 50, 60) for row in range(10) for column in range(16)]
    panels = place_panels(faces, [], SIZE, SCREEN)
    assert panels[0] is not None
    assert None in panels


def test_small_faces_in_a_crowd_stay_visible() -> None:
    """A panel is many times as large as a face: a small part of its area hides a whole face."""
    faces = [Rect(90 + 170 * column, 80 + 190 * row, 80, 80) for row in range(3) for column in range(5)]
    tags = [Rect(face.x, face.y - 24, 140, 22) for face in faces]
    panels = [panel[1] for panel in place_panels(faces, tags, SIZE, SCREEN)[1:] if panel is not None]
    assert panels
    for panel in panels:
        assert max(overlap(panel, box) / (box.w * box.h) for box in (*faces, *tags)) <= CROWDED


@given(st.floats(-200, 1200), st.floats(-200, 900), st.floats(1, 900))
def test_every_panel_lies_inside(x: float, y: float, side: float) -> None:
    panel = panel_of(Rect(x, y, side, side))
    assert 0 <= panel.x <= SCREEN.w - panel.w
    assert 0 <= panel.y <= SCREEN.h - panel.h


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16000, 2), (2, 16000), (1280, 720)])
def test_a_picture_of_any_shape_fits(width: int, height: int) -> None:
    area = fit(width, height, SCREEN)
    assert area.w >= 1
    assert area.h >= 1
    assert area.x >= 0
    assert area.y >= 0
    assert area.x + area.w <= SCREEN.w
    assert area.y + area.h <= SCREEN.h


def test_no_panel_hides_another_where_both_find_room() -> None:
    faces = [Rect(40 + 310 * column, 60, 60, 60) for column in range(3)]
    panels = [panel[1] for panel in place_panels(faces, [], SIZE, SCREEN) if panel is not None]
    assert len(panels) == 3
    assert all(overlap(one, other) == 0 for one in panels for other in panels if one is not other)
