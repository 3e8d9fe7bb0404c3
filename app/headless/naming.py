"""The names of a source's files."""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from app.sinks.output import PART
from app.spec import camera_index, is_address, path_of, shown, split_address
from models.errors import InputError

SUFFIXES = (".csv", ".json", ".mp4")
ROWS = {"csv": ".csv", "parquet": ".parquet"}
"""The values of `--rows`, and the suffixes of such tables."""

_UNTOLD = (None, "", "…")
_LONGEST_NAME = 255
"""Longest name in bytes that common file systems accept; those with other limits do not count in bytes."""


def stem_of(spec: str) -> str:
    """The name of a source's files, without suffix; `source` if its name cannot be opened anyway.

    >>> stem_of("0"), stem_of("films/a.b.mp4"), stem_of("rtsp://host/live/door.sdp"), stem_of("http://host:80/")
    ('camera-0', 'a.b', 'door', 'host')
    """
    camera = camera_index(spec)
    if camera is not None:
        return f"camera-{camera}"
    try:
        if is_address(spec):
            address = split_address(shown(spec))
            return next((name for name in (Path(address.path).stem, address.hostname) if name not in _UNTOLD), "stream")
        path = path_of(spec)
        return path.resolve().name or "root" if path.is_dir() else path.stem or "source"
    except (InputError, OSError, ValueError):
        return "source"


def room_for_stems(folder: Path, rows: str = "csv") -> int:
    """Bytes that a stem may have in this folder, so that every file of a run can be made there."""
    try:
        longest = min(os.pathconf(folder, "PC_NAME_MAX"), _LONGEST_NAME)
    except (AttributeError, OSError, ValueError):
        longest = _LONGEST_NAME
    return longest - max(len(suffix) for suffix in (*SUFFIXES, ROWS[rows])) - len(PART)


def shortened(stem: str, room: int) -> str:
    """As many whole characters of a stem as fit into `room` bytes.

    >>> shortened("éé", 3), shortened("abc", 9)
    ('é', 'abc')
    """
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem


def numbered(stem: str, room: int) -> Iterator[str]:
    """The stem, then the stem with a number, each at most `room` bytes.

    >>> names = numbered("clip", 9); next(names), next(names), next(names)
    ('clip', 'clip-2', 'clip-3')
    """
    yield shortened(stem, room)
    number = 1
    while True:
        number += 1
        tail = f"-{number}"
        yield shortened(stem, room - len(tail)) + tail


def folded(name: str) -> str:
    """A name as compared by file systems that ignore case, or differences between spellings of an accent.

    >>> folded("Clip") == folded("clip"), folded("e\\u0301") == folded("\\u00e9")
    (True, True)
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
