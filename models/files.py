"""Writing files so that a reader sees the old one or the new one, never a part; temporary ones."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the name of a file next to `path` that replaces it if the block succeeds, and is removed otherwise.

    Raises:
        OSError: If the folder cannot be written to; it names `path`.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except BaseException as error:
        if isinstance(error, OSError) and error.filename in (None, str(part)):
            error.filename = str(path)  # the name that the user knows; a full disk has none
        part.unlink(missing_ok=True)
        raise


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new temporary folder, which is removed after the block.

    Raises:
        InputError: If there is no place for one.
    """
    try:
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        raise InputError(
            f"No temporary folder can be written: {error.strerror}; name one in the variable TMPDIR."
        ) from error
    with folder as name:
        yield Path(name)
