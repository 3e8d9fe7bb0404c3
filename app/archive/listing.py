"""Expands the sources that a user typed to a list of films: folders, patterns and lists."""

import glob
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.headless.identity import read_summary
from app.sources.content import VIDEO_SUFFIXES
from app.sources.folder import natural_key, pictures_in
from app.spec import camera_index, is_address, is_session_folder, path_of
from models.errors import InputError


@dataclass(frozen=True, slots=True)
class Listing:
    """The sources of a run.

    Attributes:
        specs: As `open_source` takes them, those that were found without duplicates.
        found: Whether any was found in a folder, by a pattern or in a list, rather than named.
    """

    specs: tuple[str, ...]
    found: bool


def listed(words: Sequence[str], lists: Sequence[str], *, recursive: bool, notify: Callable[[str], None]) -> Listing:
    """Find the films.

    A folder stands for every film in it, in natural order of their names, except those annotated by Mimik, and for the
    sequence of its pictures, if it has any. The name of an existing file that contains `*`, `?` or `[` is taken
    literally; any other name with them is a pattern, in which `**` matches any folders. A source that is named twice
    is analysed twice; one found in a folder or by a pattern is analysed once.

    Args:
        words: What was named.
        lists: Files with a source a line.
        recursive: Whether folders are searched with their subfolders.
        notify: Takes sentences about possible surprises.

    Raises:
        InputError: If a list cannot be read, a pattern matches nothing, or no source is left.
    """
    specs: list[str] = []
    known: set[str] = set()
    found = bool(lists)

    def add(names: Iterable[str], *, named: bool) -> None:
        for name in names:
            place = _place(name)
            if named or place not in known:
                specs.append(name)
            known.add(place)

    for word in (*words, *(name for path in lists for name in read_list(path))):
        fitting = _fitting(word, recursive=recursive)
        parts = [word] if fitting is None else fitting
        found = found or fitting is not None
        for name in parts:
            special = _is_special(name) or is_session_folder(path_of(name))  # which opening will refuse
            films = None if special else _films_in(path_of(name), recursive=recursive)
            if films is None:
                add([name], named=fitting is None)
                continue
            found = True
            pictures = pictures_in(path_of(name), recursive=recursive)
            if pictures:
                notify(f"{name} holds films and pictures; the pictures are read as a separate source.")
            add([*films, *([name] if pictures else [])], named=False)
    if not specs:
        raise InputError("No SOURCE is named; name films, folders, patterns, or a list with --from FILE.")
    return Listing(tuple(specs), found)


def read_list(path: str) -> list[str]:
    """The sources that a list names, one a line; `-` is standard input.

    Empty lines and those that begin with `#` are skipped. A line in double quotes is a JSON string. A path that does
    not exist relative to the current folder is tried relative to the list.

    Raises:
        InputError: If the list cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else path_of(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path[:200]} cannot be read: {error.strerror}; name a list of films") from error
    lines = data.decode("utf-8-sig", errors="surrogateescape").splitlines() if b"\0" not in data else []
    if data and not lines:
        raise InputError(f"{path} is not a list of films: it is not text; write one source per line")
    folder = None if path == "-" else path_of(path).parent
    return [_beside(_unquoted(line), folder) for line in lines if line.strip() and not line.startswith("#")]


def list_line(name: str) -> str:
    r"""A source as a line of a list.

    >>> list_line("a b.mp4"), list_line("#1.mp4"), list_line("a\nb")
    ('a b.mp4', '"#1.mp4"', '"a\\nb"')
    """
    plain = name == name.strip() and name[:1] not in ("#", '"') and name.splitlines() == [name]
    return name if plain else json.dumps(name)


def _unquoted(line: str) -> str:
    if line.startswith('"'):
        try:
            name = json.loads(line)
        except ValueError:
            return line
        return name if isinstance(name, str) else line
    return line.strip()


def _beside(name: str, folder: Path | None) -> str:
    if folder is None or _is_special(name):
        return name
    path = path_of(name)
    if os.path.lexists(path) or _fits_any(name):
        return name
    if os.path.lexists(folder / path):
        return str(folder / path)
    pattern = os.path.join(glob.escape(str(folder)), name)  # noqa: PTH118  (no path yet)
    return pattern if _fits_any(pattern) else name


def _fits_any(pattern: str) -> bool:
    return glob.has_magic(pattern) and next(glob.iglob(pattern, recursive=True), None) is not None  # noqa: PTH207


def _is_special(name: str) -> bool:
    """Whether a source is not a path, or an impossible one, which opening it will report."""
    try:
        path_of(name)
    except InputError:
        return True
    return not name.strip() or "\0" in name or name == "demo" or camera_index(name) is not None or is_address(name)


def _place(name: str) -> str:
    try:
        return name if _is_special(name) else str(path_of(name).resolve())
    except (OSError, RuntimeError, ValueError):  # RuntimeError: links in a circle, before Python 3.13
        return name


def _fitting(word: str, *, recursive: bool) -> list[str] | None:
    """What matches a pattern, in natural order; None if the word is not a pattern.

    Raises:
        InputError: If nothing fits.
    """
    if _is_special(word) or not glob.has_magic(word) or os.path.lexists(path_of(word)):
        return None
    names = sorted(glob.glob(str(path_of(word)), recursive=True), key=natural_key)  # noqa: PTH207  (any pattern)
    if not names:
        raise InputError(f"{word[:200]} matches no file; check the pattern")
    # `**` also matches every folder on the way, which counts only if it contains films.
    useful = [name for name in names if Path(name).is_file() or _films_in(Path(name), recursive=recursive)]
    return useful or names


def _films_in(folder: Path, *, recursive: bool) -> list[str] | None:
    """The films of a folder in natural order; None if it is not a folder or holds none. Hidden ones are skipped."""
    try:
        if not folder.is_dir():
            return None
    except (OSError, ValueError):
        return None
    return list(_walk(folder, recursive=recursive)) or None


def _walk(folder: Path, *, recursive: bool) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted((n for n in folders if recursive and not n.startswith(".")), key=natural_key)
        for name in sorted(names, key=natural_key):
            path = Path(place, name)
            is_film = path.suffix.lower() in VIDEO_SUFFIXES and not name.startswith(".") and path.is_file()
            if is_film and not _is_painted(path):
                yield str(path)


def _is_painted(path: Path) -> bool:
    """Whether Mimik annotated this film, according to the summary next to it."""
    if path.suffix != ".mp4" or not path.with_suffix(".json").is_file():
        return False
    summary = read_summary(path.with_suffix(".json"))
    files = None if summary is None else summary.get("files")
    return isinstance(files, dict) and ".mp4" in files and "stage_ms" in (summary or {})
