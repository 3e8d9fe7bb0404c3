"""The location of sessions."""

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from platformdirs import user_data_path

from app.sessions.files import FOLDER_MODE, make_private_folder
from app.sessions.names import folder_name
from models.errors import InputError

_LONGEST = 180
"""Longest source name, in bytes, within a folder's name: most file systems limit names to 255 bytes."""


def library_of_user() -> Path:
    """The user's library: the folder that holds the sessions of the window, and the index over them."""
    return user_data_path("mimik", appauthor=False)


def new_folder(library: Path, started_at: datetime, source: str) -> Path:
    """Create the folder of a new session, for its owner only, and the library if it does not exist.

    Args:
        library: The folder for sessions.
        started_at: With its offset.
        source: What files of the source are called.

    Raises:
        InputError: If the folder cannot be created.
    """
    try:
        library.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        for name in _names(folder_name(started_at, _short(source))):
            try:
                make_private_folder(library / name)
            except FileExistsError:
                continue
            return library / name
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise InputError(f"{str(library)[:200]} cannot take a session: {reason}; name another folder.") from error
    raise AssertionError("names never end")


def _names(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}-{number}"


def _short(source: str) -> str:
    source = source.replace("/", "-").replace("\\", "-").replace("\0", "") or "source"
    while len(os.fsencode(source)) > _LONGEST:
        source = source[:-1]
    return source
