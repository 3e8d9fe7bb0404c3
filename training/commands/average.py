"""`python -m training average`: one network from several runs that continued each other or started from the same
weights."""

import argparse
from pathlib import Path
from typing import Any

from training.backend import load_keras
from training.commands.options import add_data_options


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("average", help="average runs with a common starting point into one network")
    add_data_options(parser)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folders of training runs, in order")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the new run")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Average, re-estimate the batch statistics, write."""
    from training.run_record import read_record

    for folder in args.runs:
        read_record(folder)  # report a wrong name before reading the data
    load_keras()
    from training.commands.options import read_data
    from training.weight_averaging import average_runs

    average_runs(args.runs, args.out, read_data(args))
    print(f"Written to {args.out}. Now: python -m training export {args.out}")
    return 0
