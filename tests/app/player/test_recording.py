"""Recordings that start and stop while a live source runs."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from app.core.pipeline import Pipeline
from app.player.live import LivePlayer
from app.player.player import State
from app.player.recorded import recorded_readings, session_of
from app.player.recording import LiveRecording
from app.sessions.folder import Session
from app.sessions.recorder import RecordingPlan
from app.sinks.json_file import RunFacts
from app.sources.stream import open_address
from models.errors import InputError
from tests.app.sessions.counting import counting_camera, counts_in

FACTS = RunFacts("fake", "0" * 64, "haar", "fake", "0.1.0")


class ObservedRecording:
    """A recording with its messages and its outcome."""

    def __init__(self, library: Path) -> None:
        self.sentences: list[str] = []
        self.over = threading.Event()
        self.session: Session | None = None
        self.recording = LiveRecording(RecordingPlan(library, "cam", FACTS), self.sentences.append, self._end)

    def _end(self, session: Session | None) -> None:
        self.session = session
        self.over.set()

    @property
    def frames(self) -> int:
        """Number of frames so far."""
        status = self.recording.status()
        return 0 if status is None else status.frames


def test_every_picture_of_a_camera_is_recorded_also_those_that_nobody_read(
    fakes: ModuleType, tmp_path: Path, until: Callable[..., None]
) -> None:
    observed = ObservedRecording(tmp_path)
    with counting_camera() as camera:
        pipeline = Pipeline(fakes.FakeDetector(pause_s=0.1), fakes.FakeClassifier())  # one frame in 3 or 4
        player = LivePlayer(open_address(camera.address), pipeline, lambda error: None)
        try:
            player.record(observed.recording)
            with pytest.raises(ValueError, match="already"):
                player.record(LiveRecording(RecordingPlan(tmp_path, "cam", FACTS), print, print))
            until(lambda: observed.frames >= 40, "a recording")
            player.end_recording()
            assert observed.over.wait(30)
            again = ObservedRecording(tmp_path)
            player.record(again.recording)
            until(lambda: again.frames >= 5, "another recording")
        finally:
            player.close()
        assert again.over.wait(30), "a recording ends with its source"
    assert observed.sentences == again.sentences == []
    assert observed.session is not None
    numbers = [number for number, _ in counts_in(observed.session.video)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    manifest = observed.session.manifest()
    assert manifest.frames == len(numbers) >= 40
    assert manifest.dropped_analysis > len(numbers) / 3
    assert again.session is not None
    assert again.session.manifest().state == "complete"

    readings = recorded_readings(str(observed.session.path), lambda sentence: None)
    assert readings is not None
    assert (len(readings), readings.complete) == (len(numbers), True)
    read = [reading for reading in readings.between(0.0, 100.0) if reading.faces]
    assert len(read) > manifest.frames - manifest.dropped_analysis  # readings carried over to the frames between


def test_a_source_that_names_no_session(tmp_path: Path) -> None:
    (tmp_path / "video.mp4").touch()
    for spec in (
        "0",
        "demo",
        "",
        "http://host/video.mp4",
        str(tmp_path),
        str(tmp_path / "video.mp4"),
        "\0",
        "~no-one/x",
    ):
        assert session_of(spec) is None


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01T09-00-00_cam"
    path.mkdir()
    (path / "readings.csv").write_text("frame,time_s\n")
    messages: list[str] = []
    assert recorded_readings(str(path), messages.append) is None
    assert "read again" in messages[0]


def test_what_is_lost_cannot_be_recorded(fakes: ModuleType, tmp_path: Path, until: Callable[..., None]) -> None:
    observed = ObservedRecording(tmp_path)
    source = fakes.FakeSource(fakes.walk(3), live=True)
    player = LivePlayer(source, Pipeline(fakes.FakeDetector(), fakes.FakeClassifier()), lambda error: None)
    try:
        until(lambda: player.state is State.LOST, "the end of the source")
        with pytest.raises(InputError, match="delivers no more pictures"):
            player.record(observed.recording)
    finally:
        player.close()
    assert not any(tmp_path.iterdir())


def test_a_note_that_is_written_while_the_recording_ends_is_kept(
    fakes: ModuleType, tmp_path: Path, until: Callable[..., None]
) -> None:
    observed = ObservedRecording(tmp_path)
    source = fakes.FakeSource(fakes.walk(600), live=True, pause_s=0.01)
    player = LivePlayer(source, Pipeline(fakes.FakeDetector(), fakes.FakeClassifier()), lambda error: None)
    try:
        with pytest.raises(InputError, match="not begun"):
            observed.recording.note("too early", "note")
        player.record(observed.recording)
        until(lambda: observed.frames >= 5, "a recording")
        observed.recording.note("before", "note")
        player.end_recording()
        assert observed.over.wait(30)
        observed.recording.note("after", "note", ago_s=0.01)
    finally:
        player.close()
    assert observed.session is not None
    assert [note.text for note in observed.session.notes()] == ["before", "after"]
