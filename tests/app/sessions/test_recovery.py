"""Recovering sessions from every state that a kill, a power cut or another program may leave."""

import csv
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from app.locks import lock
from app.sessions.clean_video import CleanVideo
from app.sessions.encoders import pick_encoder
from app.sessions.folder import FilmRef, Manifest, Session, is_session, write_manifest
from app.sessions.keeper import RESERVE
from app.sessions.library import Library
from app.sessions.names import folder_name
from app.sessions.recovery import recover, was_cut_off
from app.sinks.csv_file import header
from models.errors import InputError
from tests.app.sessions.counting import counted

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LABELS = ("anger", "happiness")
PICTURES = 45


@pytest.fixture(scope="module")
def cut_video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Truncate a video as a kill does: whole fragments and the beginning of another."""
    path = tmp_path_factory.mktemp("videos") / "a.mp4"
    video = CleanVideo(path, pick_encoder(320, 240, 30.0), 30.0)
    for number in range(70):
        video.add(counted(number), number / 30)
        if video.on_disk >= PICTURES:
            break
    left = path.read_bytes()
    kept = video.on_disk
    video.close()
    assert kept == PICTURES
    return left + b"\0\0\x10\0moof half of one"


@pytest.fixture
def session(tmp_path: Path, cut_video: bytes) -> Session:
    path = tmp_path / folder_name(START, "camera-0")
    path.mkdir()
    made = Session(path)
    write_manifest(made.manifest_path, Manifest("camera 0", START, state="recording", title="kept"))
    made.video.write_bytes(cut_video)
    write_rows(made, range(50))
    (path / RESERVE).write_bytes(bytes(100))
    (path / ".session.json-x.part").touch()
    return made


def write_rows(session: Session, frames: range, end: str = "\n") -> None:
    with session.readings.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(header(LABELS))
        for frame in frames:
            shares = ["0.25", "0.75"] * 2
            rows.writerow(
                [frame, f"{frame / 30:.6f}", 0, 1, 2, 3, 4, 0.9, "happiness", *shares, "small,dark", "ok", ""]
            )
        file.write(end.removeprefix("\n"))


def rows_of(session: Session) -> list[dict[str, str]]:
    with session.readings.open(newline="") as file:
        return list(csv.DictReader(file))


def test_everything_that_is_whole_is_kept(session: Session) -> None:
    assert was_cut_off(session)
    manifest = recover(session)
    assert (manifest.state, manifest.title, manifest.frames) == ("recovered", "kept", 45)
    assert (manifest.people, set(manifest.strip)) == (1, {"happiness"})
    assert manifest.duration_s == pytest.approx(49 / 30, abs=0.01)
    with av.open(str(session.video)) as container:
        assert container.streams.video[0].frames == 45
        assert sum(1 for _ in container.decode(video=0)) == 45
    rows = rows_of(session)
    assert [row["frame"] for row in rows] == [*map(str, range(45)), *[""] * 5]
    assert {row["quality"] for row in rows} == {"small,dark"}
    assert session.thumbnail.is_file()
    names = {path.name for path in session.path.iterdir()}
    assert names == {"session.json", "video.mp4", "readings.csv", "thumbnail.jpg"}
    assert session.video.stat().st_mode & 0o777 == 0o600
    assert not was_cut_off(session)


def test_a_video_that_was_closed_in_time(session: Session) -> None:
    session.video.unlink()
    video = CleanVideo(session.video, pick_encoder(320, 240, 30.0), 30.0)
    for number in range(50):
        video.add(counted(number), number / 30)
    video.close()
    manifest = recover(session)
    assert (manifest.frames, manifest.dropped_video) == (50, 0)
    assert [row["frame"] for row in rows_of(session)] == [*map(str, range(50))]


def test_names_of_pictures_are_kept_as_they_were(session: Session) -> None:
    lines = session.readings.read_text().splitlines()
    lines[1] += '"a, ""b"".png"'
    session.readings.write_text("\n".join(lines))
    recover(session)
    with session.readings.open(newline="") as file:
        assert next(csv.DictReader(file))["picture"] == 'a, "b".png'


def test_half_a_row_goes(session: Session) -> None:
    write_rows(session, range(30), end="30,1.0000")
    recover(session)
    assert [int(row["frame"]) for row in rows_of(session)] == list(range(30))
    assert session.readings.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("video", [b"", b"\0\0\0\x18ftypisom", b"garbage" * 1000, b"\0" * 5000, None])
def test_a_video_without_a_whole_picture(session: Session, video: bytes | None) -> None:
    session.video.unlink()
    if video is not None:
        session.video.write_bytes(video)
    manifest = recover(session)
    assert (manifest.state, manifest.frames, manifest.dropped_video) == ("recovered", 0, 50)
    assert not session.video.exists()
    aside = session.path / "video.mp4.damaged"
    assert (aside.read_bytes() if aside.exists() else b"") == (video if video and len(video) > 4096 else b"")
    assert [row["frame"] for row in rows_of(session)] == [""] * 50


@pytest.mark.parametrize("text", [None, "", "frame,time_s\n1,2\n", "\0\0\0", "a" * 1000])
def test_a_table_that_is_missing_or_strange(session: Session, text: str | None) -> None:
    session.readings.unlink()
    if text is not None:
        session.readings.write_text(text)
    manifest = recover(session)
    assert (manifest.state, manifest.frames, manifest.people) == ("recovered", 45, 0)


@pytest.mark.parametrize("text", [None, "", '{"format": 1, "state": "reco', "\0" * 700])
def test_a_manifest_that_is_missing_or_cut(session: Session, text: str | None) -> None:
    session.manifest_path.unlink()
    if text is not None:
        session.manifest_path.write_text(text)
    assert was_cut_off(session)
    manifest = recover(session)
    assert (manifest.state, manifest.started_at, manifest.source, manifest.frames) == (
        "recovered",
        START,
        "camera-0",
        45,
    )


@pytest.mark.parametrize("manifest", [None, ""])
def test_a_video_is_all_that_is_left(session: Session, manifest: str | None) -> None:
    for path in session.path.iterdir():
        if path != session.video:
            path.unlink()
    if manifest is not None:
        session.manifest_path.write_text(manifest)
    with Library(session.path.parent) as library:
        assert [found.name for found in library.cut_off()] == [session.name]
        recovered = recover(library.session(session.name))
        assert (recovered.state, recovered.started_at, recovered.source) == ("recovered", START, "camera-0")
        assert (recovered.frames, recovered.people) == (45, 0)
        assert recovered.duration_s == pytest.approx(45 / 30, abs=0.01)
        assert session.thumbnail.is_file()
        assert library.cut_off() == []


def test_a_folder_of_another_name_with_a_video_is_no_session(session: Session) -> None:
    other = session.path.with_name("holiday")
    other.mkdir()
    session.video.rename(other / "video.mp4")
    assert not is_session(other)
    (other / "session.json").write_text("")
    assert recover(Session(other)).source == "holiday"


def test_what_others_wrote_is_left_alone(session: Session) -> None:
    session.manifest_path.write_text('{"format": 7}')
    assert not was_cut_off(session)
    with pytest.raises(InputError, match="later version"):
        recover(session)
    assert session.video.read_bytes().endswith(b"half of one")


def test_a_films_session(session: Session, tmp_path: Path) -> None:
    film = FilmRef(str(tmp_path / "a.mp4"), None, 3)
    write_manifest(session.manifest_path, replace(session.manifest(), source=film))
    session.video.unlink()
    manifest = recover(session)
    assert (manifest.state, manifest.frames, manifest.dropped_video) == ("recovered", 50, 0)
    assert [int(row["frame"]) for row in rows_of(session)] == list(range(50))


def test_a_films_session_without_a_manifest_keeps_its_numbers(session: Session) -> None:
    session.manifest_path.unlink()
    session.video.unlink()
    manifest = recover(session)
    assert (manifest.state, manifest.dropped_video) == ("recovered", 0)
    assert [int(row["frame"]) for row in rows_of(session)] == list(range(50))


def test_a_recording_that_goes_on_is_not_touched(session: Session) -> None:
    mark = lock(session.readings)
    if mark is None:
        pytest.skip("no marks on this system")
    before = session.video.read_bytes()
    try:
        assert not was_cut_off(session)
        with pytest.raises(InputError, match="being recorded"):
            recover(session)
    finally:
        os.close(mark)
    assert session.video.read_bytes() == before


def test_a_disk_without_room_leaves_everything_as_it_is(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = session.readings.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space"):
        recover(session)
    assert session.readings.read_bytes() == before
    monkeypatch.undo()
    assert was_cut_off(session)
    assert recover(session).frames == 45


def test_a_complete_session_stays_as_it_is(session: Session) -> None:
    write_manifest(session.manifest_path, replace(session.manifest(), state="complete"))
    before = {path.name: path.read_bytes() for path in session.path.iterdir()}
    recover(session)
    assert {path.name: path.read_bytes() for path in session.path.iterdir()} == before


def test_names_that_are_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a folder"):
        recover(Session(tmp_path / "nothing"))
