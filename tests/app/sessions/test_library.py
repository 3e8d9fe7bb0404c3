"""The library: lists, searches, an index that may go missing or be damaged, deleting with undo."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.locks import lock
from app.sessions import index as index_module
from app.sessions.folder import FilmRef, Manifest, Session, write_manifest
from app.sessions.index import NAME, Index
from app.sessions.library import Library
from app.sessions.names import folder_name
from app.sessions.notes import add_note
from app.sessions.trash import Trash
from models.errors import InputError

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.fixture
def make(library: Library) -> Callable[..., Session]:
    """Make a session that starts so many minutes after the first one."""

    def made(minutes: int = 0, **changes: object) -> Session:
        start = START + timedelta(minutes=minutes)
        path = library.folder / folder_name(start, "camera-0")
        path.mkdir()
        manifest = Manifest("camera 0", start, duration_s=60, frames=1800, people=2, strip=("happiness", ""))
        write_manifest(path / "session.json", replace(manifest, **changes))  # type: ignore[arg-type]
        (path / "readings.csv").touch()
        return Session(path)

    return made


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


def damage_header(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def damage_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def strange_rows(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sessions SET entry = '{}'")
    connection.close()


@pytest.mark.parametrize("harm", [Path.unlink, damage_header, damage_middle, cut_short, strange_rows])
def test_an_index_that_is_missing_or_damaged_is_made_anew(
    library: Library, make: Callable[..., Session], harm: Callable[[Path], None]
) -> None:
    for minutes in range(30):
        make(minutes, title=f"title {minutes}")
    before = library.entries()
    library.close()
    assert len(before) == 30
    harm(library.folder / NAME)
    assert library.entries() == before
    with Library(library.folder) as other:
        assert other.found("") == before


def test_the_index_is_for_its_owner_alone(library: Library, make: Callable[..., Session]) -> None:
    make()
    library.entries()
    assert (library.folder / NAME).stat().st_mode & 0o777 == 0o600


def test_an_index_of_a_later_version_is_left_alone(library: Library, make: Callable[..., Session]) -> None:
    make(title="a")
    with sqlite3.connect(library.folder / NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("CREATE TABLE sessions (other)")
    connection.close()
    assert [entry.title for entry in library.entries()] == ["a"]
    with sqlite3.connect(library.folder / NAME) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    connection.close()


def test_an_index_of_an_earlier_version_is_migrated(
    library: Library, make: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(title="a")
    library.entries()
    library.close()
    steps = (*index_module._STEPS, "CREATE TABLE more (value)")
    monkeypatch.setattr(index_module, "_STEPS", steps)
    opened = Index(library.folder)
    assert opened.lasts
    assert [entry.title for entry in opened.entries()] == ["a"]  # kept, not made anew
    assert opened._select("SELECT value FROM more") == []
    opened.close()


def test_a_folder_without_permission_is_listed_all_the_same(
    library: Library, make: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(title="a")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(index_module, "make_private_file", refuse)
    assert [entry.title for entry in library.entries()] == ["a"]
    assert not (library.folder / NAME).exists()


def test_several_at_a_time(library: Library, make: Callable[..., Session]) -> None:
    sessions = [make(minutes) for minutes in range(12)]
    faults: list[BaseException] = []

    def work(mine: list[Session]) -> None:
        try:
            with Library(library.folder) as other:
                for session in mine:
                    other.retag(session, add=("mine",))
                    other.entries()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(sessions[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(library.entries("#mine")) == 12


def test_an_index_that_another_program_holds_does_not_hold_up_a_list(
    library: Library, make: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_TURN_S", 0.05)
    make(0, title="a")
    library.entries()
    holder = sqlite3.connect(library.folder / NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    make(1, title="b")
    assert [entry.title for entry in library.entries()] == ["b", "a"]
    holder.close()


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
        Trash(library.folder).take(make(1))  # another program deletes at this very moment
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
