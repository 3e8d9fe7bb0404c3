"""`python -m training gate`: make the gate of a bundle, which distinguishes faces from false detections."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from models.candidates import Candidates, add_folders, joined, read_candidates
from models.errors import InputError
from training.backend import load_keras


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("gate", help="make the gate of a bundle, which tells faces from what is none")
    add_folders(parser)
    parser.add_argument(
        "--candidates",
        type=Path,
        action="append",
        default=[],
        metavar="NPZ",
        help="what `python -m app candidates` has collected, in place of the folders or beside them",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="CSV|DIR",
        help="FER2013, whose faces are used for training too (default: none of them)",
    )
    parser.add_argument(
        "--ferplus", type=Path, metavar="CSV", help="fer2013new.csv, whose votes say what is not a face"
    )
    parser.add_argument("--model", metavar="BUNDLE", help="the bundle that gets the gate (default: student)")
    parser.add_argument("--detector-model", type=Path, metavar="FILE", help="BlazeFace's model file")
    parser.set_defaults(run=run, skip_bad=True)


def run(args: argparse.Namespace) -> int:
    """Collect claims, fit the gate, and write it into the bundle."""
    from models.bundle import load_bundle

    bundle = load_bundle(args.model)
    parts = [read_candidates(path) for path in args.candidates]
    if args.negatives or args.photos:
        folders = ", ".join(map(str, (*args.negatives, *args.photos)))
        print(f"Looking for faces in {folders}, in variants of these pictures and in noise ...", flush=True)
        parts.append(_collected(args))
    if not parts:
        raise InputError("There is nothing to make a gate of; name --negatives DIR and --photos DIR, or --candidates.")
    load_keras()
    from training.commands.options import read_data
    from training.gate_bundle import make_gate

    sources = {
        "negatives": [path.name for path in args.negatives],
        "photos": [path.name for path in args.photos],
        "candidates": [path.name for path in args.candidates],
    }
    faces = read_data(args) if args.data is not None else None
    claims = joined(parts)
    print(f"Fitting the gate to {len(claims):,} claims of faces ...", flush=True)
    made = make_gate(bundle, claims, faces, {name: names for name, names in sources.items() if names})
    assert made.gate is not None
    print("Believed where the gate had not learned, with BlazeFace's second looks, and by the crop alone (Haar):")
    for rule, counts in made.gate.training["cross_validated"].items():
        print(f"{rule}: " + ", ".join(f"{name} {kept} of {n}" for name, (kept, n) in counts.items()))
    print(f"Written to {made.path}. See it work with: python -m app score --negatives DIR --model {made.path}")
    return 0


def _collected(args: argparse.Namespace) -> Candidates:
    """The claims collected by the app, which alone can detect faces; it runs in a separate process."""
    with tempfile.TemporaryDirectory(prefix="mimik-") as folder:
        out = Path(folder) / "candidates.npz"
        words = [sys.executable, "-m", "app", "candidates", "--out", str(out)]
        for name in ("negatives", "photos"):
            for path in getattr(args, name):
                words += [f"--{name}", str(path)]
        words += ["--model", args.model] if args.model else []
        words += ["--detector-model", str(args.detector_model)] if args.detector_model else []
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or ["it ended without a word"]
            raise InputError(f"The claims could not be collected: {lines[-1].removeprefix('mimik: ')}")
        return read_candidates(out)
