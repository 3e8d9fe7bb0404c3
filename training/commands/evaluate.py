"""`python -m training evaluate`: measure a bundle or a run on one split."""

import argparse
import json
from functools import cache
from typing import Any

from training.commands.options import add_data_options, add_split_option, percent


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("evaluate", help="measure a bundle or a run on one split")
    add_data_options(parser)
    parser.add_argument("--model", metavar="NAME|DIR", help="a bundle or a run (default: the app's bundle)")
    add_split_option(parser)
    parser.add_argument(
        "--views",
        choices=("single", "flip", "ten-crop"),
        default="single",
        help="the picture alone (default), the mean with its mirror image, or of five crops and their mirror images",
    )
    parser.add_argument(
        "--engine",
        choices=("litert", "keras"),
        default="litert",
        help="what computes the network (default: litert, as in the app; a run that is not exported is run by keras)",
    )
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, and print a table or JSON."""
    from models.bundle import DEFAULT
    from training.commands.options import read_data
    from training.evaluate import evaluate
    from training.reports.model import open_model_and_classifier

    read = cache(lambda: read_data(args))
    _, classifier = open_model_and_classifier(args.model or DEFAULT, read, args.engine)
    try:
        result = evaluate(classifier, read(), args.split, args.views)
    finally:
        classifier.close()
    print(json.dumps(result, indent=2) if args.json else _table(result))
    return 0


def _table(result: dict[str, Any]) -> str:
    low, high = result["interval"]
    lines = [
        f"{result['split']}, {result['views']} view, {result['engine']}, head {result['head']}, N = {result['n']}",
        f"accuracy                          {percent(result['accuracy'])}  "
        f"(95 % interval {percent(low)} to {percent(high)})",
        f"balanced accuracy                 {percent(result['balanced_accuracy'])}",
        f"macro F1                          {percent(result['macro_f1'])}",
        f"AUC                               {percent(result['auc'])}",
        f"negative log-likelihood           {result['nll']:7.4f}",
        f"expected calibration error        {percent(result['ece'])}  "
        f"({percent(result['ece_uncalibrated'])} without temperature)",
        f"binary accuracy (not comparable)  {percent(result['binary_accuracy_not_comparable'])}",
    ]
    if "ferplus" in result:
        votes = result["ferplus"]
        accuracy = f"{percent(votes['accuracy'])}  (official rule, N = {votes['n']})"
        lines.append(f"FER+ accuracy                     {accuracy}")
    lines += ["", "expression   precision  recall     F1      n"]
    lines += [
        f"{name:11}  {percent(c['precision'])}   {percent(c['recall'])}  {percent(c['f1'])}  {c['n']:5}"
        for name, c in result["per_class"].items()
    ]
    return "\n".join(lines)
