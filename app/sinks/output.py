"""Functions that sinks with files share."""

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
        raise InputError(f"{name} cannot be written: {reason}; solve that, or name another place.") from error


def utf8(text: str) -> bytes:
    r"""Encode text for a file. Bytes of a name that are not UTF-8 become `\udcNN`, which JSON reads back unchanged.

    >>> utf8("b\udcff.avi")
    b'b\\udcff.avi'
    """
    return text.encode("utf-8", errors="backslashreplace")
