"""`python -m training logits`: save what one or several bundles say of the pictures to learn from, for a student."""

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_data_options, seed


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("logits", help="save the logits of one or several bundles, to teach with --teacher")
    add_data_options(parser)
    parser.add_argument("bundles", type=Path, nargs="+", metavar="BUNDLE", help="folders of the teachers")
    parser.add_argument("--out", type=Path, required=True, metavar="NPZ", help="file to write")
    parser.add_argument(
        "--split", default="official", metavar="official|N/M", help="the one that the student learns from"
    )
    parser.add_argument(
        "--seed", type=seed, default=1, metavar="N", help="the student's, where the split is drawn by it"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Average the teachers' probabilities over both mirror images and save their logarithms."""
    from models.bundle import load_bundle
    from training.commands.options import read_data
    from training.datasets.splits import divide
    from training.ensembles import ensemble_logits
    from training.logits_file import save_logits

    bundles = [load_bundle(bundle) for bundle in args.bundles]  # before the data, which take longer to read
    args.out.parent.mkdir(parents=True, exist_ok=True)  # before the work, so that nothing is computed in vain
    learn = divide(read_data(args), args.split, args.seed).learn
    logits = ensemble_logits(bundles, learn.images)
    save_logits(args.out, logits, learn.digest)
    print(f"Written to {args.out}: {', '.join(logits)} of {len(learn):,} pictures by {len(args.bundles)} teacher(s).")
    return 0
