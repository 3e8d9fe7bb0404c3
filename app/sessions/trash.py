"""Deleted sessions, which can be restored for some time."""

import os
import shutil
import time
from pathlib import Path

from app.locks import held
from app.sessions.files import FOLDER_MODE
from app.sessions.folder import Session, is_session
from app.sessions.recovery import is_being_recorded
from app.sinks.output import writing
from models.errors import InputError

FOLDER = ".trash"
KEPT_DAYS = 30
"""A deleted session can be restored for this long; the first deletion after that removes it for good."""


class Trash:
    """The deleted sessions of a library.

    Args:
        library: The folder of the sessions; must be on the same disk as they are.

    Raises:
        InputError: From every method, if files cannot be moved or removed.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self.folder = library / FOLDER

    def names(self) -> list[str]:
        """The sessions that can be restored, newest deletion first."""
        if not self.folder.is_dir():
            return []
        with writing(self.folder):
            deleted = [(path.stat().st_mtime, path.name) for path in self.folder.iterdir() if is_session(path)]
        return [name for _, name in sorted(deleted, reverse=True)]

    def take(self, session: Session) -> str:
        """Delete a session; returns the name for restoring it.

        Raises:
            InputError: Also if it is being recorded, or is elsewhere.
        """
        if session.path.parent.resolve() != self._library.resolve():
            raise InputError(f"{session.path} is not in {self._library}; name the library that it is in.")
        with writing(session.path):
            self.folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
            self._forget_old()
            with held(self._library):
                if is_being_recorded(session):
                    raise InputError(f"{session.name} is being recorded; end the recording first.")
                place = _free(self.folder, session.name)
                os.utime(session.path)  # set the deletion time first, so that it is never taken for an old one
                session.path.rename(place)
        return place.name

    def give_back(self, name: str) -> Session:
        """Restore a deleted session, under another name if its own is taken.

        Raises:
            InputError: Also if there is none of this name.
        """
        matching = [one for one in self.names() if name and one.startswith(name)]
        if name in matching:
            matching = [name]
        if len(matching) != 1:
            there = ", ".join(self.names()[:3]) or "nothing"
            raise InputError(f"{name[:200]!r} is not one deleted session of {self._library}; there is: {there}.")
        with writing(self._library / matching[0]), held(self._library):
            place = _free(self._library, matching[0])
            (self.folder / matching[0]).rename(place)
        return Session(place)

    def empty(self) -> int:
        """Remove all deleted sessions permanently; returns their number."""
        names = self.names()
        for name in names:
            self._remove(name)
        return len(names)

    def remove(self, name: str) -> None:
        """Remove one deleted session permanently."""
        self._remove(name)

    def _forget_old(self) -> None:
        oldest_s = time.time() - KEPT_DAYS * 86_400
        for name in self.names():
            if (self.folder / name).stat().st_mtime < oldest_s:
                self._remove(name)

    def _remove(self, name: str) -> None:
        with writing(self.folder / name):
            shutil.rmtree(self.folder / name)


def _free(folder: Path, name: str) -> Path:
    place, number = folder / name, 1
    while os.path.lexists(place):
        number += 1
        place = folder / f"{name}-{number}"
    return place
