"""`python -m training train`: train a network, then export its best epoch."""

import argparse
import shlex
import time
from pathlib import Path
from typing import Any

from training.backend import load_keras
from training.commands.options import add_data_options, minutes, seed
from training.commands.resuming import NETWORK, SEED, complete


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("train", help="train a network and export it as a bundle")
    add_data_options(parser)
    parser.add_argument("--model", metavar="NAME", help=f"the network (default: {NETWORK})")
    parser.add_argument(
        "--recipe",
        metavar="NAME|FILE.toml",
        help="all other settings (default: `finetune` with --freeze-until, else the network's own recipe, else "
        "`light`)",
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=int, metavar="N", help="the number of epochs, instead of the recipe's")
    length.add_argument(
        "--minutes",
        type=minutes,
        metavar="N",
        help="train for N minutes, the whole schedule within them; with --resume for N more",
    )
    parser.add_argument("--labels", metavar="SET[+SET]", help="label sets (default: fer2013, and ferplus with votes)")
    parser.add_argument(
        "--split",
        metavar="official|N/M",
        help="`official`, by the column Usage (default), or N %% of the Training rows to train on, such as 80/20",
    )
    parser.add_argument(
        "--keep-duplicates", action="store_true", help="also train on copies of pictures in the test splits"
    )
    parser.add_argument(
        "--seed", type=seed, metavar="N", help=f"the seed of weights, order and views (default: {SEED})"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder of the run (default: runs/NAME)")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue after the last completed epoch; of the other options only --minutes, --distributed and "
        "those that name files (--data, --teacher, ...) must be given again",
    )
    start = parser.add_argument_group("starting point")
    start.add_argument(
        "--init", type=Path, metavar="RUN|FILE", help="start from the best weights of another run of this network"
    )
    start.add_argument("--weights", metavar="FILE|imagenet", help="load weights into the layers that they fit")
    start.add_argument(
        "--freeze-until",
        metavar="LAYER",
        help="train the layers before LAYER only after the recipe's freeze_epochs, at a lower rate",
    )
    start.add_argument(
        "--teacher",
        type=Path,
        nargs="+",
        default=(),
        metavar="RUN|BUNDLE|NPZ",
        help="also learn from the teachers' mean probabilities (recipe: teacher_share)",
    )
    machine = parser.add_argument_group("the machine")
    machine.add_argument("--deterministic", action="store_true", help="same seed, same history (slower on a GPU)")
    machine.add_argument(
        "--distributed",
        action="store_true",
        help="use all devices, and the processes that KERAS_DISTRIBUTION_* name (JAX)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train; export if Keras runs on TensorFlow, else say how."""
    began = time.monotonic()
    load_keras()

    from dataclasses import replace

    import keras

    from models.errors import InputError
    from training.commands.export import print_bundle
    from training.config import RunConfig
    from training.export import export
    from training.open_run import open_run

    recipe = complete(args)
    planned = recipe.epochs
    if args.epochs is not None:
        try:
            recipe = replace(recipe, epochs=args.epochs)
        except ValueError as error:
            raise InputError(f"--epochs: {error}.") from error
    config = RunConfig(
        model=args.model,
        data=args.data,
        votes=args.ferplus,
        recipe=recipe,
        seed=args.seed,
        out=args.out,
        labels=args.labels,
        split=args.split,
        init=args.init,
        weights=args.weights,
        freeze_until=args.freeze_until,
        teachers=tuple(args.teacher),
        deterministic=args.deterministic,
        distributed=args.distributed,
        skip_bad=args.skip_bad,
        keep_duplicates=args.keep_duplicates,
        minutes=args.minutes,
        planned_epochs=planned,
    )
    run = open_run(config, resume=args.resume, began=began)
    run.go()
    if keras.backend.backend() != "tensorflow":
        given = [] if args.data is None else ["--data", str(args.data)]
        given += [] if args.ferplus is None else ["--ferplus", str(args.ferplus)]
        given += ["--skip-bad"] if args.skip_bad else []
        command = shlex.join(["python", "-m", "training", "export", str(config.out), *given])
        print(f"Trained into {config.out}. Now: KERAS_BACKEND=tensorflow {command}")
        return 0
    print_bundle(export(config.out, config.out / "bundle", run.faces))
    return 0
