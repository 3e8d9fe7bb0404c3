"""What every sink that writes a file shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import InputError

PART = ".part"
"""Ends the name of a file that is still being written."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure to write `path` (no room, no permission, a folder in its place) into a sentence for the user."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        name = path.with_name(path.name.removesuffix(PART))
        raise InputError(f"{name} cannot be written: {reason}; see to it, or name another place.") from error


def utf8(text: str) -> bytes:
    r"""Encode text for a file. Bytes of a name that are no UTF-8 become `\udcNN`, which JSON reads back as they were.

    >>> utf8("b\udcff.avi")
    b'b\\udcff.avi'
    """
    return text.encode("utf-8", errors="backslashreplace")
