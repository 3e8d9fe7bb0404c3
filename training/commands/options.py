"""Options that several commands share."""

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.datasets.faceset import FaceSet


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """`--data`, `--ferplus` and `--skip-bad`."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="CSV|DIR",
        help="fer2013.csv, icml_face_data.csv, Kaggle's train.csv, a list of RAF-DB or AffectNet, or a folder "
        "train/CLASS/*.jpg (default: one of them, in this folder or in data/)",
    )
    parser.add_argument(
        "--ferplus", type=Path, metavar="CSV", help="fer2013new.csv (default: the one next to the data)"
    )
    parser.add_argument("--skip-bad", action="store_true", help="skip rows that cannot be used, and report how many")


def add_split_option(parser: argparse.ArgumentParser) -> None:
    """`--split` of commands that measure."""
    parser.add_argument(
        "--split",
        choices=("PublicTest", "PrivateTest"),
        default="PublicTest",
        help="the pictures to measure on (default: PublicTest; PrivateTest only once, at the very end)",
    )


def read_data(args: argparse.Namespace) -> "FaceSet":
    """The faces that the options name; reports assumptions and skipped rows on standard error."""
    from training.datasets.reading import read_faces

    faces = read_faces(args.data, args.ferplus, skip_bad=args.skip_bad)
    for sentence in (*faces.notes, *([faces.skipped_in_short] if faces.skipped else [])):
        print(sentence, file=sys.stderr)
    return faces


def seed(text: str) -> int:
    """A seed as the libraries accept it, 0 to 2^32 - 1."""
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError(f"{text} is not a seed; name one from 0 to {2**32 - 1}")
    return number


def minutes(text: str) -> float:
    """A positive duration in minutes."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a duration; name minutes, such as 90 or 0.5")
    return number


def percent(rate: float | None) -> str:
    """A fraction in per cent, at a fixed width; a dash for None."""
    return f"{100 * rate:5.2f} %" if rate is not None else "    - %"
