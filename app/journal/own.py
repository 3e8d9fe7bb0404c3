"""Finds the user's own sessions, and their local start times."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.sessions.folder import Session, is_session


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session that counts in its owner's journal.

    Attributes:
        folder: The session.
        start: Its start, in the UTC offset in which it was recorded.
    """

    folder: Path
    start: datetime


def sessions_in(library: Path) -> tuple[Path, ...]:
    """The sessions of a folder; none if there is no such folder."""
    try:
        return tuple(sorted(path for path in library.iterdir() if path.is_dir() and is_session(path)))
    except OSError:
        return ()


def own_of(folder: Path) -> OwnSession | None:
    """A session, if it is marked as the user's own.

    Raises:
        InputError: If its manifest cannot be read.
    """
    session = Session(folder)
    manifest = session.manifest()
    return OwnSession(folder, local_start(session, manifest.started_at)) if manifest.own else None


def local_start(session: Session, started_at: datetime) -> datetime:
    """The start in the recording's UTC offset or, if the manifest gives it in UTC, in this machine's local time."""
    written = _written(session.manifest_path)
    if written is not None and written.utcoffset():
        return written
    return started_at.astimezone()


def _written(manifest: Path) -> datetime | None:
    try:
        content: Any = json.loads(manifest.read_bytes())
        return datetime.fromisoformat(content["started_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stamp_of(folder: Path) -> str:
    """A stamp that changes with the files that the journal reads of a session."""
    session = Session(folder)
    parts = []
    for path in (session.manifest_path, session.readings, session.notes_path):
        try:
            found = path.stat()
        except OSError:
            parts.append("-")
        else:
            parts.append(f"{found.st_size}.{found.st_mtime_ns}")
    return " ".join(parts)
