"""Standard input, output and error, which may be closed, full, or have nobody at their other end."""

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any

from models.errors import InputError

BROKEN_PIPE = 141
"""Exit code of a program whose reader has gone, as a shell gives it: 128 + SIGPIPE."""


class OutputError(InputError):
    """Standard output cannot be written."""


class _Output(io.FileIO):
    """Standard output that turns a failure into a sentence; a reader that has gone stays a `BrokenPipeError`."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            reason = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise OutputError(f"Standard output cannot be written: {reason}; send it elsewhere.") from error


def hold_descriptors() -> None:
    """Give the three standard descriptors something to stand for where they are closed.

    Else the next files that are opened get their numbers, and whatever is printed goes into these.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, flags)  # the lowest number that is free; 1 for reading alone, so that it fails


def guard_output() -> None:
    """Let the program find out when its output cannot be written, also where it is closed."""
    stream = sys.stdout
    if stream is not sys.__stdout__:  # somebody has put another one in its place
        return
    if stream is None:
        encoding, lines = "utf-8", False
    elif isinstance(stream, io.TextIOWrapper) and isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):
        encoding, lines = stream.encoding, stream.line_buffering or stream.write_through
    else:
        return
    with suppress(OSError):  # no descriptor at all, as in a windowed program
        raw = _Output(1, "w", closefd=False)
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=lines
        )


def flush_output() -> None:
    """Write what is still held back.

    Raises:
        OutputError, BrokenPipeError: If it cannot be written.
    """
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up_output() -> None:
    """Let go of what cannot be written, or the interpreter tries once more as it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(sentence: str) -> None:
    """Tell the user something beside the results, on standard error, if anything can be told there."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"mimik: {sentence}", file=sys.stderr, flush=True)
