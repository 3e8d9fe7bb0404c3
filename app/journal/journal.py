"""Stores the statistics of the user's own sessions, in one file that can be deleted at any time."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from app.export.content import Content, Moment
from app.export.reporter import CancelledError, Reporter
from app.journal.minutes import Cell, added_up, spells
from app.journal.own import OwnSession, own_of, stamp_of
from app.journal.periods import Period
from app.sessions.files import FOLDER_MODE, make_private_file
from app.sessions.places import library_of_user
from app.sinks.output import writing
from models.errors import InputError

_T = TypeVar("_T")

FILE = "journal.sqlite"
VERSION = 1
_PATIENCE_S = 10.0
_DAMAGED = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
)  # the last one means that tables are missing
_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (path TEXT PRIMARY KEY, stamp TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS minute (
    path TEXT NOT NULL, day TEXT NOT NULL, minute INTEGER NOT NULL, label TEXT NOT NULL, corrected INTEGER NOT NULL,
    us INTEGER NOT NULL, PRIMARY KEY (path, day, minute, label, corrected)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS minute_of_day ON minute (day, minute);
"""

Open = Callable[[Path], Content]


class Journal:
    """The journal of one user. It is on as long as its file exists.

    Everything in it is derived from sessions, and a file that is damaged or of another version is rebuilt.

    Args:
        path: The file.

    Raises:
        InputError: From any method that writes, if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of_user(cls) -> "Journal":
        """The journal in the user's data folder."""
        return cls.of_library(library_of_user())

    @classmethod
    def of_library(cls, library: Path) -> "Journal":
        """The journal of a folder of sessions."""
        return cls(library / FILE)

    @property
    def on(self) -> bool:
        """Whether the user has switched it on."""
        return self.path.is_file()

    def switch_on(self) -> None:
        """Start a journal, which is empty until `update`."""
        with writing(self.path):
            self.path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                make_private_file(self.path)

    def delete(self) -> None:
        """Delete it completely, and switch it off. Sessions are not changed."""
        with writing(self.path):
            for tail in ("-journal", "-wal", "-shm", ""):
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)

    def update(self, folders: Iterable[Path], open_session: Open, reporter: Reporter | None = None) -> None:
        """Update it from the sessions; unchanged ones are not read again.

        Does nothing while it is off. A session that cannot be read is reported and left out.

        Args:
            folders: All sessions.
            open_session: Reads one.
            reporter: Takes the progress.

        Raises:
            CancelledError: If it was cancelled; what was read by then is kept.
        """
        reporter = reporter or Reporter()
        present = {str(folder.resolve()): folder for folder in folders}
        nothing: dict[str, str] = {}
        known = self._do(_known, nothing)
        for path in sorted(known.keys() - present.keys()):
            self._do(partial(_forget, path=path), None)
        for place, (path, folder) in enumerate(sorted(present.items())):
            reporter.at(place, len(present))
            stamp = stamp_of(folder)
            if not self.on or known.get(path) == stamp:
                continue
            try:
                own = own_of(folder)
                cells = {} if own is None else _cells(own, open_session, reporter)
            except InputError as error:
                reporter.notify(str(error))
                cells = {}
            self._do(partial(_keep, path=path, stamp=stamp, cells=cells), None)

    def days(self, first: date = date.min, last: date = date.max) -> tuple[Period, ...]:
        """The days with recordings, in order."""
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        corrected: defaultdict[str, int] = defaultdict(int)
        for day, label, us, by_hand in self._rows(
            "SELECT day, label, SUM(us), SUM(us * corrected) FROM minute WHERE day BETWEEN ? AND ? GROUP BY day, label",
            first,
            last,
        ):
            found[day][label] = us
            corrected[day] += by_hand
        return tuple(
            Period(date.fromisoformat(day), MappingProxyType(spent), corrected[day])
            for day, spent in sorted(found.items())
        )

    def strips(self, first: date, last: date) -> dict[date, dict[int, str]]:
        """Day -> minute -> the label that was shown longest in it; minutes without a recording are missing."""
        strips: defaultdict[date, dict[int, str]] = defaultdict(dict)
        for day, minute, label, _ in self._rows(
            "SELECT day, minute, label, SUM(us) AS spent FROM minute WHERE day BETWEEN ? AND ? "
            "GROUP BY day, minute, label ORDER BY spent, label",
            first,
            last,
        ):
            strips[date.fromisoformat(day)][minute] = label  # so that the longest is last
        return dict(strips)

    def labels(self) -> tuple[str, ...]:
        """Every label that occurs."""
        return tuple(label for (label,) in self._rows("SELECT DISTINCT label FROM minute WHERE day BETWEEN ? AND ?"))

    def _rows(self, query: str, first: date = date.min, last: date = date.max) -> list[tuple[Any, ...]]:
        return self._do(lambda base: base.execute(query, (first.isoformat(), last.isoformat())).fetchall(), [])

    def _do(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """Call a function with the database, rebuilt if it is damaged; returns `otherwise` while it is off."""
        for last in (False, True):
            if not self.on:
                break
            try:
                with closing(self._connected()) as base, base:
                    return work(base)
            except sqlite3.DatabaseError as error:
                if not self.on:  # deleted in the meantime
                    break
                if last or getattr(error, "sqlite_errorcode", _DAMAGED[0]) not in _DAMAGED:
                    raise InputError(
                        f"{self.path} cannot be used: {error}; delete the journal and start again."
                    ) from error
                self.delete()
                self.switch_on()
        return otherwise

    def _connected(self) -> sqlite3.Connection:
        # Never created by opening it, so that a journal deleted in the meantime stays deleted.
        base = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_S)
        try:
            (version,) = base.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                raise sqlite3.DatabaseError(f"it is of version {version}")
            if version == 0:
                base.executescript(f"{_SCHEMA}PRAGMA user_version = {VERSION};")
        except BaseException:
            base.close()
            raise
        return base


def _known(base: sqlite3.Connection) -> dict[str, str]:
    base.execute("SELECT us FROM minute LIMIT 1")  # notice a missing table before skipping unchanged sessions
    return dict(base.execute("SELECT path, stamp FROM session").fetchall())


def _keep(base: sqlite3.Connection, *, path: str, stamp: str, cells: Mapping[Cell, int]) -> None:
    _forget(base, path=path)
    base.execute("INSERT INTO session VALUES (?, ?)", (path, stamp))
    rows = [
        (path, cell.day.isoformat(), cell.minute, cell.label, int(cell.corrected), us) for cell, us in cells.items()
    ]
    base.executemany("INSERT INTO minute VALUES (?, ?, ?, ?, ?, ?)", rows)


def _forget(base: sqlite3.Connection, *, path: str) -> None:
    base.execute("DELETE FROM session WHERE path = ?", (path,))
    base.execute("DELETE FROM minute WHERE path = ?", (path,))


def _cells(own: OwnSession, open_session: Open, reporter: Reporter) -> Mapping[Cell, int]:
    def moments() -> Iterator[Moment]:
        for moment in open_session(own.folder).moments():
            if reporter.stop.is_set():
                raise CancelledError
            yield moment

    return added_up(spells(moments()), own.start)
