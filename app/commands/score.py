"""`score`: how often the strongest apparent expression is the label of a photo."""

import argparse
import csv
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.commands.everyday import score_everyday, score_made
from app.commands.photos import Photo, largest, read_labels
from app.core.crop import crop_faces
from app.headless.parts import OpenedParts, opened
from app.options import Options, add_options
from app.sinks.output import writing
from app.sources.images import read_picture
from models.bundle import PHOTO_COLUMNS
from models.emotions import FER2013, canonical, project
from models.errors import InputError
from models.files import replacing


def add_parser(subparsers: Any) -> None:
    """Add `score` to the commands."""
    parser = subparsers.add_parser(
        "score",
        help="measure the accuracy on labelled photos",
        description="DIR/images has the photos, DIR/labels.csv their emotions (image,emotion). The largest face of "
        "each photo counts, read together with its mirror image as every picture is; a photo without a face "
        "counts as wrong. With --negatives: how many of the boxes that are shown on everyday pictures hold no face; "
        "with --made: how many faces are shown where there are none.",
    )
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="the folder with images and labels.csv")
    parser.add_argument(
        "--negatives",
        type=Path,
        metavar="DIR",
        help="everyday pictures: DIR/images and DIR/detections.csv (image,x,y,width,height,label; the label is face, "
        "depiction, animal or none)",
    )
    parser.add_argument(
        "--made",
        type=_seed,
        nargs="?",
        const=1,
        metavar="SEED",
        help="plain colours and noise in place of a folder: in how many a face is shown; SEED makes other noise",
    )
    parser.add_argument(
        "--leave-out",
        type=_emotions,
        default=(),
        metavar="EMOTION[,EMOTION]",
        help="leave out the photos with these labels",
    )
    parser.add_argument(
        "--probabilities",
        type=Path,
        metavar="FILE",
        help="also write each photo's label and probabilities as CSV, for `python -m training report --photos FILE`",
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Score the photos and print the result.

    Raises:
        InputError: If the labels, a photo, the model or the detector cannot be used.
    """
    if sum(given is not None for given in (args.folder, args.negatives, args.made)) != 1:
        raise InputError("Name one of these: a folder of photos, --negatives DIR, or --made.")
    if args.folder is None and args.probabilities is not None:
        raise InputError("--probabilities needs a folder of photos; name one in place of --negatives or --made.")
    if args.made is not None:
        return score_made(args.made, Options.of(args), as_json=args.json)
    if args.negatives is not None:
        return score_everyday(args.negatives, Options.of(args), as_json=args.json)
    photos = [photo for photo in read_labels(args.folder) if photo.emotion not in args.leave_out]
    if not photos:
        raise InputError(f"{args.folder} has only photos that are left out.")
    if args.probabilities is not None:
        refuse_to_replace(args.probabilities)  # fail now rather than after the work
    with opened(Options.of(args)) as parts:
        found = [shown_probabilities(parts, photo) for photo in photos]
        result = measure([photo.emotion for photo in photos], [strongest(parts, values) for values in found])
        if args.probabilities is not None:
            write_probabilities(args.probabilities, photos, found, parts.classifier.labels)
    print(json.dumps(result, indent=2) if args.json else table(result))
    return 0


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no seed; name a number from 0 on")
    return int(text)


def _emotions(text: str) -> tuple[str, ...]:
    names = tuple(canonical(word.strip()) for word in text.split(","))
    if any(name not in FER2013 for name in names):
        raise argparse.ArgumentTypeError(f"{text} names none of {', '.join(FER2013)}")
    return tuple(str(name) for name in names)


def shown_probabilities(parts: OpenedParts, photo: Photo) -> NDArray[np.float32] | None:
    """Probabilities of the photo's largest face as the program shows them, shape (k,), or None if it has no face.

    Raises:
        InputError: If the photo cannot be read.
    """
    image = read_picture(photo.path)
    face = largest(parts.faces(image))
    if face is None:
        return None
    crops = crop_faces(image, [face], geometry=parts.classifier.bundle.crop(parts.detector.name))
    row: NDArray[np.float32] = parts.classifier.probabilities(crops, mirrored=True)[0]
    return row


def strongest(parts: OpenedParts, probabilities: NDArray[np.float32] | None) -> str | None:
    """The strongest of FER2013's seven emotions; None for a photo without a face.

    Raises:
        InputError: If the bundle does not know all seven.
    """
    if probabilities is None:
        return None
    return FER2013[int(seven(parts, probabilities[np.newaxis])[0].argmax())]


def write_probabilities(
    path: Path, photos: Sequence[Photo], found: Sequence[NDArray[np.float32] | None], labels: Sequence[str]
) -> None:
    """Write one row per photo: `PHOTO_COLUMNS`, then a column per emotion; these are empty if no face was found.

    Raises:
        InputError: If the file cannot be written.
    """
    with writing(path), replacing(path) as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*PHOTO_COLUMNS, *labels])
        for photo, values in zip(photos, found, strict=True):
            cells = [""] * len(labels) if values is None else [f"{value:.5f}" for value in values]
            writer.writerow([photo.path.name, photo.emotion, *cells])


def refuse_to_replace(path: Path) -> None:
    """Refuse a file that holds anything but probabilities of photos, or whose folder does not exist.

    Raises:
        InputError: If so.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}; make it or name another file.")
    if not path.exists():
        return
    try:
        with writing(path), path.open(newline="", encoding="utf-8") as file:
            head = file.readline()
    except UnicodeDecodeError:
        head = "?"
    if not head.startswith(",".join(PHOTO_COLUMNS)):
        raise InputError(f"{path} exists and does not hold probabilities of photos; name another file.")


