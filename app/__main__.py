"""`python -m app`: parse and dispatch, nothing else."""

import argparse
import importlib
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Never

from app import __version__
from app.faults import log_fault
from app.headless.stopping import ending_signals
from app.options import Options, add_options
from app.spec import shown
from app.standard import BROKEN_PIPE, OutputError, flush_output, give_up_output, guard_output, hold_descriptors, say
from models.errors import InputError

COMMANDS = (
    "analyze",
    "record",
    "export",
    "journal",
    "sessions",
    "snapshot",
    "score",
    "calibrate",
    "candidates",
    "quality",
    "bench",
    "doctor",
)
_VALUED = ("--detector", "--detector-model", "--engine", "--model", "--fps", "--stride")


class _Parser(argparse.ArgumentParser):
    """Reports usage errors in one sentence, like every other user error."""

    def error(self, message: str) -> Never:
        words = message.split(" ")
        file = next((word for word in words if word.startswith("-") and os.path.lexists(word)), None)
        hint = f"; write ./{file} for the file of that name" if file is not None else ""
        said = " ".join(map(shown, words))
        raise InputError(f"{said}{hint} (`{self.prog} --help` lists the commands and options).")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or the window.

    Returns:
        0 done, 2 the user's input cannot be used, 130 interrupted, 1 a fault of ours.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    hold_descriptors()
    guard_output()
    if threading.current_thread() is threading.main_thread():  # Python sets signal handlers only there
        for number in (signal.SIGTERM, *ending_signals()):
            signal.signal(number, _like_ctrl_c)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal's encoding lacks is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _guarded(_dispatch, arguments)
        return code if (failed := _guarded(_flush, arguments)) == 0 else code or failed
    except SystemExit as ended:  # after --help
        failed = _guarded(_flush, arguments)
        raise SystemExit(ended.code or failed) from None


def _guarded(work: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Call a function and turn any error into a sentence and an exit code."""
    try:
        return work(arguments)
    except InputError as error:
        if isinstance(error, OutputError):
            give_up_output()
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        give_up_output()
        return BROKEN_PIPE
    except Exception as error:
        log = log_fault(error, arguments)
        say(f"this is a bug in Mimik; {f'{log} has the details' if log else 'its log cannot be written'}.")
        return 1


def _flush(_: list[str]) -> int:
    flush_output()
    return 0


def _like_ctrl_c(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt  # not by sending SIGINT, which a background process may ignore


def _dispatch(arguments: list[str]) -> int:
    place = _first_positional(arguments)
    if place is not None and arguments[place] in COMMANDS:
        name = arguments.pop(place)
        parser = _Parser(prog="mimik")
        importlib.import_module(f"app.commands.{name}").add_parser(parser.add_subparsers(required=True))
        args = parser.parse_args([name, *arguments])
        return int(args.run(args))
    args = _window_parser().parse_args(arguments)
    from app.ui.main import run_window  # the commands do without Qt

    return run_window(args.source, Options.of(args))


def _first_positional(arguments: Sequence[str]) -> int | None:
    """Index of the command or source, past options and their values; None if there is none."""
    place = 0
    while place < len(arguments) and arguments[place].startswith("-"):
        place += 2 if arguments[place] in _VALUED else 1
    return place if place < len(arguments) else None


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mimik",
        description="Opens the window. Mimik finds faces and shows the probability of each apparent expression.",
        epilog=f"Commands, each with its own --help: {', '.join(COMMANDS)}.",
    )
    parser.add_argument(
        "source", nargs="?", metavar="SOURCE", help="a camera's number, a file, a folder of pictures, an address, demo"
    )
    parser.add_argument("--version", action="version", version=f"mimik {__version__}")
    add_options(parser, fps=True)
    return parser


def program() -> Never:
    """Run `main` and end the process with its exit code."""
    code = main()
    # Closing the window while a large picture is being decoded leaves a thread in native code. Python would shut down
    # under it, and the library would then abort with a message.
    others = (thread for thread in threading.enumerate() if thread is not threading.current_thread())
    if "app.ui.application" in sys.modules and any(thread.daemon for thread in others):
        logging.shutdown()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    program()
