"""The picture shows each result on its own frame."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from app.core.types import Box, FrameResult
from app.player.player import Shown
from app.ui import theme
from app.ui.painting import panel_size
from app.ui.picture import PictureView

ResultOf = Callable[..., FrameResult]
Show = Callable[[PictureView, FrameResult], None]
WAIT_MS = 20_000


@pytest.fixture
def view(qtbot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


@pytest.fixture
def show(qtbot) -> Show:
    """Shows a result and waits until it is on the screen."""

    def one(view: PictureView, result: FrameResult) -> None:
        with qtbot.waitSignal(view.changed, timeout=WAIT_MS):
            view.show_result(Shown(result, False, 0.0))

    return one


def mirror(qtbot, view: PictureView) -> None:
    view.mirrored = True
    qtbot.waitUntil(lambda: view.drawn.mirrored, timeout=WAIT_MS)


def colour_at(view: PictureView, x: float, y: float) -> QColor:
    return view.snapshot().pixelColor(round(x), round(y))


def halves() -> np.ndarray:
    """Left half blue, right half red; BGR."""
    image = np.zeros((120, 160, 3), np.uint8)
    image[:, :80] = (255, 0, 0)
    image[:, 80:] = (0, 0, 255)
    return image


def test_the_frame_of_the_result_is_painted_in_its_colours(view: PictureView, show: Show, result_of: ResultOf) -> None:
    show(view, result_of(image=halves()))
    assert colour_at(view, 100, 300) == QColor(0, 0, 255)
    assert colour_at(view, 700, 300) == QColor(255, 0, 0)
    show(view, result_of(image=np.full((120, 160, 3), 77, np.uint8)))
    assert colour_at(view, 100, 300) == QColor(77, 77, 77)


def test_mirroring_turns_picture_and_boxes(qtbot, view: PictureView, show: Show, result_of: ResultOf) -> None:
    show(view, result_of((0, 0, 40), image=halves()))
    assert view.face_rect(Box(0, 0, 40, 40)).x == 0
    mirror(qtbot, view)
    assert colour_at(view, 100, 500) == QColor(255, 0, 0)
    assert view.face_rect(Box(0, 0, 40, 40)).x == 600


def test_the_text_is_never_mirrored(qtbot, view: PictureView, show: Show, result_of: ResultOf) -> None:
    # A centred face lies in the same place when mirrored, so label and bars must be the same pixels.
    view.bars = False
    show(view, result_of((60, 40, 40)))
    straight = view.snapshot()
    mirror(qtbot, view)
    assert view.snapshot() == straight


def test_the_box_has_the_colour_of_the_shown_label(view: PictureView, show: Show, result_of: ResultOf) -> None:
    view.bars = False
    for label in ("happiness", "uncertain"):
        show(view, result_of((60, 60, 40), label=label))
        box = view.face_rect(Box(60, 60, 40, 40))
        assert colour_at(view, box.x, box.y + box.h / 2) == theme.color(label)


def test_bars_can_be_left_out(view: PictureView, show: Show, result_of: ResultOf) -> None:
    show(view, result_of((20, 40, 40)))
    with_bars = view.snapshot()
    view.bars = False
    assert view.snapshot() != with_bars


def test_a_panel_is_wide_enough_for_the_longest_name(qapp) -> None:
    assert panel_size(("contempt", "happiness"))[0] > panel_size(("fear",))[0]


def test_a_click_chooses_the_smallest_face_under_it(qtbot, view: PictureView, show: Show, result_of: ResultOf) -> None:
    show(view, result_of((0, 0, 100), (20, 20, 30)))
    with qtbot.waitSignal(view.face_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(5 * 30, 5 * 30))
    assert chosen.args == [1]


def test_the_arrow_keys_step_through_the_faces(qtbot, view: PictureView, show: Show, result_of: ResultOf) -> None:
    show(view, result_of((100, 20, 30), (10, 20, 30)))
    view.chosen = 1
    with qtbot.waitSignal(view.face_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert chosen.args == [0]


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 16000, 3), (16000, 2, 3)])
def test_pictures_of_any_shape_are_painted(
    view: PictureView, show: Show, result_of: ResultOf, shape: tuple[int, int, int]
) -> None:
    show(view, result_of((0, 0, 1)))
    show(view, result_of(image=np.full(shape, 255, np.uint8)))
    area = view.picture_rect()
    assert colour_at(view, area.x, area.y + area.h - 1) == QColor("white")


def test_without_a_result_the_note_is_painted(view: PictureView) -> None:
    empty = view.snapshot()
    view.note = ("Loading model…", "")
    assert view.snapshot() != empty
