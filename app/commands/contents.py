"""Opens what a user wants to export: a session, or a table that `analyze` wrote."""

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from app.core.stages import FrameSource
from app.export.content import Content, ContentNote, Footage
from app.export.table import TableReader
from app.headless.identity import Identity, read_summary
from app.sessions.films import locate
from app.sessions.folder import MANIFEST, READINGS, FilmRef, Manifest, Session, is_session
from app.sessions.library import Library
from app.sessions.notes import Note
from app.sessions.places import library_of_user
from app.sources.demo import demo_path
from app.sources.open import open_source
from app.spec import camera_index, is_address, path_of, shown
from models.errors import InputError

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "source": str,
    "source_sha256": str,
    "started_at": str,
    "detector": str,
    "tags": list,
    "model": dict,
    "options": dict,
    "duration_s": (int, float),
}
"""Keys of a summary that are used here or in an export, and the types of their values."""


def content_of(spec: str) -> Content:
    """Open what a user names.

    Args:
        spec: A session's folder, or its name in the user's library, or a CSV file of `analyze`, whose JSON may be
            next to it.

    Raises:
        InputError: If it is not something that can be exported.
    """
    if not spec.strip() or "\0" in spec:
        raise InputError(f"{spec!r} is not a valid name; name a session or a table that `analyze` wrote.")
    path = path_of(spec)
    if path.name in (MANIFEST, READINGS) and is_session(path.parent):
        return session_content(path.parent)
    if os.path.isdir(path):  # noqa: PTH112  (Path.is_dir fails where a name is too long)
        if is_session(path):
            return session_content(path)
        raise InputError(f"{spec} is a folder but not a session; name a session or a table that `analyze` wrote.")
    if path.suffix.lower() != ".csv" and not os.path.lexists(path):
        with Library(library_of_user()) as library:
            return session_content(library.session(spec).path)
    if path.suffix.lower() != ".csv":
        raise InputError(f"{spec} is not a table of readings; analyse it, and export the CSV that `analyze` writes.")
    return results_of(path)


def session_content(folder: Path) -> Content:
    """The content of a session.

    Raises:
        InputError: If its manifest, readings or notes cannot be read.
    """
    session = Session(folder)
    manifest = session.manifest()
    table = TableReader.open(session.readings)
    facts = {
        "source": manifest.source_name,
        "title": manifest.title,
        "tags": list(manifest.tags),
        "started_at": manifest.started_at.isoformat(timespec="milliseconds"),
        "duration_s": manifest.duration_s,
        "state": manifest.state,
        "complete": manifest.state != "recording",
        "dropped": {"video": manifest.dropped_video, "analysis": manifest.dropped_analysis},
        "model": dict(manifest.model),
        "detector": manifest.detector,
        "emotions": list(table.labels),
    }
    files = [path for path in folder.iterdir() if path.is_file()]
    if isinstance(manifest.source, FilmRef):
        files += _places(folder, manifest.source.path)
    return Content(
        title=manifest.title or manifest.source_name or session.name,
        stem=session.name,
        labels=table.labels,
        read=table.moments,
        facts=facts,
        notes=tuple(map(_note, session.notes())),
        footage=partial(_recorded, session, manifest),
        files=tuple(files),
    )


def _note(note: Note) -> ContentNote:
    end_s = note.start_s if note.end_s is None else note.end_s
    return ContentNote(note.start_s, end_s, note.face_id, note.kind, note.text)


def _recorded(session: Session, manifest: Manifest) -> Footage:
    """The session's own video, or the film that it refers to.

    Raises:
        InputError: If there is neither, or the film has changed.
    """
    source = manifest.source
    if not session.video.is_file() and isinstance(source, FilmRef):
        place = locate(source, (session.path.parent,))
        return _film(session.path, source.path if place is None else str(place), source.sha256, None, recursive=False)
    video = session.pictures()
    return Footage(partial(_open, str(video), None, False), video, by_index=True)


def results_of(path: Path) -> Content:
    """What `analyze` wrote: a table, and the summary next to it if there is one.

    Raises:
        InputError: If the table cannot be read.
    """
    table = TableReader.open(path)
    summary_path = path.with_suffix(".json")
    summary = {key: value for key, value in (read_summary(summary_path) or {}).items() if _makes_sense(key, value)}
    source = summary.get("source")
    name = shown(source) if isinstance(source, str) and source else path.stem
    faces = summary.get("faces")
    stills = isinstance(faces, list) and bool(faces) and all(_is_still(face) for face in faces)
    return Content(
        title=Path(name).name if not is_address(name) else name,
        stem=path.stem,
        labels=table.labels,
        read=table.moments,
        facts=summary,
        footage=partial(_footage, path, summary),
        files=(path, summary_path, *_places(path, source)),
        stills=stills,
    )


def _makes_sense(key: str, value: Any) -> bool:
    """Whether a value of a summary, which may come from an untrusted file, has the right type."""
    return isinstance(value, _KINDS.get(key, object)) and not (key == "duration_s" and value != value)


def _is_still(face: Any) -> bool:
    return isinstance(face, dict) and "seen_s" in face and face["seen_s"] is None


def _places(near: Path, source: Any) -> tuple[Path, ...]:
    """Where the source may be: at its path, relative to the current folder or to the table or session, or else next to
    that."""
    if not isinstance(source, str) or not source or camera_index(source) is not None or is_address(source):
        return ()
    if source == "demo":
        return (demo_path(),)
    found: list[Path] = []
    with suppress(InputError, OSError, ValueError):
        path = path_of(source)
        for place in (path, near.parent / path, near.parent / path.name):
            if place.exists() and not any(place.samefile(other) for other in found):
                found.append(place)
    return tuple(found)


def _footage(table: Path, summary: Mapping[str, Any]) -> Footage:
    """The film that the summary names, if it is still the one that was read.

    Raises:
        InputError: If there is none, or it has changed.
    """
    source = summary.get("source")
    if not isinstance(source, str):
        raise InputError(
            f"{table} does not say which film it is from; put {table.with_suffix('.json').name} next to it again."
        )
    if camera_index(source) is not None or is_address(source):
        raise InputError(f"{shown(source)} was live or on the network, and its pictures were not kept; export a table.")
    options = summary.get("options")
    options = options if isinstance(options, dict) else {}
    fps, digest = options.get("fps"), summary.get("source_sha256")
    return _film(
        table,
        source,
        digest if isinstance(digest, str) else None,
        float(fps) if isinstance(fps, int | float) else None,
        recursive=options.get("recursive") is True,
    )


def _film(near: Path, source: str, digest: str | None, fps: float | None, *, recursive: bool) -> Footage:
    """The film or folder with this name, wherever it is, with the digest that it had.

    Raises:
        InputError: If there is none, or it has changed.
    """
    places = _places(near, source)
    if not places:
        raise InputError(f"{source} no longer exists; put it back, or next to {near}.")
    for place in places:
        if digest is None or Identity(str(place), recursive=recursive).compute() == digest:
            spec = "demo" if source == "demo" else str(place)
            return Footage(partial(_open, spec, fps, recursive), place if place.is_file() else None)
    raise InputError(
        f"{places[0]} is not the file that {near} was made from; analyse it again, or restore the original."
    )


def _open(spec: str, fps: float | None, recursive: bool, start_s: float | None, end_s: float | None) -> FrameSource:
    given = {"start_s": start_s, "end_s": end_s}
    stretch = {name: value for name, value in given.items() if value is not None}
    return open_source(spec, fps=fps, recursive=recursive, **stretch)
