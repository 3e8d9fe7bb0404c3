"""`candidates`: collects claims of faces, right and wrong ones, from which `python -m training gate` makes a gate."""

import argparse
import math
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.labelled import LabelledBox, overlapping, pictures_of, read_detections
from app.commands.made_pictures import made_pictures
from app.commands.photos import largest
from app.commands.variants import varied
from app.core.crop import crop_faces
from app.core.geometry import iou
from app.core.stages import Detector
from app.core.types import Box, Detection, Image
from app.core.views import Pyramid, Square
from app.detectors.blazeface import BlazeFaceNetwork
from app.detectors.evidence import look_again
from app.detectors.looks import look
from app.detectors.open import open_detector
from app.detectors.verifier import network_of
from app.options import Options, add_options
from app.sinks.output import writing
from app.sources.images import read_picture
from app.standard import say
from models.bundle import Bundle, load_bundle
from models.candidates import MADE, PHOTO, SHOWN, TURNED, UNKNOWN, UNLABELLED, Candidates, add_folders, write_candidates
from models.errors import InputError
from models.gate import EVIDENCE

_FAINT = 0.15
"""Least score of claims in parts of a picture: lower than for shown faces, to collect more of them."""

_MOST = 8
"""Most claims per picture and way of finding them; the strongest are kept."""

_PHOTO_VARIANTS, _FACE_VARIANTS = 4, 12
"""Variants of each photo's face, and of each labelled face of other pictures, of which there are few."""

_SAME_IOU = 0.35

_SMALLEST = 16
"""Pixels of a box's side."""


class Collector:
    """Collects claims.

    Args:
        bundle: Says how crops are cut.
        network: BlazeFace.
    """

    def __init__(self, bundle: Bundle, network: BlazeFaceNetwork) -> None:
        self._bundle = bundle
        self._network = network
        self._rows: list[tuple[np.ndarray, np.ndarray, str, str, str, str]] = []

    def add(
        self, detector: str, image: Image, claims: Sequence[Detection], labels: Sequence[str], picture: str, way: str
    ) -> None:
        """Keep claims with their crops and, of BlazeFace, with the evidence of second looks."""
        if not claims:
            return
        evidence = np.full((len(claims), len(EVIDENCE)), np.nan, np.float32)
        if detector != "haar":
            placed, evidence = look_again(self._network, Pyramid(image), claims)
            labels = [
                label if label == "face" or iou(one.box, claim.box) > _SAME_IOU else UNKNOWN
                for label, one, claim in zip(labels, placed, claims, strict=True)
            ]  # the label of a box says nothing about a place next to it, which may show a face
            claims = placed
        crops = crop_faces(image, claims, geometry=self._bundle.crop(detector))
        for crop, row, label in zip(crops, evidence, labels, strict=True):
            self._rows.append((crop, row, label, picture, way, detector))

    def among(self, image: Image, squares: Sequence[Square]) -> list[Detection]:
        """The claims found in parts of a picture, each once, strongest first."""
        found = [face for faces in look(self._network, Pyramid(image), squares, _FAINT) for face in faces]
        kept: list[Detection] = []
        for face in sorted(found, key=lambda one: one.score, reverse=True):
            if face.box.w >= _SMALLEST and not any(iou(face.box, other.box) > 0.5 for other in kept):
                kept.append(face)
        return kept

    def better(self, image: Image, claim: Detection) -> Detection:
        """The claim with its box corrected by second looks."""
        return look_again(self._network, Pyramid(image), [claim])[0][0]

    def collected(self) -> Candidates:
        """Everything so far.

        Raises:
            InputError: If that is nothing.
        """
        if not self._rows:
            raise InputError("No claim of a face was found in these pictures; name more of them.")
        crops, evidence, *words = zip(*self._rows, strict=True)
        return Candidates(np.stack(crops), np.stack(evidence), *(np.array(column) for column in words))


