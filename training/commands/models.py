"""`python -m training models`: the networks that can be trained."""

import argparse
from typing import Any

from training.backend import load_keras


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("models", help="list the networks with their size and origin")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print each network's parameters, multiply-accumulates for one face and origin."""
    load_keras()
    from models.emotions import FER2013
    from training.architectures import NAMES, build, multiply_accumulates, origin

    print("network          parameters    MMAC  where it comes from")
    for name in NAMES:
        network = build(name, {"fer2013": len(FER2013)})
        millions = multiply_accumulates(network) / 1e6
        print(f"{name:15}  {network.count_params():10,}  {millions:6.1f}  {origin(name)}")
    return 0
