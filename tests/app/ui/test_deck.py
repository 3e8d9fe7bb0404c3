"""What lies under the picture: how far the analysis is, and what a loop is called."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from app.core.reading import Reading
from app.core.store import ReadingStore
from app.sources.open import open_source
from app.ui.window import MainWindow


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the deck goes by."""
    now_s = [0.0]
    monkeypatch.setattr("app.ui.deck.time.monotonic", lambda: now_s[0])
    return now_s


def test_a_pace_is_told_once_there_is_one(open_window: Callable[..., MainWindow], clock: list[float]) -> None:
    deck, store = open_window(None).deck, ReadingStore(("a", "b"))

    def told(seconds: int, at_s: float) -> str:
        for second in range(len(store), seconds):
            store.append(Reading(second, float(second), 1.0, (), ("a", "b"), {}))
        clock[0] = at_s
        return deck._analysis(store, 100.0, False)

    deck._rate.clear()
    assert [told(20, 0.0), told(20, 1.0)] == ["analysed 20 %"] * 2, "kept readings are no pace"
    assert told(24, 2.0) == "analysed 24 %, 2.0 times as fast as it plays"
    store.finish()
    assert deck._analysis(store, 100.0, False) == "analysed"


def test_a_loop_over_pictures_has_their_numbers(qtbot, world, open_window: Callable[..., MainWindow], tmp_path) -> None:
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((60, 80, 3), 90 + number, np.uint8))
    world.make_source = lambda spec: open_source(spec, fps=0)
    window = open_window(str(tmp_path))
    qtbot.waitUntil(lambda: window.playback.film is not None and window.picture.result is not None, timeout=20_000)
    qtbot.waitUntil(lambda: window.playback.film.readings.complete, timeout=20_000)
    window.requests._go_to("3")
    qtbot.waitUntil(lambda: window.picture.result.frame.index == 2, timeout=20_000)
    window.menus["mark_in"].trigger()
    qtbot.waitUntil(lambda: "Loop 3 – end" in window.deck.transport.loop.text(), timeout=20_000)
    window.requests._go_to("9")
    assert window.banners.shown["go"].sentence == "There is no picture 9."
