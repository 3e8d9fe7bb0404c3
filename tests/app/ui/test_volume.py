"""The volume controls: visible if the film has sound, remembered, and muted by a key."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.sources.open import open_source
from app.ui.window import MainWindow
from tests.app.player.sounding import FakeSpeaker, write_film

WAIT_MS = 20_000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("volume") / "told.mkv"
    write_film(path)
    return path


def heard(window: MainWindow, speaker: FakeSpeaker) -> bool:
    """Whether there is sound, once the fade after a change is over."""
    if speaker.pull is None:
        return False
    speaker.pull(960)
    return bool(np.any(speaker.pull(960)))


def test_keys_button_and_slider_change_what_is_heard(qtbot, world, open_window, preferences, film: Path) -> None:
    speaker = FakeSpeaker()
    world.make_source, world.speaker = open_source, lambda: speaker
    window = open_window(str(film))
    volume = window.deck.transport.volume
    qtbot.waitUntil(volume.isVisible, timeout=WAIT_MS)
    window.playback.mark(0.0, 5.0)
    qtbot.waitUntil(lambda: heard(window, speaker), timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert volume.button.isChecked()
    assert preferences.muted()
    qtbot.waitUntil(lambda: not heard(window, speaker), timeout=WAIT_MS)
    qtbot.mouseClick(volume.button, Qt.MouseButton.LeftButton)
    assert not window.menus["mute"].isChecked()
    qtbot.waitUntil(lambda: heard(window, speaker), timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert preferences.volume() == pytest.approx(0.9)
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert preferences.volume() == 1.0
    volume.slider.setValue(0)
    qtbot.waitUntil(lambda: not heard(window, speaker), timeout=WAIT_MS)
    again = open_window(str(film))
    assert again.deck.transport.volume.slider.value() == 0


def test_where_nothing_can_be_heard_a_note_says_so_once(qtbot, world, open_window, film: Path) -> None:
    world.make_source = open_source
    window = open_window(str(film))
    qtbot.waitUntil(lambda: "sound" in window.banners.shown, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not window.deck.transport.volume.isVisible(), timeout=WAIT_MS)
    window.banners.dismiss("sound")
    shown = window.playback.player
    window.replay()
    qtbot.waitUntil(lambda: window.playback.player not in (None, shown), timeout=WAIT_MS)
    window.playback.seek(2.0)
    qtbot.waitUntil(lambda: window.playback.player.position_s > 2.2, timeout=WAIT_MS)
    assert "sound" not in window.banners.shown
