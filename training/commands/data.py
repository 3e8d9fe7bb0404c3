"""`python -m training data`: what a data set contains."""

import argparse
import json
from pathlib import Path
from typing import Any

from training.commands.options import add_data_options, seed

OUT = Path("runs/data")


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "data", help="count classes, splits and duplicates; draw a chart and a sheet of samples"
    )
    add_data_options(parser)
    parser.add_argument("--labels", metavar="SET[+SET]", help="label sets (default: fer2013, and ferplus with votes)")
    parser.add_argument("--split", default="official", metavar="official|N/M", help="as `train` takes it")
    parser.add_argument(
        "--seed", type=seed, default=1, metavar="N", help="the seed of the split and the samples (default: 1)"
    )
    parser.add_argument(
        "--out", type=Path, default=OUT, metavar="DIR", help=f"the folder for the charts (default: {OUT})"
    )
    parser.add_argument("--json", action="store_true", help="print every count as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Count, print, and draw."""
    from training.commands.options import read_data
    from training.datasets.labels import parse_labels
    from training.reports.overview import survey, table
    from training.reports.overview_charts import draw

    faces = read_data(args)
    sets = parse_labels(args.labels, faces.votes is not None)
    found = survey(faces, sets, args.split, args.seed)
    print(json.dumps(found, indent=2) if args.json else table(found))
    for path in draw(faces, found, sets[0], args.out, args.seed):
        if not args.json:
            print(f"Written to {path}.")
    return 0
