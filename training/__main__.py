"""`python -m training`: train, evaluate, export and build the demo clip. Parse and dispatch, nothing else."""

import argparse
import os
import sys
from pathlib import Path

from models.errors import InputError

DEFAULT_COMMAND = "train"
EPILOG = """\
From a download to the window:
  put fer2013.csv (and, for votes, fer2013new.csv) into this folder
  python -m training                          trains the network of the app into runs/student
  python -m training evaluate --model runs/student/bundle
  python -m app calibrate PHOTOS --model runs/student/bundle
  python -m app --model runs/student/bundle
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done, 2 the input cannot be used (one sentence on standard error), 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, DEFAULT_COMMAND)
    args = _parser().parse_args(words)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from training import commands  # after parsing: --help must not wait for Keras

    try:
        return getattr(commands, args.command)(args)
    except InputError as error:
        print(f"mimik: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; what was finished is kept, --resume goes on with a training run.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train and measure the networks of Mimik. Without a command: train.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, metavar="CSV", help="fer2013.csv; looked for here and in data/ by default")
    data.add_argument("--ferplus", type=Path, metavar="CSV", help="fer2013new.csv; the one beside the data by default")

    train = commands.add_parser("train", parents=[data], help="train a network and export it as a bundle")
    train.add_argument("--model", default="student", metavar="NAME", help="network (default: student)")
    train.add_argument(
        "--recipe", default="student", metavar="NAME|FILE.toml", help="every other choice (default: student)"
    )
    train.add_argument("--epochs", type=int, help="instead of the recipe's")
    train.add_argument("--seed", type=int, default=1, help="of weights, order and views (default: 1)")
    train.add_argument("--out", type=Path, metavar="DIR", help="the run's folder (default: runs/NAME)")
    train.add_argument("--init", type=Path, metavar="RUN", help="start from the best weights of another run")
    train.add_argument("--resume", action="store_true", help="go on where the run stopped")

    evaluate = commands.add_parser("evaluate", parents=[data], help="measure a bundle on one split")
    evaluate.add_argument("--model", metavar="NAME|DIR", help="bundle (default: the app's)")
    evaluate.add_argument("--split", choices=("PublicTest", "PrivateTest"), default="PublicTest")
    evaluate.add_argument("--views", choices=("single", "flip", "ten-crop"), default="single")
    evaluate.add_argument("--engine", choices=("litert", "keras"), default="litert")
    evaluate.add_argument("--json", action="store_true", help="every figure as JSON")

    export = commands.add_parser("export", parents=[data], help="write a run's best weights as a bundle")
    export.add_argument("run", type=Path, metavar="RUN", help="folder of a training run")
    export.add_argument("--out", type=Path, metavar="DIR", help="the bundle's folder (default: RUN/bundle)")
    export.add_argument("--quantisation", choices=("float32", "dynamic-int8"), default="dynamic-int8")

    commands.add_parser("models", help="list the networks with their size and where they come from")

    demo = commands.add_parser("demo", parents=[data], help="build the clip of average faces that comes with the app")
    demo.add_argument("--out", type=Path, default=Path("assets"), metavar="DIR", help="folder (default: assets)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
