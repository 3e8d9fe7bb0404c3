"""`score`: how often the strongest apparent expression is the label of a photo."""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from app.commands.everyday import score_everyday
from app.commands.parts import Parts, opened
from app.commands.photos import Photo, largest, read_labels
from app.core.crop import crop_faces
from app.options import Options, add_options
from app.sources.images import read_picture
from models.emotions import FER2013, canonical, project
from models.errors import InputError


def add_parser(subparsers: Any) -> None:
    """Add `score` to the commands."""
    parser = subparsers.add_parser(
        "score",
        help="measure the accuracy on labelled photos",
        description="DIR/images has the photos, DIR/labels.csv their emotions (image,emotion). The largest face of "
        "each photo counts, read together with its mirror image as every picture is; a photo without a face "
        "counts as wrong. With --negatives: how many of the boxes that are shown on everyday pictures hold no face.",
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
        "--leave-out",
        type=_emotions,
        default=(),
        metavar="EMOTION[,EMOTION]",
        help="leave out the photos with these labels",
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Score the photos and print the result.

    Raises:
        InputError: If the labels, a photo, the model or the detector cannot be used.
    """
    if (args.folder is None) == (args.negatives is None):
        raise InputError("Name either a folder of photos or --negatives DIR.")
    if args.negatives is not None:
        return score_everyday(args.negatives, Options.of(args), as_json=args.json)
    photos = [photo for photo in read_labels(args.folder) if photo.emotion not in args.leave_out]
    if not photos:
        raise InputError(f"{args.folder} has no photos but those that are left out.")
    with opened(Options.of(args)) as parts:
        result = measure([photo.emotion for photo in photos], [predict(parts, photo) for photo in photos])
    print(json.dumps(result, indent=2) if args.json else table(result))
    return 0


def _emotions(text: str) -> tuple[str, ...]:
    names = tuple(canonical(word.strip()) for word in text.split(","))
    if any(name not in FER2013 for name in names):
        raise argparse.ArgumentTypeError(f"{text} names none of {', '.join(FER2013)}")
    return tuple(str(name) for name in names)


def predict(parts: Parts, photo: Photo) -> str | None:
    """The strongest of FER2013's seven emotions in the photo's largest face, or None if it has no face.

    Raises:
        InputError: If the photo cannot be read, or the bundle does not know all seven.
    """
    image = read_picture(photo.path)
    face = largest(parts.faces(image))
    if face is None:
        return None
    crops = crop_faces(image, [face], geometry=parts.classifier.bundle.crop(parts.detector.name))
    return FER2013[int(seven(parts, parts.classifier.probabilities(crops, mirrored=True))[0].argmax())]


def seven(parts: Parts, probabilities: np.ndarray) -> np.ndarray:
    """Probabilities of FER2013's seven emotions, shape (n, 7): contempt is dropped and the rest renormalised.

    Raises:
        InputError: If the bundle does not know all seven.
    """
    try:
        return project(probabilities, parts.classifier.labels, FER2013)
    except ValueError as error:
        raise InputError(f"The model {parts.classifier.bundle.name} cannot be scored: {error}.") from error


def measure(truth: Sequence[str], predicted: Sequence[str | None]) -> dict[str, Any]:
    """Count. `None` among the predictions is a photo without a face: wrong, and in no column of the confusion.

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
    return center - half, center + half


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
        f"{'truth':<{wide}}  recall  " + "".join(f"{name[:8]:>9}" for name in result["emotions"]),
    ]
    for name, row in zip(result["emotions"], result["confusion"], strict=True):
        if name in result["per_emotion"]:
            lines.append(f"{name:<{wide}}  {result['per_emotion'][name]:>6.1%}  " + "".join(f"{n:>9}" for n in row))
    return "\n".join(lines)
