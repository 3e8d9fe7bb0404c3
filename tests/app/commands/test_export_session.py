"""`export` of sessions: corrections and notes beside the readings, frames matched by number."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import av
import cv2
import pandas as pd
import pytest

from app.__main__ import main
from app.export.kinds import KINDS
from app.sessions.folder import FilmRef, Manifest, Session, write_manifest
from app.sessions.notes import add_note
from models.bundle import sha256_of

Clip = Callable[..., Path]


@pytest.fixture
def session(faked: ModuleType, clip: Clip, tmp_path: Path) -> Session:
    """A session whose video is a clip of a moving square, with a note and two corrections."""
    assert main(["analyze", str(clip()), "--out", str(tmp_path / "results")]) == 0
    folder = tmp_path / "2026-03-01T09-05-07_camera-0"
    folder.mkdir()
    made = Session(folder)
    made.video.write_bytes(clip().read_bytes())
    made.readings.write_bytes((tmp_path / "results" / f"{clip().stem}.csv").read_bytes())
    start = datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC)
    manifest = Manifest("camera 0", start, duration_s=1.0, frames=30, title="An <interview>", tags=("a&b",))
    write_manifest(made.manifest_path, manifest)
    add_note(made.notes_path, 0.5, "note", "=1+1 <b>")
    add_note(made.notes_path, 0.2, "label", "fear", end_s=0.4, face_id=0)
    add_note(made.notes_path, 0.8, "label", "uncertain", face_id=0)
    return made


def export(session: Session, kind: str, out: Path, *options: str) -> int:
    return main(["export", str(session.path), "--to", kind, "--out", str(out), *options])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind(session: Session, tmp_path: Path, kind: str) -> None:
    before = {path: path.read_bytes() for path in session.path.iterdir()}
    assert export(session, kind, tmp_path / "out") == 0
    (made,) = (tmp_path / "out").iterdir()
    assert made.name.startswith(session.name) and made.stat().st_size > 100
    assert {path: path.read_bytes() for path in session.path.iterdir()} == before


def test_corrections_and_notes_stand_beside_the_readings(session: Session, tmp_path: Path) -> None:
    assert export(session, "csv", tmp_path / "a.csv") == 0
    table = pd.read_csv(tmp_path / "a.csv")
    assert table[table.corrected == "fear"].frame.tolist() == list(range(6, 12))
    assert table[table.corrected == "uncertain"].frame.tolist() == [24]
    assert table[table.notes.notna()].notes.tolist() == ["=1+1 <b>"]
    assert set(table.label) == set(pd.read_csv(session.readings).label)
    assert export(session, "json", tmp_path / "a.json") == 0
    data = json.loads((tmp_path / "a.json").read_text())
    assert (data["title"], data["tags"], data["state"]) == ("An <interview>", ["a&b"], "complete")
    assert [note["kind"] for note in data["notes"]] == ["label", "note", "label"]
    assert export(session, "html", tmp_path / "a.html") == 0
    text = (tmp_path / "a.html").read_text()
    assert "An &lt;interview&gt;" in text and "2026-03-01, 09:05:07 UTC" in text and "=1+1 &lt;b&gt;" in text


def test_a_name_means_a_session_of_the_users_library(session: Session, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("app.commands.contents.library_of_user", lambda: session.path.parent)
    monkeypatch.chdir("/")
    for name in (session.name, "2026-03"):
        assert main(["export", name, "--to", "csv", "--out", str(tmp_path / "a.csv"), "--overwrite"]) == 0
    assert main(["export", "2031", "--to", "csv", "--out", str(tmp_path / "b.csv")]) == 2
    assert "2031" in capsys.readouterr().err


def test_its_own_files_name_the_session_and_are_never_replaced(session: Session, tmp_path: Path) -> None:
    words = ["--to", "csv", "--out", str(session.readings), "--overwrite"]
    before = session.readings.read_bytes()
    for name in ("session.json", "readings.csv"):
        assert main(["export", str(session.path / name), *words]) == 0
    assert session.readings.read_bytes() == before
    assert "corrected" in (session.path / "readings-2.csv").read_text()


def test_pictures_that_nobody_read_and_readings_without_a_picture(session: Session, tmp_path: Path) -> None:
    lines = session.readings.read_text().splitlines()
    lines[5] = "," + lines[5].partition(",")[2]
    session.readings.write_text("\n".join([*lines[:6], *lines[8:]]) + "\n")
    assert export(session, "csv", tmp_path / "a.csv") == 0
    table = pd.read_csv(tmp_path / "a.csv")
    assert len(table) == 28 and table.frame.isna().sum() == 1
    assert export(session, "video", tmp_path / "a.mp4") == 0
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


def test_the_session_of_a_film_refers_to_it(session: Session, clip: Clip, tmp_path: Path, capsys) -> None:
    film = tmp_path / "film.mp4"
    session.video.rename(film)
    manifest = session.manifest()
    for path, digest, code in (
        (film, sha256_of(film), 0),
        (tmp_path / "elsewhere" / "film.mp4", sha256_of(film), 0),  # found next to the session
        (film, "0" * 64, 2),
        (tmp_path / "gone.mp4", None, 2),
    ):
        write_manifest(session.manifest_path, Manifest(FilmRef(str(path), digest), manifest.started_at, duration_s=1.0))
        assert export(session, "clip", tmp_path / "out.mp4", "--overwrite") == code, path
    assert "gone.mp4" in capsys.readouterr().err
    assert export(session, "frame", tmp_path / "a.png", "--at", "0.5") == 2
    write_manifest(session.manifest_path, Manifest(FilmRef(str(film), None), manifest.started_at, duration_s=1.0))
    assert export(session, "frame", tmp_path / "a.png", "--at", "0.5", "--blur", "all") == 0
    assert cv2.imread(str(tmp_path / "a.png")).shape == (120, 160, 3)


def test_what_is_missing_is_told(session: Session, tmp_path: Path, capsys) -> None:
    session.video.unlink()
    assert export(session, "video", tmp_path / "a.mp4") == 2
    assert "video.mp4" in capsys.readouterr().err
    assert export(session, "html", tmp_path / "a.html") == 0
    session.manifest_path.write_text("{")
    assert export(session, "csv", tmp_path / "a.csv") == 2
    assert "recover" in capsys.readouterr().err
    session.readings.unlink()
    session.manifest_path.unlink()
    assert export(session, "csv", tmp_path / "a.csv") == 2
    assert session.name in capsys.readouterr().err
