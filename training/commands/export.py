"""`python -m training export`: write a run's best weights as a bundle."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.conversion import QUANTISATIONS
from training.backend import load_keras
from training.commands.options import add_data_options

if TYPE_CHECKING:
    from models.bundle import Bundle


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("export", help="write a run's best weights as a bundle")
    add_data_options(parser)
    parser.add_argument("path", type=Path, metavar="RUN", help="the folder of a training run")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder of the bundle (default: RUN/bundle)")
    parser.add_argument(
        "--quantisation",
        choices=QUANTISATIONS,
        default="dynamic-int8",
        help="the quantisation of model.tflite (default: dynamic-int8; full-int8 measures its ranges on Training "
        "pictures)",
    )
    parser.add_argument("--onnx", action="store_true", help="also write model.onnx, for other programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Convert, check against Keras, measure, write."""
    from training.run_record import read_record

    read_record(args.path)  # report a wrong name before reading the data
    load_keras()
    from training.commands.options import read_data
    from training.export import export

    out = args.out or args.path / "bundle"
    print_bundle(export(args.path, out, read_data(args), quantisation=args.quantisation, onnx=args.onnx))
    return 0


def print_bundle(bundle: "Bundle") -> None:
    """Print a bundle's figures and how to open it."""
    for metric in bundle.metrics:
        print(f"{metric['figure']}: {100 * metric['value']:.2f} % of {metric['n']} ({metric['split']})")
    if bundle.gate is not None:
        print("The gate that was there is kept; `python -m training gate` makes one of this network.")
    print(f"Written to {bundle.path}. Open it with: python -m app --model {bundle.path}")
