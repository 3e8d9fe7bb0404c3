"""The index of a library: it may be missing, damaged, old, or locked by another program."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.sessions import index as index_module
from app.sessions.folder import Session
from app.sessions.index import NAME, Index
from app.sessions.library import Library


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
    assert [entry.title for entry in opened.entries()] == ["a"]  # kept, not rebuilt
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
