"""A film whose decoder hangs: the window reports it and can show the next one."""

import threading
from collections.abc import Callable

import pytest

from app.ui.window import MainWindow
from tests.app.player.test_watchdog import Stuck

WAIT_MS = 20_000


def test_the_window_tells_it_and_goes_on(
    qtbot, world, fakes, open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.player.watchdog.LIMIT_S", 0.5)
    monkeypatch.setattr("app.sources.recording._PATIENCE_S", 0.1)
    monkeypatch.setattr("app.core.runner._JOIN_S", 0.1)
    free, frames, whole = threading.Event(), fakes.walk(60), world.make_source
    world.make_source = lambda spec: Stuck(frames, 20, free) if spec == "stuck" else whole(spec)
    try:
        window = open_window("stuck")
        qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
        assert window.picture.result is not None, "what was decoded stays"
        window.show_source("short")
        qtbot.waitUntil(
            lambda: window.playback.player is not None and window.picture.result is not None, timeout=WAIT_MS
        )
        assert "source" not in window.banners.shown
    finally:
        free.set()
