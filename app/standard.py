"""Standard input, output and error, which may be closed, full, or have no reader."""

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any

from models.errors import InputError

BROKEN_PIPE = 141
"""Exit code of a program whose reader has closed the pipe, as a shell reports it: 128 + SIGPIPE."""


class OutputError(InputError):
    """Standard output cannot be written."""


class _Output(io.FileIO):
    """Standard output that turns a failure into a sentence; a closed pipe stays a `BrokenPipeError`."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            reason = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise OutputError(f"Standard output cannot be written: {reason}; send it elsewhere.") from error


def hold_descriptors() -> None:
    """Open replacements for closed standard descriptors.

    Otherwise the next opened files get their numbers, and everything printed goes into those files.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(
                    os.devnull, flags
                )  # the lowest free number; 1 is opened for reading only, so that writing fails


def guard_output() -> None:
    """Make the program notice that its output cannot be written, also if it is closed."""
    stream = sys.stdout
    if stream is not sys.__stdout__:  # it was replaced
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
    """Write buffered output.

    Raises:
        OutputError, BrokenPipeError: If it cannot be written.
    """
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up_output() -> None:
    """Discard output that cannot be written, or the interpreter tries again on exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(sentence: str) -> None:
    """Print a message for the user on standard error, apart from the results, if standard error can be written to."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"mimik: {sentence}", file=sys.stderr, flush=True)
