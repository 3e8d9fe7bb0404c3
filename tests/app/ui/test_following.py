"""The parts around the picture follow it: at once if it is paused or the people change, else a few times a second."""

import math
from collections.abc import Callable

import pytest

from app.core.types import FrameResult
from app.player.player import Shown, State
from app.ui.window import MainWindow

WAIT_MS = 20_000


@pytest.fixture
def harness(qtbot, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch):
    """A window without further frames, a function that shows a result and returns the card updates, and `pull`."""
    window = open_window("0")
    qtbot.waitUntil(lambda: bool(window.picture.result and window.picture.result.faces), timeout=WAIT_MS)
    pull = window.following.pull
    monkeypatch.setattr(window.following, "pull", lambda: None)
    qtbot.waitUntil(lambda: window.picture._wanted is window.picture.shown, timeout=WAIT_MS)
    people: list[int] = []
    monkeypatch.setattr(window.side, "show_result", lambda result, *_, **__: people.append(len(result.faces)))

    def show(result: FrameResult) -> list[int]:
        people.clear()
        window.following._cards_s = math.inf  # the cards were updated a moment ago
        with qtbot.waitSignal(window.picture.changed, timeout=WAIT_MS):
            window.picture.show_result(Shown(result, False, 0.0))
        return people

    return window, show, pull


def test_cards_wait_for_their_turn_unless_other_people_come(harness, result_of: Callable[..., FrameResult]) -> None:
    window, show, pull = harness
    one, two = (0.0, 0.0, 20.0), (60.0, 0.0, 20.0)
    assert window.playback.player.state is State.PLAYING
    assert show(result_of(one, two)) == [2]
    assert show(result_of(one, two)) == []
    assert show(result_of(one)) == [1]
    assert show(result_of(one, label="unreadable")) == [1]
    moved = show(result_of((4.0, 0.0, 20.0), label="unreadable"))
    assert moved == []
    window.following._cards_s = window.following._beat_s = 0.0
    pull()
    assert moved == [1]


def test_cards_of_a_picture_that_stands_change_at_once(harness, result_of: Callable[..., FrameResult], qtbot) -> None:
    window, show, pull = harness
    window.playback.pause()
    qtbot.waitUntil(lambda: window.playback.player.state is State.PAUSED, timeout=WAIT_MS)
    pull()
    assert show(result_of((0.0, 0.0, 20.0))) == [1]
    assert show(result_of((0.0, 0.0, 20.0))) == [1]
