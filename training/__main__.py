"""`python -m training`: parse and dispatch, nothing else."""

import argparse
import importlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Never

from models.errors import InputError
from training.interrupts import deliver_ignored_interrupts

COMMANDS = (
    "train",
    "evaluate",
    "export",
    "report",
    "compare",
    "data",
    "models",
    "logits",
    "weights",
    "build",
    "average",
    "gate",
    "demo",
)
DEFAULT_COMMAND = "train"
EPILOG = """\
From a download to the window:
  put fer2013.csv (and, for votes, fer2013new.csv) into this folder
  python -m training                          trains the network of the app into runs/student
  python -m training evaluate --model runs/student/bundle
  python -m training report runs/student
  python -m app --model runs/student/bundle

KERAS_BACKEND=tensorflow|jax|torch selects the backend; only the export (LiteRT or ONNX) needs TensorFlow.
"""
BACKENDS = ("tensorflow", "jax", "torch")


class _Parser(argparse.ArgumentParser):
    """Reports usage errors in one sentence, like every other user error."""

    def error(self, message: str) -> Never:
        raise InputError(f"{message} (`{self.prog} --help` lists commands and options).")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done, 1 the output pipe was closed, 2 unusable input (one sentence on standard error), 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, DEFAULT_COMMAND)
    if threading.current_thread() is threading.main_thread():  # Python sets signal handlers only there
        signal.signal(signal.SIGTERM, _like_ctrl_c)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        args = _parser().parse_args(words)
        _check_backend()
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except InputError as error:
        print(f"mimik: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name is None or (Path(__file__).parents[1] / error.name.partition(".")[0]).exists():
            raise  # one of our own modules: no installation helps
        print(f"mimik: {_missing(error.name.partition('.')[0])}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None:
            raise  # not about a file named on the command line
        print(f"mimik: {error.filename} cannot be used: {error.strerror}; check it or name another.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; finished work is kept. Continue a training run with --resume.", file=sys.stderr)
        return 130


def _check_backend() -> None:
    backend = os.environ.get("KERAS_BACKEND", BACKENDS[0])
    if backend not in BACKENDS:
        raise InputError(f"KERAS_BACKEND is {backend!r}; set it to one of {', '.join(BACKENDS)}.")


def _missing(library: str) -> str:
    if library not in BACKENDS:
        return f"{library} is not installed; install mimik[training] (`make setup` does)."
    others = " or ".join(f"KERAS_BACKEND={backend}" for backend in BACKENDS if backend != library)
    return f"{library}, which Keras is to run on, is not installed; install it, or set {others}."


def _like_ctrl_c(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt  # not by sending SIGINT, which a background process may ignore


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m training",
        description="Train and measure the networks of Mimik. Without a command: train.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"training.commands.{name}")
        module.add_parser(commands)
        commands.choices[name].description = _purpose(module)
    return parser


def _purpose(command: ModuleType) -> str:
    """What a command does, from its module's first line, which is "`python -m training NAME`: what it does"."""
    purpose = (command.__doc__ or "").partition("\n\n")[0].partition(": ")[2].replace("\n", " ")
    return purpose[:1].upper() + purpose[1:]


if __name__ == "__main__":
    deliver_ignored_interrupts()
    sys.exit(main())
