"""Session folders: written data is read back, and foreign files do no harm."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.sessions.files import make_private_folder, replace_whole
from app.sessions.folder import FilmRef, Manifest, Session, is_session, read_manifest, write_manifest
from app.sessions.names import folder_name, named
from models.errors import InputError

START = datetime(2026, 3, 1, 9, 5, 7, 250_000, tzinfo=UTC)
FULL = Manifest(
    source="camera 0",
    started_at=START,
    state="recording",
    duration_s=12.5,
    frames=375,
    dropped_video=2,
    dropped_analysis=40,
    model={"name": "student", "sha256": "0" * 64},
    detector="blazeface",
    versions={"mimik": "0.1.0"},
    title="Gespräch",
    tags=("a", "b c"),
    own=True,
    people=2,
    strip=("happiness", "", "neutral"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / folder_name(START, "camera-0")
    make_private_folder(path)
    return path


@pytest.mark.parametrize("source", ["camera 0", FilmRef("/films/a.mp4", "f" * 64, 12), FilmRef("/b\udcff.avi", None)])
def test_a_manifest_is_read_as_it_was_written(folder: Path, source: str | FilmRef) -> None:
    manifest = replace(FULL, source=source)
    write_manifest(folder / "session.json", manifest)
    assert Session(folder).manifest() == manifest
    assert stat.S_IMODE((folder / "session.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_manifest_has_the_keys_that_others_rely_on(folder: Path) -> None:
    write_manifest(folder / "session.json", FULL)
    content = json.loads((folder / "session.json").read_text())
    assert content["format"] == 1
    assert content["started_at"] == "2026-03-01T09:05:07.250+00:00"
    assert content["dropped"] == {"video": 2, "analysis": 40}
    assert (content["source"], content["own"], content["tags"]) == ("camera 0", True, ["a", "b c"])


def test_a_start_in_another_zone_is_written_in_utc(folder: Path) -> None:
    there = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert folder_name(there, "x") == "2026-03-01T09-05-07_x"
    write_manifest(folder / "session.json", replace(FULL, started_at=there))
    assert json.loads((folder / "session.json").read_text())["started_at"].endswith("09:05:07.250+00:00")


def test_keys_of_other_programs_are_kept(folder: Path) -> None:
    path = folder / "session.json"
    path.write_text(json.dumps({"format": 1, "source": "x", "state": "complete", "site": {"room": 3}}))
    write_manifest(path, replace(read_manifest(path), title="new"))
    content = json.loads(path.read_text())
    assert content["site"] == {"room": 3}
    assert content["title"] == "new"


@pytest.mark.parametrize(
    "content",
    [
        {"format": 1},
        {"format": 1, "source": 3, "started_at": 7, "tags": "a", "dropped": [], "duration_s": "x", "own": 1},
        {"format": 1, "frames": -1, "duration_s": float("nan"), "tags": [1, None], "state": "?", "started_at": "soon"},
        {"format": 1, "started_at": "0001-01-01T00:00:00+14:00", "duration_s": 10**400, "frames": 1.5},
        {"format": 1, "started_at": "0001-01-01T00:00:00", "duration_s": 1e300},
        {"format": 1, "started_at": "9999-12-31T23:59:59-11:00", "duration_s": True},
        {"format": 1, "people": True, "source": {"sha256": 1}, "model": "student", "versions": []},
    ],
)
def test_what_makes_no_sense_counts_as_unknown(folder: Path, content: dict) -> None:
    path = folder / "session.json"
    path.write_text(json.dumps(content))
    manifest = read_manifest(path)
    assert manifest.started_at == START.replace(microsecond=0)  # from the folder's name
    assert (manifest.frames, manifest.duration_s, manifest.tags, manifest.own) == (0, 0.0, (), False)
    assert manifest.source_name == "camera-0" or "source" in content


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"format": "1"}', '{"format": 2}', "[" * 100_000, "\xff"])
def test_what_is_no_manifest_is_a_sentence(folder: Path, text: str) -> None:
    path = folder / "session.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match=r"session\.json"):
        read_manifest(path)


def test_names_tell_start_and_source(tmp_path: Path) -> None:
    assert named(tmp_path / "2026-03-01T09-05-07_a_b") == (START.replace(microsecond=0), "a_b")
    assert named(tmp_path / "2026-13-01T09-05-07_a") is None
    assert named(tmp_path / "holiday") is None


def test_a_folder_without_manifest_is_a_session_by_name_and_readings(folder: Path) -> None:
    assert not is_session(folder)
    (folder / "readings.csv").touch()
    assert is_session(folder)
    assert not is_session(folder.parent)


def test_pictures_are_the_video_or_the_film(folder: Path, tmp_path: Path) -> None:
    session = Session(folder)
    film = tmp_path / "a.mp4"
    write_manifest(session.manifest_path, replace(FULL, source=FilmRef(str(film), None)))
    with pytest.raises(InputError, match="moved"):
        session.pictures()
    film.touch()
    assert session.pictures() == film
    session.video.touch()
    assert session.pictures() == session.video


def test_a_failure_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "session.json"
    write_manifest(path, FULL)
    before = path.read_bytes()

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(InputError, match="No space"):
        write_manifest(path, replace(FULL, title="x" * 99))
    assert path.read_bytes() == before
    assert [one.name for one in folder.iterdir()] == ["session.json"]


def test_a_folder_that_lost_its_permission_keeps_its_manifest_up_to_date(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "session.json"
    write_manifest(path, FULL)

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    replace_whole(path, b"{}")
    assert path.read_bytes() == b"{}"
    with pytest.raises(PermissionError):
        replace_whole(folder / "new.json", b"{}")
