"""`python -m training weights`: weights as a plain archive that any backend can read."""

import argparse
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "weights", help="write weights as an .npz that --weights and --init accept on any backend"
    )
    parser.add_argument(
        "source",
        type=Path,
        metavar="FILE",
        help="a .keras or .h5 file, a run's best.npz, or a folder of either",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="NPZ", help="the file to write")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read by layer, write by layer."""
    from models.errors import InputError
    from training.convert_weights import weights_of
    from training.weights_file import save_weights

    if args.out.suffix != ".npz":
        raise InputError(f"{args.out} must end in .npz, by which --weights and --init recognise it.")
    weights, epochs = weights_of(args.source)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_weights(args.out, weights, epochs)
    count = sum(value.size for values in weights.values() for value in values)
    print(f"Written to {args.out}: {len(weights)} layers, {count:,} numbers.")
    print(f"Train on with: python -m training --model NAME --init {args.out}, NAME being the network they are of.")
    return 0
