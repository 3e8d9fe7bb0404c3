"""The recorder under failure: slow or failing encoders, full disks, frames that were not analysed."""

import errno
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import av
import numpy as np
import pytest

from app.sessions.blur import Faces
from app.sessions.clean_video import CleanVideo
from models.errors import InputError
from tests.app.sessions.counting import counted, counts_in
from tests.app.sessions.recording import INFO, LABELS, Recording, frame_of, result_of


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "library")
    yield made
    made.recorder.close()


def test_every_picture_is_kept_and_readings_name_theirs(recording: Recording) -> None:
    recording.begin()
    recording.run(range(40), read=lambda number: number % 3 == 0)
    recording.recorder.note("hello")
    recording.recorder.note(kind="mark")
    recording.recorder.close()
    counts = counts_in(recording.session.video)
    assert [number for number, _ in counts] == list(range(40))
    assert [round(time_s * 30) for _, time_s in counts] == list(range(40))
    assert [int(row["frame"]) for row in recording.rows()] == list(range(0, 40, 3))
    assert all(abs(float(row["time_s"]) - int(row["frame"]) / 30) < 1e-5 for row in recording.rows())
    manifest = recording.session.manifest()
    assert (manifest.state, manifest.frames, manifest.dropped_video, manifest.dropped_analysis) == (
        "complete",
        40,
        0,
        26,
    )
    assert manifest.duration_s == pytest.approx(40 / 30, abs=1e-5)
    assert (manifest.people, set(manifest.strip)) == (1, {"happiness"})
    assert [(note.kind, note.text) for note in recording.session.notes()] == [("note", "hello"), ("mark", "")]
    assert recording.messages == []


def test_only_the_owner_may_read_a_session(recording: Recording) -> None:
    recording.begin()
    recording.run(range(5))
    recording.recorder.note("x")
    recording.recorder.close()
    folder = recording.session.path
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    names = {"session.json", "video.mp4", "readings.csv", "notes.csv", "thumbnail.jpg"}
    assert {file.name for file in folder.iterdir()} == names


def test_readings_of_pictures_from_before_are_not_recorded(recording: Recording) -> None:
    recording.recorder.take(frame_of(7))
    recording.recorder.open(INFO, LABELS)
    recording.recorder.write(result_of(frame_of(6)))
    recording.recorder.write(result_of(frame_of(7)))
    recording.recorder.close()
    assert [row["frame"] for row in recording.rows()] == ["0"]


