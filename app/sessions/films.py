"""Finds a session's film by its digest after it has been moved."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from platformdirs import user_desktop_path, user_documents_path, user_downloads_path, user_videos_path

from app.sessions.folder import FilmRef, Manifest, Session
from models.bundle import sha256_of

_MOST_FILES = 50_000
_MOST_READ = 32
"""Most files that are read completely if the manifest does not give the film's size."""


def is_there(film: FilmRef) -> bool:
    """Whether a film is still at its path, judging by its size."""
    try:
        size = Path(film.path).stat().st_size
    except OSError:
        return False
    return Path(film.path).is_file() and film.size in (None, size)


def locate(film: FilmRef, folders: Iterable[Path] = (), known: Iterable[str] = ()) -> Path | None:
    """The present path of a film; None if it cannot be found.

    The search covers its old path, the `known` paths, then files of the same size (else of the same name or kind) in
    the given folders, the old folder and its parent, and the user's folders for films and downloads, 50,000 files in
    all. A file is the film if its digest matches.

    Args:
        film: The film in the manifest.
        folders: Folders to search first.
        known: Paths at which the same film was seen.
    """
    if is_there(film):
        return Path(film.path)
    if film.sha256 is None:
        return None
    old = Path(film.path)
    places = (*folders, old.parent, old.parent.parent, *_of_user())
    near = (Path(path) for path in known)
    candidates = _distinct(path for path in (*near, *_fitting(film, places)) if path.is_file())
    most = None if film.size is not None else _MOST_READ
    return next((path for path in islice(candidates, most) if _is(path, film.sha256)), None)


def found_again(session: Session, manifest: Manifest, known: Iterable[str] = ()) -> Manifest:
    """The manifest with the film's present path; unchanged if it has not moved or is not found."""
    film = manifest.source
    if not isinstance(film, FilmRef) or is_there(film):
        return manifest
    place = locate(film, (session.path.parent,), known)
    return manifest if place is None else replace(manifest, source=replace(film, path=str(place)))


def _fitting(film: FilmRef, places: Iterable[Path]) -> Iterator[Path]:
    name = Path(film.path).name
    kind = Path(film.path).suffix.lower()
    fits: Callable[[os.DirEntry[str]], bool]
    if film.size is not None:
        fits = lambda one: one.stat().st_size == film.size  # noqa: E731
    else:
        fits = lambda one: one.name == name or one.name.lower().endswith(kind)  # noqa: E731
    seen: set[str] = set()
    left = _MOST_FILES
    for place in places:
        waiting = [str(place)]
        while waiting and left > 0:
            folder = waiting.pop(0)
            if folder in seen:
                continue
            seen.add(folder)
            try:
                with os.scandir(folder) as found:
                    entries = list(islice(found, left))
            except OSError:
                continue
            left -= len(entries)
            for one in sorted(entries, key=lambda one: one.name != name):
                try:
                    if one.is_dir(follow_symlinks=False):
                        waiting += [] if one.name.startswith(".") else [one.path]
                    elif one.is_file() and fits(one):
                        yield Path(one.path)
                except OSError:
                    continue


def _of_user() -> tuple[Path, ...]:
    return user_videos_path(), user_downloads_path(), user_desktop_path(), user_documents_path()


def _distinct(paths: Iterable[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for path in paths:
        if path not in seen:
            seen.add(path)
            yield path


def _is(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False
