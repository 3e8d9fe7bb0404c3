"""Marks files as in use by a running process; a mark ends with its process, however that ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows refuses to replace or remove an open file by itself
    fcntl = None  # type: ignore[assignment]

HAS_MARKS = fcntl is not None


def lock(path: Path) -> int | None:
    """Mark a file and return the descriptor that holds the mark until it is closed; None if there are no marks.

    Raises:
        OSError: If the file cannot be opened.
    """
    if fcntl is None:
        return None
    descriptor = os.open(path, os.O_RDWR)
    with suppress(OSError):  # a file system without locks
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Exclude all other processes, and other callers in this one, from such a block on the same folder.

    Waits for them, and yields True. If the system or the file system has no such locks, yields False at once.

    Raises:
        OSError: If there is no such folder.
    """
    if fcntl is None:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        alone = False
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            alone = True
        yield alone
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a running process has marked a file; False if that cannot be known."""
    if fcntl is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False
