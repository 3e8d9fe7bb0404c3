"""`--start` and `--end`: the selected part of a recording."""

import argparse
import re

from models.errors import InputError

_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)", re.ASCII)


def add_stretch(parser: argparse.ArgumentParser) -> None:
    """Add both options to a command."""
    for option, what in (("--start", "first"), ("--end", "last")):
        parser.add_argument(
            option,
            type=seconds_of,
            metavar="TIME",
            help=f"the {what} moment of a recording that is read, in seconds or h:m:s",
        )


def stretch_of(args: argparse.Namespace) -> dict[str, float]:
    """The keyword arguments of `open_source` for the given options.

    Raises:
        InputError: If the end does not come after the start.
    """
    start_s, end_s = args.start, args.end
    if end_s is not None and end_s <= (start_s or 0.0):
        raise InputError(f"--end {end_s:g} s does not come after --start {start_s or 0:g} s; give a later one.")
    given = {"start_s": start_s, "end_s": end_s}
    return {name: value for name, value in given.items() if value is not None}


def seconds_of(text: str) -> float:
    """Read a time.

    >>> seconds_of("90"), seconds_of("1:30.5"), seconds_of("1:01:30")
    (90.0, 90.5, 3690.0)

    Raises:
        ArgumentTypeError: If it is not a time.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None or len(text) > 20:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a time; write seconds, m:s or h:m:s")
    hours, minutes, seconds = int(found[1] or 0), int(found[2] or 0), float(found[3])
    if (found[2] and seconds >= 60) or (found[1] and minutes >= 60):
        raise argparse.ArgumentTypeError(
            f"{text!r} has a minute or an hour of more than 60; write seconds, m:s or h:m:s"
        )
    return hours * 3600.0 + minutes * 60.0 + seconds
