"""The library: listing, searching, deleting with undo."""

import json
import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.locks import lock
from app.sessions.folder import FilmRef, Session
from app.sessions.library import Library
from app.sessions.notes import add_note
from app.sessions.trash import Trash
from models.errors import InputError

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_a_list_is_of_what_lies_in_the_folder(library: Library, make: Callable[..., Session]) -> None:
    assert library.entries() == []
    first, second = make(0, title="one"), make(5, title="two", tags=("a",))
    assert [entry.title for entry in library.entries()] == ["two", "one"]
    library.change(first, lambda manifest: replace(manifest, title="new"))
    add_note(second.notes_path, 1.0, text="x")
    (library.folder / "holiday").mkdir()
    assert [(entry.title, entry.notes) for entry in library.entries()] == [("two", 1), ("new", 0)]
    second.path.rename(library.folder / "renamed")
    assert {entry.name for entry in library.entries()} == {"renamed", first.name}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", 3), ("GESPRÄCH", 1), ("gespr 2026", 1), ("#interview", 2), ("#inter pilot", 1), ("interview", 2),
        ("smiled", 1), ("happiness", 3), ("fear", 0), ("%", 0), ("'; --", 0), ("camera", 3), ("2026-03-01", 3),
    ],
)  # fmt: skip
def test_searching(library: Library, make: Callable[..., Session], search: str, found: int) -> None:
    make(0, title="Gespräch")
    make(1, tags=("Interview",))
    noted = make(2, tags=("interview", "pilot"))
    add_note(noted.notes_path, 1.0, text="Smiled at last")
    assert len(library.entries(search)) == found
    assert len(library.found(search)) == found


def test_sessions_that_others_damaged_are_listed_with_a_reason(library: Library, make: Callable[..., Session]) -> None:
    session = make(title="a")
    session.manifest_path.write_text("{")
    session.notes_path.mkdir()
    (entry,) = library.entries()
    assert "session.json" in entry.damage
    assert entry.start == START
    assert [one.name for one in library.cut_off()] == [session.name]


def test_naming_a_session(library: Library, make: Callable[..., Session], tmp_path: Path) -> None:
    first, second = make(0), make(1)
    assert library.session(first.name) == first
    assert library.session(first.name[:16]) == first
    assert library.session(str(second.path)).path.samefile(second.path)
    for name in ("2026", "", "nothing", "..", "\0", "a" * 300, "~nobody-of-this-name"):
        with pytest.raises(InputError):
            library.session(name)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_and_words_that_are_no_text(library: Library, make: Callable[..., Session]) -> None:
    session = make(title="caf\udce9", tags=("\udcff",), source=FilmRef("/films/\udcff.avi", None))
    odd = session.path.rename(library.folder / "2026-03-01T09-00-00_\udcff")
    make(1, title="other")
    for _ in range(2):
        assert [entry.name for entry in library.entries()][1] == odd.name
        assert [entry.name for entry in library.entries("caf")] == [odd.name]
        library.close()
    assert library.session("2026-03-01T09-00").path == odd
    odd.rename(library.folder / "2026-03-01T09-00-00_b")
    assert len(library.entries()) == 2


def test_deleting_and_undoing(library: Library, make: Callable[..., Session]) -> None:
    session = make(title="a")
    trash = Trash(library.folder)
    name = trash.take(session)
    assert library.entries() == []
    assert trash.names() == [name]
    make(0, title="in its place")
    back = trash.give_back(name[:12])
    assert sorted(entry.title for entry in library.entries()) == ["a", "in its place"]
    assert back.manifest().title == "a"
    trash.take(back)
    assert trash.empty() == 1
    assert trash.names() == []
    with pytest.raises(InputError, match="nothing"):
        trash.give_back(name)


def test_what_was_deleted_long_ago_goes_for_good(
    library: Library, make: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = Trash(library.folder)
    old = trash.take(make(0))
    later = datetime.now().timestamp() + 31 * 86_400
    monkeypatch.setattr("time.time", lambda: later)
    new = trash.take(make(1))
    assert old not in trash.names()
    assert trash.names() == [new]


def test_what_is_deleted_is_never_taken_for_what_was_deleted_long_ago(
    library: Library, make: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, trash = make(0), Trash(library.folder)
    os.utime(session.path, (1, 1))
    rename = Path.rename

    def renamed(path: Path, place: Path) -> Path:
        moved = rename(path, place)
        Trash(library.folder).take(make(1))  # another program deletes it at this moment
        return moved

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", lambda path, place: (patched.undo(), renamed(path, place))[1])
        patched.setattr("app.sessions.trash.held", lambda _: nullcontext())
        name = trash.take(session)
    assert name in trash.names()


def test_what_is_being_recorded_is_neither_changed_nor_deleted(library: Library, make: Callable[..., Session]) -> None:
    session = make(state="recording")
    mark = lock(session.readings)
    if mark is None:
        pytest.skip("no marks on this system")
    try:
        assert library.cut_off() == []
        with pytest.raises(InputError, match="being recorded"):
            library.retag(session, add=("a",))
        with pytest.raises(InputError, match="being recorded"):
            Trash(library.folder).take(session)
    finally:
        os.close(mark)
    assert [one.name for one in library.cut_off()] == [session.name]


def test_a_session_elsewhere_is_not_deleted(library: Library, make: Callable[..., Session], tmp_path: Path) -> None:
    session = make()
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="not in"):
        Trash(tmp_path / "other").take(session)


def test_a_film_is_named_with_its_place(library: Library, make: Callable[..., Session]) -> None:
    session = make(source=FilmRef("/films/a.mp4", "d" * 64, 7))
    make(1, source=FilmRef("/films/b.mp4", "e" * 64, 7))
    (_, entry) = library.entries()
    assert (entry.source, entry.film) == ("a.mp4", "/films/a.mp4")
    assert library.known_places(session.manifest()) == ["/films/a.mp4"]


def test_people_of_a_foreign_session_are_counted(library: Library, make: Callable[..., Session]) -> None:
    session = make(people=None, strip=())
    head = "frame,time_s,face_id,x,y,width,height,score,label,quality,status,picture\n"
    rows = [f"{i},{i / 10},{face},0,0,9,9,1,fear,,ok,\n" for i in range(5) for face in (0, 1)]
    session.readings.write_text(head + "".join(rows))
    (entry,) = library.entries()
    assert (entry.people, set(entry.strip)) == (2, {"fear"})
    assert json.loads(session.manifest_path.read_text())["people"] is None  # not ours to change


def test_readings_that_cannot_be_read_do_not_keep_others_from_being_listed(
    library: Library, make: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    make(people=None)
    monkeypatch.setattr("app.sessions.entry.look_through", refuse)
    make(1)
    assert [entry.people for entry in library.entries()] == [2, 0]
