"""Recording in the window, and viewing the session: notes as flags, labels beside the readings."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog

from app.player.player import State
from app.sessions.folder import Session, write_manifest
from app.sessions.library import Library
from app.ui.window import MainWindow

Open = Callable[..., MainWindow]
WAIT_MS = 20_000


def shown(window: MainWindow) -> bool:
    return window.picture.result is not None


def sessions_in(library: Path) -> list[Session]:
    with Library(library) as opened:
        return [Session(library / entry.name) for entry in opened.entries()]


def answer(window: MainWindow, qtbot, text: str) -> None:
    """Type into the dialog that has been opened."""
    qtbot.waitUntil(lambda: bool(window.findChildren(QInputDialog)), timeout=WAIT_MS)
    (dialog,) = window.findChildren(QInputDialog)
    dialog.setTextValue(text)
    dialog.accept()
    qtbot.waitUntil(lambda: not window.findChildren(QInputDialog), timeout=WAIT_MS)


@pytest.fixture
def recorded(qtbot, world, open_window: Open) -> tuple[MainWindow, Session]:
    """A window with a session recorded from a camera, with a note and a mark."""
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    assert not world.library.exists(), "nothing is recorded unless it is asked for"
    window.menus["record"].trigger()
    assert window.menus["record"].isChecked()

    def frames() -> int:
        recording = window.recording.active
        status = None if recording is None else recording.status()
        return 0 if status is None else status.frames

    qtbot.waitUntil(lambda: frames() > 5, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.picture.badge.text.startswith("REC   0:"), timeout=WAIT_MS)
    assert "free" in window.picture.badge.text
    window.menus["note"].trigger()
    answer(window, qtbot, "hello")
    window.menus["note"].trigger()
    answer(window, qtbot, "")
    qtbot.waitUntil(lambda: frames() > 30, timeout=WAIT_MS)
    window.menus["record"].trigger()
    qtbot.waitUntil(lambda: window.recording.active is None, timeout=WAIT_MS)
    (session,) = sessions_in(world.library)
    return window, session


def test_recording_and_looking_at_it(qtbot, recorded: tuple[MainWindow, Session]) -> None:
    window, session = recorded
    assert not window.menus["record"].isChecked()
    assert session.name in window.banners.shown["record"].sentence
    assert window.picture.badge.text.startswith("LIVE")
    manifest = session.manifest()
    assert (manifest.state, manifest.dropped_video, manifest.model["name"]) == ("complete", 0, "fake")
    with av.open(str(session.video)) as container:
        assert container.streams.video[0].frames == manifest.frames > 30
    assert [(note.kind, note.text) for note in session.notes()] == [("note", "hello"), ("mark", "")]


def test_a_session_is_played_with_what_was_read_then(qtbot, world, recorded: tuple[MainWindow, Session]) -> None:
    from app.player.parts import open_any_source

    window, session = recorded
    world.make_source = open_any_source
    analysed = world.detectors[-1].calls
    write_manifest(session.manifest_path, replace(session.manifest(), title="Pilot"))
    window.show_source(str(session.path))
    qtbot.waitUntil(lambda: shown(window) and len(window.deck.bar.flags) == 2, timeout=WAIT_MS)
    assert window.windowTitle() == "Pilot – Mimik"
    film = window.playback.film
    assert film.readings.complete
    assert len(film.readings) == session.manifest().frames
    window.playback.pause()
    window.playback.seek(0.5)
    qtbot.waitUntil(lambda: abs(film.position_s - 0.5) < 0.1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bool(window.picture.result.faces), timeout=WAIT_MS)
    assert world.detectors[-1].calls <= analysed + 40  # only the camera's frames were analysed, not the video
    assert "hello" in window.deck.bar.flags[0].text


def test_labels_stand_beside_the_reading(qtbot, world, recorded: tuple[MainWindow, Session]) -> None:
    from app.player.parts import open_any_source

    window, session = recorded
    world.make_source = open_any_source
    before = session.readings.read_bytes()
    window.show_source(str(session.path))
    qtbot.waitUntil(lambda: shown(window) and len(window.deck.bar.flags) == 2, timeout=WAIT_MS)
    window.playback.pause()
    qtbot.waitUntil(lambda: window.playback.player.state is State.PAUSED, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.notes._face is not None, timeout=WAIT_MS)
    machine = window.notes._face.label
    window.notes.label(1)
    qtbot.waitUntil(lambda: window.side.correction.text() == "You say: anger", timeout=WAIT_MS)
    assert window.notes._face.label == machine
    window.playback.mark(0.0, 0.4)
    window.notes.label(0)
    qtbot.waitUntil(lambda: len(window.deck.bar.flags) == 4, timeout=WAIT_MS)
    window.notes.label(8)  # there is no eighth emotion
    labels = [note for note in session.notes() if note.kind == "label"]
    assert {(note.text, note.end_s) for note in labels} == {("anger", None), ("not sure", 0.4)}
    assert {note.face_id for note in labels} == {window.notes._face.track_id}
    assert session.readings.read_bytes() == before
    window.show_source("long")
    assert window.deck.bar.flags == ()
    assert window.side.correction.text() == ""


def test_closing_ends_a_recording_in_order(qtbot, world, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus["record"].trigger()
    qtbot.waitUntil(lambda: window.recording.active.status() is not None, timeout=WAIT_MS)
    window.close()
    assert window.join(20)
    (session,) = sessions_in(world.library)
    assert session.manifest().state == "complete"


def test_leaving_the_camera_ends_the_recording(qtbot, world, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus["record"].trigger()
    qtbot.waitUntil(lambda: window.recording.active.status() is not None, timeout=WAIT_MS)
    window.show_source("long")
    qtbot.waitUntil(lambda: window.recording.active is None, timeout=WAIT_MS)
    assert not window.menus["record"].isChecked()
    assert sessions_in(world.library)[0].manifest().state == "complete"


def test_a_library_that_cannot_be_made_is_told_and_the_picture_goes_on(qtbot, world, open_window: Open) -> None:
    world.library.write_text("in the way")
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus["record"].trigger()
    qtbot.waitUntil(lambda: "record" in window.banners.shown, timeout=WAIT_MS)
    assert "cannot take a session" in window.banners.shown["record"].sentence
    qtbot.waitUntil(lambda: window.recording.active is None, timeout=WAIT_MS)
    index = window.picture.result.frame.index
    qtbot.waitUntil(lambda: window.picture.result.frame.index > index, timeout=WAIT_MS)


def test_readings_of_a_film_are_kept(qtbot, world, clip, open_window: Open) -> None:
    from app.player.parts import open_any_source

    world.make_source = open_any_source
    film = clip(frames=20)
    window = open_window(str(film))
    qtbot.waitUntil(lambda: shown(window) and window.playback.film.readings.complete, timeout=WAIT_MS)
    window.menus["record"].trigger()
    qtbot.waitUntil(lambda: "Kept as" in window.banners.shown["record"].sentence, timeout=WAIT_MS)
    (session,) = sessions_in(world.library)
    manifest = session.manifest()
    assert (manifest.frames, manifest.state, manifest.source.path) == (20, "complete", str(film))
    window.show_source(str(session.path))
    qtbot.waitUntil(lambda: shown(window) and window.playback.film.readings.complete, timeout=WAIT_MS)
    assert len(window.playback.film.readings) == 20


def test_faces_can_be_blurred_in_recordings(qtbot, world, preferences, open_window: Open) -> None:
    preferences.keep_blur("all")
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus["record"].trigger()
    status = window.recording.active.status
    qtbot.waitUntil(lambda: status() is not None and status().frames > 20, timeout=WAIT_MS)
    window.menus["record"].trigger()
    qtbot.waitUntil(lambda: window.recording.active is None, timeout=WAIT_MS)
    (session,) = sessions_in(world.library)
    with av.open(str(session.video)) as container:
        images = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    # A sharp square differs by 140 levels and more from the black around it.
    assert max(np.abs(np.diff(image[50:70].astype(int), axis=1)).max() for image in images) < 80


def test_a_note_without_a_session_says_where_it_belongs(qtbot, open_window: Open) -> None:
    window = open_window("long")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    window.menus["note"].trigger()
    assert "record with R" in window.banners.shown["hint"].sentence


def test_a_camera_that_is_gone_is_not_recorded(qtbot, world, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: shown(window), timeout=WAIT_MS)
    world.sources[-1].close()
    qtbot.waitUntil(lambda: window.playback.player.state is State.LOST, timeout=WAIT_MS)
    window.menus["record"].trigger()
    assert not window.menus["record"].isChecked()
    assert window.recording.active is None
    assert "no more pictures" in window.banners.shown["record"].sentence
    assert not world.library.exists()
