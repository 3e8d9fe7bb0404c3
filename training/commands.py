"""One function a command of `python -m training`; each takes the parsed arguments and returns the exit code."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.bundle import load_bundle
from models.emotions import SETS
from models.engines import open_classifier
from training.datasets.faceset import FaceSet
from training.datasets.fer2013 import find_csv, find_votes, read_fer2013


def train(args: argparse.Namespace) -> int:
    """Train, then export the best epoch where TensorFlow is installed."""
    import keras

    from training.recipes.recipe import load_recipe
    from training.train import RunConfig
    from training.train import train as run_training

    recipe = load_recipe(args.recipe)
    if args.epochs is not None:
        recipe = replace(recipe, epochs=args.epochs)
    data = find_csv(args.data)
    out = args.out or Path("runs") / args.model
    config = RunConfig(args.model, data, find_votes(args.ferplus, data), recipe, args.seed, out, args.init)
    run_training(config, resume=args.resume)
    if keras.backend.backend() != "tensorflow":
        print(f"Trained into {out}. Now export it: KERAS_BACKEND=tensorflow python -m training export {out}")
        return 0
    return _export(out, out / "bundle", _faces(args), "dynamic-int8")


def evaluate(args: argparse.Namespace) -> int:
    """Measure a bundle and print a table or JSON."""
    from training.evaluate import evaluate as measure

    classifier = open_classifier(load_bundle(args.model), args.engine)
    try:
        result = measure(classifier, _faces(args), args.split, args.views)
    finally:
        classifier.close()
    print(json.dumps(result, indent=2) if args.json else _table(result))
    return 0


def export(args: argparse.Namespace) -> int:
    """Write a bundle from a run."""
    return _export(args.run, args.out or args.run / "bundle", _faces(args), args.quantisation)


def models(args: argparse.Namespace) -> int:
    """List the networks."""
    from training.architectures import NAMES, build, multiply_accumulates, origin

    print("network          parameters    MMAC  where it comes from")
    for name in NAMES:
        network = build(name, {head: len(labels) for head, labels in SETS.items()})
        millions = multiply_accumulates(network) / 1e6
        print(f"{name:15}  {network.count_params():10,}  {millions:6.1f}  {origin(name)}")
    return 0


def demo(args: argparse.Namespace) -> int:
    """Build the demo clip and its truth."""
    from training.demo import build_demo

    for path in build_demo(_faces(args), args.out):
        print(path)
    return 0


def _faces(args: argparse.Namespace) -> FaceSet:
    data = find_csv(args.data)
    return read_fer2013(data, find_votes(args.ferplus, data))


def _export(run: Path, out: Path, faces: FaceSet, quantisation: str) -> int:
    from training.export import export as write_bundle

    bundle = write_bundle(run, out, faces, quantisation=quantisation)
    for metric in bundle.metrics:
        print(f"{metric['figure']}: {100 * metric['value']:.2f} % of {metric['n']} ({metric['split']})")
    print(f"Written to {out}. Open it with: python -m app --model {out}")
    return 0


def _table(result: dict[str, Any]) -> str:
    low, high = result["interval"]
    lines = [
        f"{result['split']}, {result['views']} view, {result['engine']}, N = {result['n']}",
        f"accuracy           {_percent(result['accuracy'])}  (95 % interval {_percent(low)} to {_percent(high)})",
        f"balanced accuracy  {_percent(result['balanced_accuracy'])}",
        f"macro F1           {_percent(result['macro_f1'])}",
        f"calibration error  {_percent(result['ece'])}  ({_percent(result['ece_uncalibrated'])} without temperature)",
        f"binary accuracy    {_percent(result['binary_accuracy_not_comparable'])}  (not comparable)",
    ]
    if "ferplus" in result:
        lines.append(
            f"FER+ accuracy      {_percent(result['ferplus']['accuracy'])}"
            f"  (official rule, N = {result['ferplus']['n']})"
        )
    lines += ["", "expression   precision  recall     F1      n"]
    lines += [
        f"{name:11}  {_percent(c['precision'])}   {_percent(c['recall'])}  {_percent(c['f1'])}  {c['n']:5}"
        for name, c in result["per_class"].items()
    ]
    return "\n".join(lines)


def _percent(rate: float) -> str:
    return f"{100 * rate:5.2f} %"
