"""Frames of any size are scaled in a background thread."""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QSize

from app.core.types import Box, FrameResult
from app.player.player import Shown
from app.sources import images
from app.ui.drawing import make_drawing, portrait
from app.ui.panel_layout import Rect
from app.ui.picture import PictureView
from app.ui.scaling import Scaler

ResultOf = Callable[..., FrameResult]
WAIT_MS = 20_000


def test_a_frame_is_never_scaled_where_it_is_painted(qtbot, result_of: ResultOf, monkeypatch) -> None:
    threads: list[threading.Thread] = []
    plain = Scaler.image

    def watched(*values):  # type: ignore[no-untyped-def]
        threads.append(threading.current_thread())
        return plain(*values)

    monkeypatch.setattr(Scaler, "image", watched)
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.show_result(Shown(result_of((0, 0, 40), image=np.zeros((3000, 4000, 3), np.uint8)), False, 0.0))
    qtbot.waitUntil(lambda: view.drawn is not None, timeout=WAIT_MS)
    view.resize(640, 500)
    qtbot.waitUntil(lambda: view.drawn.area == view.picture_rect(), timeout=WAIT_MS)
    view.mirrored = True
    qtbot.waitUntil(lambda: view.drawn.mirrored, timeout=WAIT_MS)
    view.grab()
    assert threads and threading.current_thread() not in threads


def test_a_picture_is_never_read_by_the_windows_thread(qtbot, world, open_window, tmp_path, monkeypatch) -> None:
    threads: list[threading.Thread] = []

    def watched(path: object) -> np.ndarray:
        threads.append(threading.current_thread())
        return np.zeros((3000, 4000, 3), np.uint8)

    monkeypatch.setattr(images, "read_picture", watched)
    world.make_source = images.PictureSource
    window = open_window(str(tmp_path / "large.jpg"))
    qtbot.waitUntil(lambda: window.picture.drawn is not None, timeout=WAIT_MS)
    assert threads and threading.current_thread() not in threads


def test_what_comes_after_the_source_was_left_is_not_shown(qtbot, result_of: ResultOf, monkeypatch) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def held(*arguments: object) -> object:
        begun.set()
        assert goes_on.wait(20)
        return make_drawing(*arguments)

    monkeypatch.setattr("app.ui.picture.make_drawing", held)
    view = PictureView()
    qtbot.addWidget(view)
    seen: list[Shown | None] = []
    view.changed.connect(lambda: seen.append(view.shown))
    view.show_result(Shown(result_of((0, 0, 40)), False, 0.0))
    assert begun.wait(20)
    view.show_result(None)
    goes_on.set()
    qtbot.waitUntil(lambda: bool(view._spare), timeout=WAIT_MS)  # it arrived late, and its memory is reused
    assert seen == [None]
    later = Shown(result_of((0, 0, 40)), False, 0.0)
    view.show_result(later)
    qtbot.waitUntil(lambda: view.shown is later, timeout=WAIT_MS)


def test_the_newest_of_many_results_stays(qtbot, result_of: ResultOf) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    seen: list[Shown | None] = []
    view.changed.connect(lambda: seen.append(view.shown))
    many = [Shown(result_of((0, 0, 40)), False, 0.0) for _ in range(40)]
    for one in many:
        view.show_result(one)
        view.resize(700, 500 + len(seen) % 2)
    qtbot.waitUntil(lambda: view.shown is many[-1], timeout=WAIT_MS)
    places = [[id(one) for one in many].index(id(one)) for one in seen]
    assert places == sorted(places)


def test_a_drawn_picture_has_the_pixels_of_the_screen(result_of: ResultOf) -> None:
    drawn = make_drawing(
        deque(), Shown(result_of((10, 10, 40), (90, 60, 30)), False, 0.0), Rect(0, 0, 320, 240), 2.0, False
    )
    assert drawn.image.size() == QSize(640, 480)
    assert set(drawn.portraits) == {0, 1}
    assert all(picture.width() == picture.height() for picture in drawn.portraits.values())


@pytest.mark.parametrize("box", [(-50, -50, 40, 40), (150, 100, 80, 80), (0, 0, 0, 0), (-1000, 30, 5000, 20)])
def test_a_portrait_is_square_wherever_the_box_lies(box: tuple[float, float, float, float]) -> None:
    made = portrait(np.full((120, 160, 3), 90, np.uint8), Box(*box), 48, False)
    assert (made.width(), made.height()) == (48, 48)
    assert made.pixelColor(5, 40).red() == 90


def test_memory_is_used_again_but_never_under_what_is_painted(qtbot, result_of: ResultOf) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    scalers = set()
    for level in range(0, 250, 10):
        shown = Shown(result_of(image=np.full((300, 400, 3), level, np.uint8)), False, 0.0)
        view.show_result(shown)
        qtbot.waitUntil(lambda shown=shown: view.shown is shown, timeout=WAIT_MS)
        assert view.drawn.image.pixelColor(200, 200).red() == level
        scalers.add(id(view.drawn.scaler))
        assert view.drawn.scaler not in view._spare
    assert len(scalers) <= 3
