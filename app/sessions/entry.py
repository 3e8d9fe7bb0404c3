"""A session's entry in a list, which can be rebuilt from its folder at any time."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.types import UNCERTAIN, UNREADABLE
from app.sessions.folder import FilmRef, Manifest, Session
from app.sessions.notes import Note
from app.sessions.readings import look_through
from app.sessions.tally import EMPTY

_SMALL = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in a list.

    Attributes:
        name: Of its folder.
        title: The user's title, or an empty text.
        source: A camera's name, or a film's file name.
        film: Where the film was; None if the session has its own video.
        sha256: The film's digest, if any.
        started_at: ISO 8601, UTC.
        duration_s, frames, state, people, strip, tags, own: As of the manifest.
        notes: Number of notes, marks and labels.
        size: Total size of its files in bytes.
        damage: A sentence if its manifest cannot be used, else empty.
    """

    name: str
    title: str
    source: str
    film: str | None
    sha256: str | None
    started_at: str
    duration_s: float
    frames: int
    state: str
    people: int
    strip: tuple[str, ...]
    tags: tuple[str, ...]
    own: bool
    notes: int
    size: int
    damage: str = ""

    @property
    def start(self) -> datetime:
        """Its start, UTC."""
        return datetime.fromisoformat(self.started_at)

    def as_json(self) -> str:
        """Compact JSON for the index; `of_json` reads it."""
        labels = sorted(set(self.strip))
        values = {name: getattr(self, name) for name in _FIELDS}
        values["strip"] = [labels, bytes(map(labels.index, self.strip)).hex()]
        return json.dumps([*values.values()], separators=(",", ":"))

    @classmethod
    def of_json(cls, text: str) -> "Entry":
        """Read the output of `as_json`.

        Raises:
            ValueError, TypeError, IndexError: If it is not such JSON.
        """
        values = json.loads(text)
        labels, codes = values[_STRIP]
        values[_STRIP] = tuple([labels[code] for code in bytes.fromhex(codes)])
        values[_TAGS] = tuple(values[_TAGS])
        return cls(*values)


_FIELDS = tuple(field.name for field in fields(Entry))
_STRIP, _TAGS = _FIELDS.index("strip"), _FIELDS.index("tags")


def entry_of(session: Session, manifest: Manifest, notes: tuple[Note, ...], damage: str = "") -> Entry:
    """The entry of a session.

    Args:
        session: Its folder.
        manifest: Its manifest, or one made from the folder's name.
        notes: Its notes.
        damage: A sentence about a problem with the manifest.
    """
    film = manifest.source if isinstance(manifest.source, FilmRef) else None
    people, strip = manifest.people, manifest.strip
    if people is None and manifest.state != "recording" and _size_of(session.readings) <= _SMALL:
        with suppress(OSError):  # one session must not spoil the list
            tally = look_through(session.readings).tally
            people, strip = tally.people, tally.strip()
    return Entry(
        name=session.name,
        title=manifest.title,
        source=manifest.source_name,
        film=None if film is None else film.path,
        sha256=None if film is None else film.sha256,
        started_at=manifest.started_at.isoformat(timespec="milliseconds"),
        duration_s=manifest.duration_s,
        frames=manifest.frames,
        state=manifest.state,
        people=people or 0,
        strip=strip,
        tags=manifest.tags,
        own=manifest.own,
        notes=len(notes),
        size=sum(map(_size_of, (session.video, session.readings, session.notes_path))),
        damage=damage,
    )


def words_of(entry: Entry, notes: tuple[Note, ...]) -> str:
    """The text that a search looks at, with case folded: names, tags (also as `#tag`), dates, labels, and the notes'
    text."""
    labels = {label for label in entry.strip if label not in (EMPTY, UNCERTAIN, UNREADABLE)}
    parts = [entry.title, entry.source, entry.name, entry.started_at[:10], *sorted(labels)]
    parts += [word for tag in entry.tags for word in (tag, f"#{tag}")]
    parts += [note.text for note in notes if note.text]
    return "\n".join(parts).casefold()


def as_mapping(entry: Entry, library: Path) -> Mapping[str, Any]:
    """An entry for `--json`."""
    return {**asdict(entry), "path": str(library / entry.name)}


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