def test_a_slow_encoder_costs_pictures_but_no_readings(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, add = threading.Event(), CleanVideo.add

    def wait(video: CleanVideo, *args: object) -> None:
        slow.wait(30)
        add(video, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(CleanVideo, "add", wait)
    assert recording.recorder._video is not None
    recording.recorder._video._queue._most_bytes = 0
    recording.begin()
    recording.run(range(30))
    assert len(recording.messages) == 1
    assert "leaves out pictures" in recording.messages[0]
    slow.set()
    recording.recorder.close()
    numbers = [number for number, _ in counts_in(recording.session.video)]
    rows = recording.rows()
    assert len(rows) == 30
    assert 0 < len(numbers) < 30
    named = [int(row["frame"]) for row in rows if row["frame"]]
    assert named == list(range(len(numbers)))
    by_time = {round(float(row["time_s"]) * 30): row["frame"] for row in rows}
    assert [by_time[number] for number in numbers] == [str(place) for place in range(len(numbers))]
    manifest = recording.session.manifest()
    assert (manifest.frames, manifest.dropped_video, manifest.dropped_analysis) == (len(numbers), 30 - len(numbers), 0)


def test_an_encoder_that_raises_ends_the_video_alone(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    add = CleanVideo.add

    def fail(video: CleanVideo, image: np.ndarray, time_s: float) -> None:
        if time_s > 1.0:
            raise ValueError("no more")
        add(video, image, time_s)

    monkeypatch.setattr(CleanVideo, "add", fail)
    recording.begin()
    recording.run(range(60))
    recording.recorder.close()
    assert len(recording.messages) == 1
    assert "encoder failed" in recording.messages[0]
    pictures = len(counts_in(recording.session.video))
    assert 25 < pictures < 35
    rows = recording.rows()
    assert len(rows) == 60
    assert [row["frame"] for row in rows[: pictures + 1]] == [*map(str, range(pictures)), ""]
    assert not recording.ended.is_set()
    manifest = recording.session.manifest()
    assert (manifest.state, manifest.frames, manifest.dropped_video) == ("complete", pictures, 60 - pictures)


@pytest.mark.parametrize("what", ["video", "readings"])
def test_a_full_disk_ends_the_recording_in_order(
    recording: Recording, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    if what == "video":
        add = CleanVideo.add

        def fail(video: CleanVideo, image: np.ndarray, time_s: float) -> None:
            if time_s > 1.0:
                raise full
            add(video, image, time_s)

        monkeypatch.setattr(CleanVideo, "add", fail)
    else:

        def refuse(*_: object) -> None:
            raise InputError("readings.csv cannot be written: No space left on device; see to it.")

        monkeypatch.setattr("app.sessions.table.RowFile.put", _after(refuse, 1))
    recording.begin()
    recording.run(range(60))
    assert recording.ended.wait(30)
    recording.run(range(60, 70))  # the video goes on
    recording.recorder.close()
    assert len(recording.messages) == 1
    assert "No space left" in recording.messages[0]
    assert "everything before is kept" in recording.messages[0]
    assert len(counts_in(recording.session.video)) > 25
    assert recording.session.manifest().state == "complete"
    assert recording.recorder.status().ended


def _after(then: Callable[..., None], calls: int) -> Callable[..., None]:
    from app.sinks.csv_file import RowFile

    put, made = RowFile.put, [0]

    def work(file: RowFile, rows: list[list[str]]) -> None:
        made[0] += 1
        (put if made[0] <= calls else then)(file, rows)

    return work


def test_little_room_is_told_and_no_room_ends_it(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [2**40]

    class Usage:
        @property
        def free(self) -> int:
            return left[0]

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage())
    monkeypatch.setattr("app.sessions.keeper._SECOND_S", 0.0)
    notified = threading.Event()
    keep = recording.messages.append
    recording.recorder._notify = lambda text: (keep(text), notified.set())  # type: ignore[assignment]
    recording.begin()
    recording.run(range(200))
    left[0] = 2**20
    assert notified.wait(30)
    assert "less than three minutes" in recording.messages[0]
    left[0] = 2**10
    assert recording.ended.wait(30)
    recording.recorder.close()
    assert "is full" in recording.messages[1]
    assert recording.session.manifest().state == "complete"
    assert len(counts_in(recording.session.video)) > 0


def test_a_folder_that_loses_its_permission(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    notified = threading.Event()
    keep = recording.messages.append
    recording.recorder._notify = lambda text: (keep(text), notified.set())  # type: ignore[assignment]
    monkeypatch.setattr("app.sessions.keeper._SECOND_S", 0.0)
    recording.begin()
    recording.run(range(30))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    assert notified.wait(30)
    recording.run(range(30, 60))
    recording.recorder.close()
    monkeypatch.undo()
    assert len(recording.messages) == 1
    assert "does not allow new files" in recording.messages[0]
    assert len(counts_in(recording.session.video)) == len(recording.rows()) == 60
    assert recording.session.manifest().state == "complete"


def test_a_note_that_cannot_be_written_does_not_end_a_recording(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InputError("notes.csv cannot be written: Permission denied")

    monkeypatch.setattr("app.sessions.keeper.add_note", refuse)
    recording.begin()
    recording.recorder.note("x")
    recording.run(range(40))
    recording.recorder.close()
    assert recording.messages == ["notes.csv cannot be written: Permission denied"]
    assert not recording.ended.is_set()
    assert recording.session.manifest().frames == 40


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recording = Recording(tmp_path / "file")
    with pytest.raises(InputError, match="cannot take a session"):
        recording.begin()
    recording.recorder.close()


def test_faces_are_blurred_in_the_video_and_the_thumbnail(tmp_path: Path) -> None:
    recording = Recording(tmp_path, faces=Faces("all"))
    recording.begin()
    recording.run(range(30))
    recording.recorder.close()
    with av.open(str(recording.session.video)) as container:
        images = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    assert len(images) == 30
    for number, image in enumerate(images):
        inside = slice(2 * number + 5, 2 * number + 55)
        assert np.abs(np.diff(counted(number)[85:135, inside].astype(int), axis=1)).max() == 50  # a darker patch
        assert np.abs(np.diff(image[85:135, inside].astype(int), axis=1)).max() < 15
    assert [number for number, _ in counts_in(recording.session.video)] == list(range(30))
    assert len(recording.rows()) == 30
    assert recording.session.thumbnail.is_file()


def test_those_that_are_kept_are_shown() -> None:
    faces = Faces("others", keep=(1,))
    faces.add(0.0, result_of(frame_of(0), faces=3).faces)
    assert len(faces.at(0.0)) == 2
    assert len(Faces("all", keep=(1,)).hidden(result_of(frame_of(0), faces=3).faces)) == 3


def test_two_recordings_of_one_second_have_folders_of_their_own(tmp_path: Path, fakes: ModuleType) -> None:
    made = [Recording(tmp_path) for _ in range(2)]
    for recording in made:
        recording.begin()
    for recording in made:
        recording.run(range(3))
        recording.recorder.close()
    assert made[0].session.path != made[1].session.path
    assert all(recording.session.manifest().frames == 3 for recording in made)
