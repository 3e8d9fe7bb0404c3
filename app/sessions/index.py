"""The index over a library: `library.sqlite`. It only makes lists fast and can be rebuilt from the folders.

Programs may use it at the same time: readers never wait, writers take turns.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from app.locks import held
from app.sessions.entry import Entry
from app.sessions.files import make_private_file

NAME = "library.sqlite"

_TURN_S = 10.0
_STEPS: tuple[str, ...] = (
    """
    CREATE TABLE sessions (
        name BLOB PRIMARY KEY,
        stamp TEXT NOT NULL,
        started_at TEXT NOT NULL,
        sha256 TEXT,
        words TEXT NOT NULL,
        entry TEXT NOT NULL
    );
    CREATE INDEX by_start ON sessions (started_at DESC, name);
    CREATE INDEX by_film ON sessions (sha256) WHERE sha256 IS NOT NULL;
    """,
)
"""The statements that migrate version n to n + 1."""


class DamagedError(Exception):
    """The index cannot be read and must be rebuilt."""


class Index:
    """The index of one library, open. If its file cannot be used, it is kept in memory.

    Args:
        library: The folder.

    Attributes:
        lasts: Whether it is on disk.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._path = library / NAME
        self.lasts = True
        try:
            self._connection = self._opened()
        except DamagedError:
            self.remove()
            try:
                self._connection = self._opened()
            except (DamagedError, OSError, sqlite3.Error):
                self._connection = self._in_memory()
        except (OSError, sqlite3.Error):  # a read-only folder, or the index of a later version
            self._connection = self._in_memory()

    @classmethod
    def empty(cls) -> "Index":
        """An empty index in memory."""
        index = cls.__new__(cls)
        index._connection = index._in_memory()
        return index

    def remove(self) -> None:
        """Remove the file; the next one is built from scratch."""
        with suppress(OSError), held(self._library):
            for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
                (self._library / name).unlink(missing_ok=True)

    def stamps(self) -> Mapping[str, str]:
        """The stamps of all indexed sessions.

        Raises:
            DamagedError: If it cannot be read.
        """
        return {os.fsdecode(name): stamp for name, stamp in self._select("SELECT name, stamp FROM sessions")}

    def entries(self, terms: Sequence[str] = ()) -> list[Entry]:
        """Those of the sessions in which every term occurs, the newest first.

        Args:
            terms: With case folded.

        Raises:
            DamagedError: If it cannot be read.
        """
        where = " AND ".join(["instr(words, ?) > 0"] * len(terms)) or "1"
        rows = self._select(f"SELECT entry FROM sessions WHERE {where} ORDER BY started_at DESC, name DESC", *terms)
        try:
            return [Entry.of_json(entry) for (entry,) in rows]
        except (ValueError, TypeError, IndexError, KeyError) as error:
            raise DamagedError(str(error)) from error

    def with_film(self, sha256: str) -> list[str]:
        """The paths of the film with a digest, from the sessions made of it.

        Raises:
            DamagedError: If it cannot be read.
        """
        rows = self._select("SELECT entry FROM sessions WHERE sha256 = ?", sha256)
        try:
            return [film for (entry,) in rows if (film := Entry.of_json(entry).film) is not None]
        except (ValueError, TypeError, IndexError, KeyError) as error:
            raise DamagedError(str(error)) from error

    def change(self, gone: Sequence[str], new: Sequence[tuple[Entry, str, str]]) -> bool:
        """Remove sessions and add others, with their stamps and words. False if another program holds the index.

        Raises:
            DamagedError: If it cannot be read.
        """
        if not gone and not new:
            return True
        rows = [_row(entry, stamp, words) for entry, stamp, words in new]
        try:
            with self._turn() as connection:
                connection.executemany("DELETE FROM sessions WHERE name = ?", [(os.fsencode(name),) for name in gone])
                connection.executemany("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError as error:
            raise DamagedError(str(error)) from error
        return True

    def close(self) -> None:
        """Close the file. May be called twice."""
        self._connection.close()

    def _select(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            with closing(self._connection.execute(statement, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise DamagedError(str(error)) from error

    def _opened(self) -> sqlite3.Connection:
        with suppress(FileExistsError):
            make_private_file(self._path)
        connection = _connected(str(self._path))
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise DamagedError(str(self._path))
            self._connection = connection
            self._migrate()
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError as error:
            connection.close()
            raise DamagedError(str(error)) from error
        except DamagedError:
            connection.close()
            raise
        return connection

    def _in_memory(self) -> sqlite3.Connection:
        self.lasts = False
        self._connection = _connected(":memory:")
        self._migrate()
        return self._connection

    def _migrate(self) -> None:
        version = self._version()
        if version > len(_STEPS):
            raise sqlite3.OperationalError("the index is from a later version")
        if version == len(_STEPS):
            return
        with self._turn() as connection:
            for number in range(self._version(), len(_STEPS)):  # another program may have been faster
                for statement in _STEPS[number].split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all that is written within the block is kept, or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _row(entry: Entry, stamp: str, words: str) -> tuple[bytes | str | None, ...]:
    """A row of the table. A folder's name may be bytes that are not text, which SQLite stores as a blob."""
    text = words.encode(errors="replace").decode()
    return os.fsencode(entry.name), stamp, entry.started_at, entry.sha256, text, entry.as_json()


def _connected(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=_TURN_S, isolation_level=None, check_same_thread=False)
    connection.text_factory = lambda data: data.decode(errors="replace")
    return connection
