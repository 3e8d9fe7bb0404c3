"""What every sink that writes a file shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import InputError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure to write `path` (no room, no permission, a folder in its place) into a sentence for the user."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path} cannot be written: {reason}; see to it, or name another place.") from error
