"""Files and folders that only their owner may read, replaced atomically."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_private_folder(path: Path) -> None:
    """Create a folder that only its owner may enter.

    Raises:
        OSError: If it cannot be made, or exists.
    """
    path.mkdir(mode=FOLDER_MODE)


def make_private_file(path: Path) -> None:
    """Create an empty file that only its owner may read.

    Raises:
        OSError: If it cannot be made, or exists.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def replace_whole(path: Path, data: bytes) -> None:
    """Write a file atomically: at any moment it is either the old or the new one, even after a power cut.

    In a folder that has become read-only, an existing file is rewritten in place.

    Raises:
        OSError: If it cannot be written; the old file then still exists.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM) or not path.is_file():
            raise
        _rewrite(path, data)
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)
        raise


def _rewrite(path: Path, data: bytes) -> None:
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