def add_parser(subparsers: Any) -> None:
    """Add `candidates` to the commands."""
    parser = subparsers.add_parser(
        "candidates",
        help="collect claims of faces, from which `python -m training gate` makes a gate",
        description="Looks for faces where there are some (photos) and where there are none (negatives), with low "
        "thresholds, in whole pictures and parts of them, and writes the crops and what second looks saw.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="the file to write")
    add_folders(parser)
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Collect and write.

    Raises:
        InputError: If a folder, the model, BlazeFace or the file cannot be used.
    """
    options = Options.of(args)
    folders = [(folder, pictures_of(folder)) for folder in args.negatives]
    photos = [(folder, pictures_of(folder)) for folder in args.photos]
    if not folders and not photos:
        raise InputError("There is nothing to collect from; name --negatives DIR or --photos DIR.")
    if args.out.suffix != ".npz" or not args.out.parent.is_dir():
        raise InputError(f"{args.out} cannot be written: name a file that ends in .npz in a folder that is there.")
    with ExitStack() as stack:
        blazeface = open_detector("blazeface", model_file=options.detector_model)
        haar = open_detector("haar")
        for detector in (blazeface, haar):
            stack.callback(detector.close)
        network = network_of(blazeface)
        assert network is not None
        detectors = (blazeface, haar)
        collector = Collector(load_bundle(options.model), network)
        for folder, pictures in photos:
            say(f"looking at the {len(pictures)} photos of {folder}")
            for place, picture in enumerate(pictures):
                _photo(collector, detectors, picture, np.random.default_rng(place))
        for folder, pictures in folders:
            labels = folder / "detections.csv"
            seen = read_detections(labels) if labels.is_file() else {}
            say(f"looking at the {len(pictures)} pictures of {folder}")
            for place, picture in enumerate(pictures):
                _negative(collector, detectors, picture, seen.get(picture.name, ()), np.random.default_rng(place))
        if folders:
            for name, image in made_pictures():
                for detector in detectors:
                    claims = detector.detect(image)
                    collector.add(detector.name, image, claims, [MADE] * len(claims), name, MADE)
        candidates = collector.collected()
    with writing(args.out):
        write_candidates(args.out, candidates)
    print(f"{len(candidates)} claims of {len(set(candidates.picture.tolist()))} pictures written to {args.out}")
    return 0


def _photo(collector: Collector, detectors: Sequence[Detector], path: Path, rng: np.random.Generator) -> None:
    """The largest face of a photo, variants of it, and the claims in the photo rotated by quarter turns."""
    image = read_picture(path)
    for detector in detectors:
        face = largest(detector.detect(image))
        if face is not None:
            collector.add(detector.name, image, [face], ["face"], path.name, PHOTO)
    face = largest(detectors[0].detect(image))
    if face is None:
        return
    _vary(collector, image, face, path.name, f"{PHOTO} varied", rng, _PHOTO_VARIANTS)
    for quarters in (1, 2, 3):
        turned = np.ascontiguousarray(np.rot90(image, quarters))
        wrong = largest(detectors[0].detect(turned))
        if wrong is not None:
            collector.add(detectors[0].name, turned, [wrong], [TURNED], path.name, f"{PHOTO} turned")


def _vary(
    collector: Collector,
    image: Image,
    face: Detection,
    picture: str,
    way: str,
    rng: np.random.Generator,
    times: int,
) -> None:
    """Variants of a face, each detected again in a part of the picture around it or in the whole."""
    for _ in range(times):
        changed, box = varied(image, face, rng)
        height, width = changed.shape[:2]
        side = rng.uniform(1.8, 5) * box.w
        x, y = (middle + rng.uniform(-0.25, 0.25) * side for middle in box.center)
        squares = [Square(x, y, side), Square(width / 2, height / 2, max(width, height))]
        claim = next((one for one in collector.among(changed, squares) if iou(one.box, box) > _SAME_IOU), None)
        if claim is not None:
            collector.add("blazeface", changed, [claim], ["face"], picture, way)


def _negative(
    collector: Collector,
    detectors: Sequence[Detector],
    path: Path,
    seen: Sequence[LabelledBox],
    rng: np.random.Generator,
) -> None:
    """The claims in a picture as it is, and with a lower threshold in parts of it and of its mirror image."""
    image = read_picture(path)
    for detector in detectors:
        claims = detector.detect(image)
        labels = _labels(claims, seen)
        collector.add(detector.name, image, claims, labels, path.name, SHOWN)
        if detector is detectors[0]:
            for claim, label in zip(claims, labels, strict=True):
                if label == "face":
                    _vary(collector, image, collector.better(image, claim), path.name, "varied", rng, _FACE_VARIANTS)
    width = image.shape[1]
    mirrored = [
        LabelledBox(Box(width - one.box.x - one.box.w, one.box.y, one.box.w, one.box.h), one.label) for one in seen
    ]
    _parts_of(collector, image, seen, path.name)
    _parts_of(collector, np.ascontiguousarray(image[:, ::-1]), mirrored, path.name)


def _parts_of(collector: Collector, image: Image, known: Sequence[LabelledBox], name: str) -> None:
    strongest = collector.among(image, _parts(image))[:_MOST]
    collector.add("blazeface", image, strongest, _labels(strongest, known), name, "parts")


def _labels(claims: Sequence[Detection], seen: Sequence[LabelledBox]) -> list[str]:
    people = any(one.label == "face" for one in seen)
    found = [overlapping(claim.box, seen) for claim in claims]
    return [one.label if one is not None else UNKNOWN if people else UNLABELLED for one in found]


def _parts(image: Image) -> list[Square]:
    """The whole picture, and overlapping squares of all, three fifths and a third of its shorter side."""
    height, width = image.shape[:2]
    squares = [Square(width / 2, height / 2, max(width, height))]
    for share in (1.0, 0.6, 0.35):
        side = share * min(width, height)
        places = [_steps(size, side) for size in (width, height)]
        squares += [Square(x, y, side) for x in places[0] for y in places[1]]
    return squares


def _steps(size: int, side: float) -> list[float]:
    """Centres of intervals of `side` that cover `size` and overlap by two fifths."""
    count = math.ceil((size - side) / (0.6 * side)) + 1
    return [size / 2] if count < 2 else np.linspace(side / 2, size - side / 2, count).tolist()
