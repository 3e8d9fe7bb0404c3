"""The library: lists, searches, changes and deletes the sessions in one folder."""

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from app.locks import held
from app.sessions.entry import Entry, entry_of, words_of
from app.sessions.folder import MANIFEST, NOTES, FilmRef, Manifest, Session, is_session, write_manifest
from app.sessions.index import DamagedError, Index
from app.sessions.names import named
from app.sessions.recovery import is_being_recorded, was_cut_off
from app.sinks.output import writing
from models.errors import InputError

_T = TypeVar("_T")


class Library:
    """The sessions in a folder. Every list shows the present content of the folder; the index only makes it fast.

    May be used by several threads and programs at a time.

    Args:
        folder: Contains a folder for each session; a missing one is an empty library.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._index: Index | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = None

    def entries(self, search: str = "") -> list[Entry]:
        """The sessions, newest first.

        Args:
            search: Words that must all occur in title, tags, source, date, labels or notes, in any case; `#word` means
                a tag that begins so.

        Raises:
            InputError: If the folder cannot be read.
        """
        terms = search.casefold().split()

        return self._with_index(lambda index: self._refreshed(index).entries(terms))

    def found(self, search: str) -> list[Entry]:
        """As `entries`, but without checking the folder again, for searching while typing."""
        return self._with_index(lambda index: index.entries(search.casefold().split()))

    def reindex(self) -> int:
        """Rebuild the index; return the number of sessions.

        Raises:
            InputError: If the folder cannot be read.
        """
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None
            if self.folder.is_dir():
                self._opened().remove()
                self._index = None
        return len(self.entries())

    def session(self, name: str) -> Session:
        """The session with a name, with the beginning of a name, or at a path.

        Raises:
            InputError: If there is none, or more than one.
        """
        with suppress(OSError, ValueError, RuntimeError):  # names that the system refuses, unknown users
            if name and os.sep not in name and is_session(self.folder / name):
                return Session(self.folder / name)
            if is_session(Path(name).expanduser()):
                return Session(Path(name).expanduser().resolve())
        matching = [one for one in self._names() if name and one.startswith(name)]
        if len(matching) == 1:
            return Session(self.folder / matching[0])
        if matching:
            raise InputError(f"{name} may mean {', '.join(matching[:3])}{', …' * (len(matching) > 3)}; name one.")
        raise InputError(
            f"{name[:200] or 'An empty name'} is not a session in {self.folder}; `sessions list` shows them."
        )

    def cut_off(self) -> list[Session]:
        """Sessions that were interrupted and can be recovered."""
        waiting = [entry for entry in self.entries() if entry.state == "recording" or entry.damage]
        return [session for entry in waiting if was_cut_off(session := Session(self.folder / entry.name))]

    def known_places(self, manifest: Manifest) -> list[str]:
        """Paths of a session's film in other sessions."""
        film = manifest.source
        if not isinstance(film, FilmRef) or film.sha256 is None:
            return []
        digest = film.sha256
        return self._with_index(lambda index: self._refreshed(index).with_film(digest))

    def change(self, session: Session, change: Callable[[Manifest], Manifest]) -> Manifest:
        """Change entries of a manifest, such as title and tags.

        Raises:
            InputError: If it is being recorded, or cannot be read or written.
        """
        with writing(session.manifest_path), held(session.path):
            if is_being_recorded(session):
                raise InputError(f"{session.name} is being recorded; change it when the recording has ended.")
            manifest = change(session.manifest())
            write_manifest(session.manifest_path, manifest)
        return manifest

    def retag(self, session: Session, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Manifest:
        """Add tags to a session and remove others. Raises as `change`."""
        added, removed = tuple(filter(None, (tag.strip() for tag in add))), frozenset(tag.strip() for tag in remove)

        def changed(manifest: Manifest) -> Manifest:
            kept = [tag for tag in manifest.tags if tag not in removed]
            return replace(manifest, tags=tuple(dict.fromkeys((*kept, *added))))

        return self.change(session, changed)

    def _with_index(self, work: Callable[[Index], _T]) -> _T:
        """Call a function with the index, which is rebuilt if it is damaged."""
        with self._lock:
            if not self.folder.is_dir():
                with closing(Index.empty()) as index:
                    return work(index)
            try:
                return work(self._opened())
            except DamagedError:
                self._opened().close()
                self._opened().remove()
                self._index = None
                return work(self._refreshed(self._opened()))

    def _opened(self) -> Index:
        if self._index is None:
            self._index = Index(self.folder)
        return self._index

    def _refreshed(self, index: Index) -> Index:
        """The index, updated with all changes of the folder."""
        known, there = index.stamps(), self._stamps()
        changed = [name for name, stamp in there.items() if known.get(name) != stamp]
        news = [_read(self.folder / name, there[name]) for name in changed]
        gone = [name for name in known if name not in there]
        if not index.change(gone, news):  # another program holds it for long: continue without it
            index.close()
            self._index = index = Index.empty()
            index.change((), [_read(self.folder / name, stamp) for name, stamp in there.items()])
        return index

    def _names(self) -> list[str]:
        return sorted(self._stamps())

    def _stamps(self) -> dict[str, str]:
        """The sessions in the folder, each with a stamp that changes with its manifest or notes."""
        if not self.folder.is_dir():
            return {}
        try:
            with os.scandir(self.folder) as found:
                names = [one.name for one in found if not one.name.startswith(".") and one.is_dir()]
        except OSError as error:
            raise InputError(f"{self.folder} cannot be read: {error.strerror}; name another library.") from error
        stamps = {}
        for name in names:
            folder = f"{self.folder}{os.sep}{name}{os.sep}"
            manifest = _stamp(folder + MANIFEST)
            if manifest or is_session(self.folder / name):
                stamps[name] = f"{manifest} {_stamp(folder + NOTES)}"
        return stamps


def _stamp(path: str) -> str:
    try:
        facts = os.stat(path)  # noqa: PTH116  (thousands of times, for a list)
    except OSError:
        return ""
    return f"{facts.st_mtime_ns} {facts.st_size} {facts.st_ino}"


def _read(folder: Path, stamp: str) -> tuple[Entry, str, str]:
    """A session's entry, its stamp, and the words that a search looks at."""
    session, damage = Session(folder), ""
    try:
        manifest = session.manifest()
    except InputError as error:
        from_name = named(folder) or (datetime.fromtimestamp(0, UTC), folder.name)
        manifest, damage = Manifest(from_name[1], from_name[0]), str(error)
    try:
        notes = session.notes()
    except InputError as error:
        notes, damage = (), damage or str(error)
    entry = entry_of(session, manifest, notes, damage)
    return entry, stamp, words_of(entry, notes)
