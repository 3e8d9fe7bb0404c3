"""`python -m training report`: one page about one trained network, with its charts next to it."""

import argparse
from functools import cache
from pathlib import Path
from typing import Any

from training.commands.options import add_data_options, add_split_option


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("report", help="write a page with charts about a trained network")
    parser.add_argument("source", metavar="RUN|BUNDLE", help="the folder of a run or of a bundle, or a bundle's name")
    add_data_options(parser)
    add_split_option(parser)
    parser.add_argument(
        "--crops",
        type=Path,
        metavar="FILE",
        help="the file that `python -m app calibrate --curve` wrote (default: crop-curve.csv in the bundle's folder)",
    )
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="FILE",
        help="the file that `python -m app score --probabilities FILE` wrote: adds how reliable the readings of "
        "photos are",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="the folder for the page (default: report/ in the run's folder)"
    )
    parser.add_argument(
        "--with-pictures", action="store_true", help="also put the mistakes, which show people, into the page"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the page and print where it is."""
    from training.commands.options import read_data
    from training.reports.report import write_report

    page = write_report(
        args.source,
        cache(lambda: read_data(args)),
        args.out,
        split=args.split,
        crops=args.crops,
        photos=args.photos,
        with_pictures=args.with_pictures,
    )
    print(f"Written to {page}, with its charts next to it.")
    return 0
