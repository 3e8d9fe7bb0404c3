"""`calibrate`: fits each detector's crop to a network on labelled photos and writes it into the bundle."""

import argparse
import csv
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.geometry_fit import Curve, Place, Quality, fit_geometry, geometry_of
from app.commands.photos import PhotoFace, batches, find_faces, read_labels
from app.commands.score import seven
from app.core.crop import crop_faces
from app.detectors.open import open_detector
from app.headless.parts import OpenedParts, open_reader, verifying
from app.options import Options, add_options
from app.sinks.output import writing
from app.standard import say
from models.bundle import CROP_CURVE, CURVE_COLUMNS, CropGeometry, set_crops
from models.detectors import AUTO, same_boxes, unasked_detectors
from models.errors import InputError

_BATCH = 64


def add_parser(subparsers: Any) -> None:
    """Add `calibrate` to the commands."""
    parser = subparsers.add_parser(
        "calibrate",
        help="fit the crop of each detector to a model on labelled photos",
        description="Tries crops of several sizes and heights on the largest face of each photo of DIR (as `score` "
        "takes it) and writes the best into the model's folder. Fits every detector that sends nothing, or the one of "
        "--detector.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with images and labels.csv")
    parser.add_argument("--dry-run", action="store_true", help="print, and change nothing")
    parser.add_argument("--curve", type=Path, metavar="FILE", help="write every crop tried and its accuracy as CSV")
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fit, print before and after, and write.

    Raises:
        InputError: If the labels, a photo, the model, every detector, or a file to write cannot be used.
    """
    options = Options.of(args)
    if args.curve is not None:
        _rows_of_others(args.curve, {})  # fail now rather than after the search
    photos = read_labels(args.folder)
    curves: dict[str, Curve] = {}
    crops: dict[str, CropGeometry] = {}
    with ExitStack() as stack:
        classifier = stack.enter_context(open_reader(options))
        for name in fitted_detectors(options):
            try:
                detector = open_detector(name, model_file=options.detector_model)
            except InputError as error:
                say(str(error))
                continue
            stack.callback(detector.close)
            verifier = stack.enter_context(verifying(detector, classifier.bundle))
            parts = OpenedParts(detector, classifier, verifier)
            faces = find_faces(parts, photos)
            if not faces:
                say(f"{name} finds no face on the photos of {args.folder}; its crop stays as it is.")
                continue
            before = classifier.bundle.crop(name)
            measure = _measure(parts, faces, len(photos))
            print(f"{name}: a face found in {len(faces)} of {len(photos)} photos; trying crops", flush=True)
            crops[name], curves[name] = fit_geometry(measure)
            print(f"  before  {_described(before, measure(before))}")
            print(f"  after   {_described(crops[name], measure(crops[name]))}")
            print(grid_text(curves[name]))
        if not crops:
            raise InputError(f"no detector could be calibrated on {args.folder}.")
        if not args.dry_run:
            set_crops(classifier.bundle, {same: crop for name, crop in crops.items() for same in same_boxes(name)})
            write_curve(classifier.bundle.path / CROP_CURVE, curves)
            print(f"written into {classifier.bundle.path}")
        if args.curve is not None:
            write_curve(args.curve, curves)
    return 0


def fitted_detectors(options: Options) -> tuple[str, ...]:
    """Names of the detectors whose crops are fitted: the one named by the options, or all that send nothing."""
    if options.detector in (None, AUTO):
        return tuple(kind.name for kind in unasked_detectors())
    return (str(options.detector),)


def _measure(parts: OpenedParts, faces: Sequence[PhotoFace], photos: int) -> Callable[[CropGeometry], Quality]:
    """A function that reads all faces with one geometry; photos without a face count as wrong."""
    truth = np.array([one.truth for one in faces])

    def measure(geometry: CropGeometry) -> Quality:
        rows = []
        for part in batches(len(faces), _BATCH):
            crops = [crop_faces(one.image, [one.face], geometry=geometry) for one in faces[part]]
            rows.append(seven(parts, parts.classifier.probabilities(np.concatenate(crops), mirrored=True)))
        shares = np.concatenate(rows)
        right = int((shares.argmax(axis=1) == truth).sum())
        likelihood = np.log(np.maximum(shares[np.arange(len(truth)), truth], 1e-9)).mean()
        return Quality(right / photos, float(likelihood))

    return measure


def _described(geometry: CropGeometry, quality: Quality) -> str:
    return (
        f"scale {geometry.scale:.3f}, dy {geometry.dy:+.3f}: accuracy {quality.accuracy:.1%}, "
        f"mean log-likelihood {quality.log_likelihood:.3f}"
    )


def grid_text(curve: Curve) -> str:
    """The accuracies over scale (rows) and shift (columns), in per cent; a dot for geometries not tried."""
    scales = sorted({scale for scale, _ in curve})
    shifts = sorted({dy for _, dy in curve})
    lines = ["  scale \\ dy " + "".join(f"{dy / 100:>7.3f}" for dy in shifts)]
    for scale in scales:
        lines.append(f"  {scale / 100:>10.2f} " + "".join(_cell(curve, (scale, dy)) for dy in shifts))
    return "\n".join(lines)


def _cell(curve: Curve, place: Place) -> str:
    return f"{curve[place].accuracy * 100:>7.1f}" if place in curve else f"{'.':>7}"


def write_curve(path: Path, curves: Mapping[str, Curve]) -> None:
    """Write `detector,scale,dy,accuracy,log_likelihood`; fractions 0..1. Rows of other detectors stay in the file.

    Raises:
        InputError: If the file cannot be written.
    """
    kept = _rows_of_others(path, curves)
    with writing(path), path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CURVE_COLUMNS)
        writer.writerows(kept)
        for name, curve in curves.items():
            for place, quality in sorted(curve.items()):
                geometry = geometry_of(place)
                figures = f"{quality.accuracy:.6f}", f"{quality.log_likelihood:.6f}"
                writer.writerow((name, geometry.scale, geometry.dy, *figures))


def _rows_of_others(path: Path, curves: Mapping[str, Curve]) -> list[list[str]]:
    """The rows of a file about detectors that are not among `curves`.

    Raises:
        InputError: If its folder does not exist, or the file is not a curve.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}; make it or name another file")
    if not path.exists():
        return []
    try:
        with writing(path), path.open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise InputError(f"{path} holds no curve of crops ({error}); name another file") from error
    if tuple(head) != CURVE_COLUMNS:
        raise InputError(f"{path} holds no curve of crops (its first line is {','.join(head)[:60]}); name another file")
    return [row for row in rows if len(row) == len(CURVE_COLUMNS) and row[0] not in curves]
