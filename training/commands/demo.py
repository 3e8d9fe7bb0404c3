"""`python -m training demo`: build the clip of average faces that comes with the app."""

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_data_options


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("demo", help="build the clip of average faces that comes with the app")
    add_data_options(parser)
    parser.add_argument("--out", type=Path, default=Path("assets"), metavar="DIR", help="folder (default: assets)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build the clip and its truth, and print where they are."""
    from training.commands.options import read_data
    from training.demo.clip import build_demo

    for path in build_demo(read_data(args), args.out):
        print(path)
    return 0
