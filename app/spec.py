"""Parses what a user may type as a source, before anything is opened. Imports nothing heavy, because the window's
titles need it."""

import os
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from models.errors import InputError

SESSION_FILE, SESSION_VIDEO = "session.json", "video.mp4"
"""In the folder of a recorded session: its manifest, by which it is known, and its pictures."""


def camera_index(spec: str) -> int | None:
    """The index of the camera that a source names, or None if it names none.

    >>> camera_index("0"), camera_index("a.mp4"), camera_index("²")
    (0, None, None)
    """
    return int(spec[:9]) if spec.isascii() and spec.isdigit() else None


def is_address(spec: str) -> bool:
    """Whether a source is an address.

    >>> is_address("rtsp://host/live"), is_address("a.mp4")
    (True, False)
    """
    return "://" in spec


def shown(spec: str) -> str:
    """A source as it may be shown or logged: an address without possible secrets.

    Removed are user and password, query and fragment, parts of the path with a `=`, and everything but the scheme if a
    later `@` makes it unclear where the password ends.

    >>> shown("rtsp://me:secret@10.0.0.5:554/live?token=1"), shown("rtsp://10.0.0.5/user=me&password=secret")
    ('rtsp://10.0.0.5:554/live', 'rtsp://10.0.0.5/…')
    >>> shown("rtsp://me:sec/ret@10.0.0.5/live"), shown("a.mp4")
    ('rtsp://…', 'a.mp4')
    """
    if not is_address(spec):
        return spec
    scheme, _, rest = spec.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path = rest[len(authority) :]
    if "@" in path:
        return f"{scheme}://…"
    parts = re.split(r"[?#]", path, maxsplit=1)[0].split("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{'/'.join('…' if '=' in part else part for part in parts)}"


def split_address(address: str) -> SplitResult:
    """The parts of an address.

    Raises:
        InputError: If it is not an address.
    """
    try:
        address.encode()  # bytes of another encoding end OpenCV's process
        return urlsplit(address)
    except UnicodeEncodeError as error:
        readable = shown(address).encode(errors="backslashreplace").decode()
        raise InputError(f"{readable[:200]} is not UTF-8; check how it is written") from error
    except ValueError:  # the original message may contain the password
        raise InputError(f"{shown(address)[:200]} is not an address; check how it is written") from None


def path_of(spec: str) -> Path:
    """The path that a source names, `~` expanded unless there is a file of exactly this name.

    Raises:
        InputError: If there is no such user.
    """
    path = Path(spec)
    if spec.startswith("~") and os.path.lexists(path):
        return path
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise InputError(f"{spec[:200]} cannot be found: there is no such user; write the path in full") from error


def is_session_folder(path: Path) -> bool:
    """Whether a path is the folder of a recorded session."""
    return os.path.isfile(path / SESSION_FILE)  # noqa: PTH113  (Path.is_file fails where a name is too long)


def refuse_session(folder: Path) -> None:
    """Refuse a session's folder where films and pictures are wanted: its thumbnail is no photo of anybody's.

    Raises:
        InputError: If it is one; the sentence says what to name instead.
    """
    if not is_session_folder(folder):
        return
    video = folder / SESSION_VIDEO
    again = str(video) if video.is_file() else "the film that it was made from"
    raise InputError(
        f"{folder} is a recorded session; make tables of its readings with `export`, or name {again} to read its "
        "pictures again"
    )
