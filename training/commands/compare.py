"""`python -m training compare`: the table of all networks."""

import argparse
from pathlib import Path
from typing import Any

from training.backend import load_keras
from training.commands.options import add_data_options


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("compare", help="measure trained networks and write the table of all of them")
    parser.add_argument("sources", nargs="+", metavar="RUN", help="folders of runs or bundles")
    add_data_options(parser)
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("docs/networks.md"),
        metavar="FILE",
        help="the table; its rows are stored next to it as JSON (default: docs/networks.md)",
    )
    parser.add_argument("--fresh", action="store_true", help="discard the rows of networks that are not named now")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, and write the table after each network."""
    load_keras()
    from training.commands.options import read_data
    from training.reports.compare import compare

    rows = compare(args.sources, read_data(args), args.out, fresh=args.fresh)
    print(f"Written to {args.out}: {len(rows)} rows.")
    return 0