def seven(parts: OpenedParts, probabilities: np.ndarray) -> np.ndarray:
    """Probabilities of FER2013's seven emotions, shape (n, 7): contempt is dropped and the rest renormalised.

    Raises:
        InputError: If the bundle does not know all seven.
    """
    try:
        return project(probabilities, parts.classifier.labels, FER2013)
    except ValueError as error:
        raise InputError(f"The model {parts.classifier.bundle.name} cannot be scored: {error}.") from error


def measure(truth: Sequence[str], predicted: Sequence[str | None]) -> dict[str, Any]:
    """Compute the figures. `None` among the predictions is a photo without a face: wrong, and in no column of the
    confusion.

    Returns:
        `images`, `detected`, `accuracy`, `balanced_accuracy` (mean recall of the emotions that occur), `emotions`,
        `confusion` (rows = truth, columns = prediction, both in the order of `emotions`), `per_emotion` {emotion that
        occurs: recall}. Rates are 0..1.
    """
    confusion = np.zeros((len(FER2013), len(FER2013)), int)
    for true, guess in zip(truth, predicted, strict=True):
        if guess is not None:
            confusion[FER2013.index(true), FER2013.index(guess)] += 1
    recall = {name: int(confusion[row, row]) / truth.count(name) for row, name in enumerate(FER2013) if name in truth}
    return {
        "images": len(truth),
        "detected": int(confusion.sum()),
        "accuracy": int(np.trace(confusion)) / len(truth),
        "balanced_accuracy": sum(recall.values()) / len(recall),
        "emotions": list(FER2013),
        "confusion": confusion.tolist(),
        "per_emotion": recall,
    }


def interval(rate: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a rate over n photos (Wilson 1927).

    >>> tuple(round(end, 3) for end in interval(0.5, 100))
    (0.404, 0.596)
    """
    z = NormalDist().inv_cdf(0.975)
    center = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return max(0.0, center - half), min(1.0, center + half)


def table(result: Mapping[str, Any]) -> str:
    """The result for people, in per cent."""
    images = result["images"]
    low, high = interval(result["accuracy"], images)
    wide = max(map(len, result["emotions"]))
    lines = [
        f"{images} photos, a face found in {result['detected']} ({result['detected'] / images:.1%})",
        f"accuracy {result['accuracy']:.1%} (95 % interval {low:.1%} to {high:.1%}), "
        f"balanced {result['balanced_accuracy']:.1%}",
        "",
        f"{'truth':<{wide}}  recall  " + "".join(f"{name:>11}" for name in result["emotions"]),
    ]
    for name, row in zip(result["emotions"], result["confusion"], strict=True):
        if name in result["per_emotion"]:
            lines.append(f"{name:<{wide}}  {result['per_emotion'][name]:>6.1%}  " + "".join(f"{n:>11}" for n in row))
    return "\n".join(lines)
