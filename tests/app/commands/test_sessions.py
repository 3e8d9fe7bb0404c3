"""The subcommands of `sessions`."""

import json
import os
import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.__main__ import main
from app.locks import lock
from app.sessions.folder import FilmRef, Manifest, Session, write_manifest
from app.sessions.names import folder_name
from app.sessions.notes import add_note
from models.bundle import sha256_of

START = datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    path = tmp_path / "library" / folder_name(START, "camera-0")
    path.mkdir(parents=True)
    manifest = Manifest("camera 0", START, duration_s=61, frames=1800, people=2, title="Talk", tags=("a",))
    write_manifest(path / "session.json", manifest)
    (path / "readings.csv").write_text("frame\n")
    return Session(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    capsys.readouterr()
    assert main(["sessions", *map(str, arguments)]) == code
    output = capsys.readouterr()
    return output.out if code == 0 else output.err


def test_listing(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    library = ("--library", session.path.parent)
    assert session.name in run(capsys, "list", *library)
    (listed,) = json.loads(run(capsys, "list", *library, "--json"))
    assert (listed["name"], listed["path"], listed["title"], listed["people"]) == (
        session.name,
        str(session.path),
        "Talk",
        2,
    )
    assert json.loads(run(capsys, "list", *library, "--json", "--search", "nothing")) == []
    assert "No session fits" in run(capsys, "list", *library, "--search", "nothing")


def test_an_empty_library_and_the_users_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.sessions.library_of_user", lambda: tmp_path / "none")
    assert run(capsys, "list") == "No session.\n"
    assert run(capsys, "recover") == "Nothing was cut off.\n"
    assert run(capsys, "reindex") == "0 sessions\n"
    assert not (tmp_path / "none").exists()


def test_showing(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    add_note(session.notes_path, 3.5, "label", "fear", end_s=4.0, face_id=1)
    library = ("--library", session.path.parent)
    page = run(capsys, "show", "2026-03", *library)
    assert "Talk" in page
    assert "3.5 to 4.0 s  label, face 1: fear" in page
    shown = json.loads(run(capsys, "show", session.path, "--json"))
    assert (shown["format"], shown["state"], shown["tags"]) == (1, "complete", ["a"])
    assert [(note["kind"], note["text"], note["face_id"]) for note in shown["notes"]] == [("label", "fear", 1)]


def test_showing_finds_a_film_that_has_moved(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = session.path.parent / "new name.mp4"
    film.write_bytes(b"film" * 9)
    write_manifest(
        session.manifest_path,
        replace(session.manifest(), source=FilmRef(str(tmp_path / "gone" / "a.mp4"), sha256_of(film), 36)),
    )
    assert str(film) in run(capsys, "show", session.path, "--library", session.path.parent)
    assert session.pictures() == film
    film.write_bytes(b"other")
    assert "no longer exists" in run(capsys, "show", session.path, "--library", session.path.parent)


def test_a_library_that_can_only_be_read_is_shown_all_the_same(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    film = session.path.parent / "new name.mp4"
    film.write_bytes(b"film" * 9)
    moved = FilmRef(str(tmp_path / "gone.mp4"), sha256_of(film), 36)
    write_manifest(session.manifest_path, replace(session.manifest(), source=moved))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("app.sessions.folder.replace_whole", refuse)
    assert str(film) in run(capsys, "show", session.path, "--library", session.path.parent)


def test_a_note_while_it_is_being_recorded(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    write_manifest(session.manifest_path, replace(session.manifest(), state="recording"))
    mark = lock(session.readings)
    try:
        run(capsys, "edit", session.path, "--note", "now", "--at", "3")
        assert "being recorded" in run(capsys, "edit", session.path, "--title", "x", code=2)
    finally:
        if mark is not None:
            os.close(mark)
    assert [note.text for note in session.notes()] == ["now"]


def test_recovering(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    library = ("--library", session.path.parent)
    write_manifest(session.manifest_path, replace(session.manifest(), state="recording", title="Cut"))
    assert main(["sessions", "list", *map(str, library)]) == 0
    assert "1 session was cut off" in capsys.readouterr().err
    (done,) = json.loads(run(capsys, "recover", *library, "--json"))
    assert (done["name"], done["state"]) == (session.name, "recovered")
    assert (session.manifest().state, session.manifest().title) == ("recovered", "Cut")
    assert "recovered" in run(capsys, "recover", session.name, *library)
    assert run(capsys, "recover", *library) == "Nothing was cut off.\n"


def test_recovering_without_a_manifest(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.manifest_path.unlink()
    run(capsys, "recover", "--library", session.path.parent)
    manifest = session.manifest()
    assert (manifest.state, manifest.started_at, manifest.source) == ("recovered", START, "camera-0")


def test_deleting(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    library = ("--library", session.path.parent)
    hint = re.search("`mimik (sessions delete --undo .*)`", run(capsys, "delete", session.name, *library))
    assert hint is not None
    assert not session.path.exists()
    assert session.name in run(capsys, "list", "--deleted", *library)
    assert main(shlex.split(hint[1])) == 0
    assert session.manifest().title == "Talk"
    run(capsys, "delete", "--forever", session.name, *library)
    assert run(capsys, "list", "--deleted", *library) == "Nothing is deleted.\n"
    assert list(session.path.parent.glob("**/session.json")) == []


def test_editing(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    library = ("--library", session.path.parent)
    run(capsys, "edit", session.name, "--title", "New", "--tag", "b", "--untag", "a", "--own", "yes", *library)
    run(capsys, "edit", session.name, "--note", "hello", "--at", "2.5", *library)
    manifest = session.manifest()
    assert (manifest.title, manifest.tags, manifest.own) == ("New", ("b",), True)
    assert [(note.start_s, note.text) for note in session.notes()] == [(2.5, "hello")]


def test_reindexing(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    library = ("--library", session.path.parent)
    before = run(capsys, "list", *library, "--json")
    (session.path.parent / "library.sqlite").write_bytes(b"broken")
    assert run(capsys, "reindex", *library) == "1 session\n"
    assert run(capsys, "list", *library, "--json") == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "nothing"],
        ["show", ""],
        ["delete", "nothing"],
        ["delete", "--undo", "nothing"],
        ["recover", "nothing"],
        ["list", "--library", "/nonexistent/folder"],
        ["list", "--library", ""],
        ["fly"],
        [],
    ],
)
def test_mistakes_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr("app.commands.sessions.library_of_user", lambda: tmp_path)
    errors = run(capsys, *arguments, code=2)
    assert len(errors.splitlines()) == 1
    assert "Traceback" not in errors
