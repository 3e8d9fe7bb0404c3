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
    parser.add_argument("--labels", metavar="SET[+SET]", help="the student's label sets, some of which drop pictures")
    parser.add_argument("--recipe", metavar="NAME|FILE.toml", help="the student's, which may copy rare pictures")
    parser.add_argument("--keep-duplicates", action="store_true", help="as the student keeps them")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Average the teachers' probabilities over both mirror images and save their logarithms."""
    from models.bundle import load_bundle
    from training.commands.options import read_data
    from training.datasets.labels import parse_labels
    from training.datasets.lessons import make_lessons
    from training.ensembles import ensemble_logits
    from training.logits_file import save_logits
    from training.recipes.recipe import load_recipe

    bundles = [load_bundle(bundle) for bundle in args.bundles]  # before the data, which take longer to read
    args.out.parent.mkdir(parents=True, exist_ok=True)  # before the work, so that nothing is computed in vain
    balance = load_recipe(args.recipe).balance if args.recipe else "none"
    faces = read_data(args)
    learn = make_lessons(
        faces,
        parse_labels(args.labels, faces.votes is not None),
        split=args.split,
        seed=args.seed,
        keep_duplicates=args.keep_duplicates,
        balance=balance,
    ).learn
    logits = ensemble_logits(bundles, learn.images)
    save_logits(args.out, logits, learn.digest)
    print(f"Written to {args.out}: {', '.join(logits)} of {len(learn):,} pictures by {len(args.bundles)} teacher(s).")
    return 0
