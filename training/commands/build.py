"""`python -m training build`: teachers, student and bundle within a given time; `make model` calls it."""

import argparse
import time
from pathlib import Path
from typing import Any

from training.backend import load_keras
from training.commands.options import add_data_options, minutes, seed


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("build", help="train the app's network and its teachers within a given time")
    add_data_options(parser)
    parser.add_argument(
        "--minutes", type=minutes, default=10.0, metavar="N", help="the time for all stages (default: 10, for a GPU)"
    )
    parser.add_argument("--out", type=Path, default=Path("runs/model"), metavar="DIR", help="default: runs/model")
    parser.add_argument("--model", default="student", metavar="NAME", help="the network (default: student)")
    parser.add_argument(
        "--recipe",
        default="student-long",
        metavar="NAME|FILE.toml",
        help="the student's recipe (default: student-long)",
    )
    parser.add_argument(
        "--teacher-recipe", default="student", metavar="NAME|FILE.toml", help="the teachers' recipe (default: student)"
    )
    parser.add_argument(
        "--teachers",
        nargs="+",
        default=(),
        metavar="NETWORK:SEED|DIR",
        help="networks to train, or folders of runs or bundles (default: resnet18:1 vgg11:1 on a GPU, else student:2 "
        "if there are at least 60 minutes)",
    )
    parser.add_argument("--seed", type=seed, default=1, metavar="N", help="the student's seed (default: 1)")
    parser.add_argument(
        "--negatives",
        type=Path,
        metavar="DIR",
        help="a folder of pictures without faces, to make the gate (with --photos)",
    )
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="DIR",
        help="a folder of labelled photos, to calibrate the crops, and for the gate",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the data once, then run every stage."""
    began = time.monotonic()
    load_keras()
    from training.commands.options import read_data
    from training.pipeline import Pipeline, Plan
    from training.recipes.recipe import load_recipe

    plan = Plan(
        data=args.data,
        votes=args.ferplus,
        skip_bad=args.skip_bad,
        out=args.out,
        minutes=args.minutes,
        model=args.model,
        recipe=load_recipe(args.recipe),
        teacher_recipe=load_recipe(args.teacher_recipe),
        teachers=tuple(args.teachers),
        seed=args.seed,
        negatives=args.negatives,
        photos=args.photos,
    )
    Pipeline(plan, read_data(args), began).go()
    return 0
