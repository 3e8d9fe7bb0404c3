"""Holds back what native libraries write to standard error."""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

_NATIVE = re.compile(rb"(INFO|WARNING|ERROR): |[IWEF]\d{4} [\d:.]+ |libpng (error|warning): ")
_LOCK = threading.RLock()  # blocks may be nested


def _scratch() -> BinaryIO:
    """An anonymous file: in memory if the system supports that, so that no temporary folder is needed."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("standard error"), "w+b")
    return cast(BinaryIO, tempfile.TemporaryFile())


@contextmanager
def quiet_stderr() -> Iterator[list[bytes]]:
    """Hold back what native code writes to file descriptor 2 within the block.

    No environment variable reaches these messages (LiteRT, the first ones of TensorFlow, libpng). The descriptor
    belongs to the whole process, so lines of other threads that do not look like native logs are passed on afterwards.
    Does nothing without a standard error.

    Yields:
        A list that after the block contains the lines that were held back.
    """
    held_back: list[bytes] = []
    with _LOCK:
        with suppress(OSError, ValueError, AttributeError):  # there is none, or it is full
            sys.stderr.flush()
        try:
            kept = os.dup(2)
        except OSError:  # a windowed program may have no standard error at all
            yield held_back
            return
        try:
            held = _scratch()
        except OSError:  # nowhere to hold anything back
            os.close(kept)
            yield held_back
            return
        try:
            with held:
                os.dup2(held.fileno(), 2)
                try:
                    yield held_back
                finally:
                    os.dup2(kept, 2)
                    held.seek(0)
                    lines = held.readlines()
                    held_back.extend(line for line in lines if _NATIVE.match(line))
                    rest = b"".join(line for line in lines if not _NATIVE.match(line))
                    if rest:
                        with suppress(OSError):
                            os.write(2, rest)
        finally:
            os.close(kept)
