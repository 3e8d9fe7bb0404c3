"""`candidates`: collects claims of faces, right and wrong ones, from which `python -m training gate` makes a gate."""

import argparse
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.commands.labelled import Labelled, matching, pictures_of, read_detections
from app.commands.made_pictures import made_pictures
from app.commands.parts import say
from app.commands.photos import largest_face
from app.commands.variants import varied
from app.core.crop import crop_faces
from app.core.geometry import iou
from app.core.stages import Detector
from app.core.types import Box, Detection, Image
from app.detectors.blazeface import BlazeFaceNetwork
from app.detectors.evidence import look_again
from app.detectors.open import open_detector
from app.detectors.views import View, look
from app.options import Options, add_options
from app.sinks.output import writing
from app.sources.images import read_picture
from models.bundle import Bundle, load_bundle
from models.candidates import Candidates, write_candidates
from models.errors import InputError
from models.gate import EVIDENCE

_FAINT = 0.15
"""Least score of a claim that is looked for in parts of a picture: below what is shown, so that there are more."""

_MOST = 8
"""Claims that are taken from one picture and way, the strongest."""

_PHOTO_VARIANTS, _FACE_VARIANTS = 6, 16
"""Variants of each photo's face, and of each labelled face of other pictures, of which there are few."""

_SMALLEST = 16
"""Pixels of a box's side."""


class Collector:
    """Gathers claims.

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
            claims, evidence = look_again(self._network, image, claims)
        crops = crop_faces(image, claims, geometry=self._bundle.crop(detector))
        for crop, row, label in zip(crops, evidence, labels, strict=True):
            self._rows.append((crop, row, label, picture, way, detector))

    def parts(self, image: Image) -> list[Detection]:
        """The strongest claims that parts of the picture at several sizes raise."""
        return self.among(image, _views(image))[:_MOST]

    def among(self, image: Image, views: Sequence[View]) -> list[Detection]:
        """The claims that views raise, each once, strongest first."""
        found = [face for faces in look(self._network, image, views, _FAINT) for face in faces]
        kept: list[Detection] = []
        for face in sorted(found, key=lambda one: one.score, reverse=True):
            if face.box.w >= _SMALLEST and not any(iou(face.box, other.box) > 0.5 for other in kept):
                kept.append(face)
        return kept

    def better(self, image: Image, claim: Detection) -> Detection:
        """The claim as second looks place it."""
        return look_again(self._network, image, [claim])[0][0]

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
    parser.add_argument(
        "--negatives",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="pictures without people; with DIR/detections.csv (image,x,y,width,height,label) also some with people",
    )
    parser.add_argument(
        "--photos", type=Path, action="append", default=[], metavar="DIR", help="pictures with a face each, the largest"
    )
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
        detectors = [_blazeface(options), open_detector("haar")]
        for detector in detectors:
            stack.callback(detector.close)
        collector = Collector(load_bundle(options.model), detectors[0].network)
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
                    collector.add(detector.name, image, claims, ["made"] * len(claims), name, "made")
        candidates = collector.collected()
    with writing(args.out):
        write_candidates(args.out, candidates)
    print(f"{len(candidates)} claims of {len(set(candidates.picture.tolist()))} pictures written to {args.out}")
    return 0
