"""The file of face claims that `python -m app candidates` writes, and `python -m training gate` learns from."""

import argparse
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.bundle import INPUT
from models.errors import InputError
from models.files import replacing
from models.gate import EVIDENCE

UNLABELLED, UNKNOWN, TURNED, MADE = "unlabelled", "unknown", "turned", "made"
"""Labels added to those of detections.csv (`face`, `depiction`, `animal`, `none`): an unlabelled claim; one that may be
a person; a face that is not upright; a plain colour or noise."""

PHOTO, SHOWN = "photo", "shown"
"""Origin of claims in unchanged pictures: photos of faces, and other pictures."""

VERSION = 1


def add_folders(parser: argparse.ArgumentParser) -> None:
    """Add the options for the pictures from which claims are collected: `negatives` and `photos`, lists."""
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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Claims of faces.

    Attributes:
        crops: As the classifier takes them, uint8 (n, 48, 48, 1).
        evidence: float32 (n, 7), columns as `models.gate.EVIDENCE`; NaN if the detector cannot give any.
        label: Content of each.
        picture: The file of each; cross-validation must not split the claims of a file.
        way: How each was found: `PHOTO`, `SHOWN`, or by variants of the pictures; those of photos begin with `PHOTO`.
        detector: Name of the detector.
    """

    crops: NDArray[np.uint8]
    evidence: NDArray[np.float32]
    label: NDArray[np.str_]
    picture: NDArray[np.str_]
    way: NDArray[np.str_]
    detector: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.crops)

    def rows(self, selection: NDArray[np.bool_]) -> "Candidates":
        """The claims that a mask selects."""
        return Candidates(*(getattr(self, field.name)[selection] for field in fields(self)))


def joined(parts: Sequence[Candidates]) -> Candidates:
    """The claims of one or more files, in order."""
    columns = [[getattr(part, field.name) for part in parts] for field in fields(Candidates)]
    return Candidates(*map(np.concatenate, columns))


def write_candidates(path: Path, candidates: Candidates) -> None:
    """Write claims, whole or not at all.

    Raises:
        OSError: If the file cannot be written.
    """
    arrays = {field.name: getattr(candidates, field.name) for field in fields(candidates)}
    with replacing(path) as part, part.open("wb") as file:
        np.savez_compressed(file, version=VERSION, columns=np.array(EVIDENCE), **arrays)


def read_candidates(path: Path) -> Candidates:
    """Read claims.

    Raises:
        InputError: If it is no such file, or one of another version.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            version, columns = int(file["version"]), tuple(file["columns"].tolist())
            candidates = Candidates(*(file[field.name] for field in fields(Candidates)))
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(f"{path} is not a file of `python -m app candidates`: {error}.") from error
    if version != VERSION or columns != EVIDENCE:
        raise InputError(f"{path} was written by another version; write it again with `python -m app candidates`.")
    n = len(candidates)
    shapes = [np.shape(getattr(candidates, field.name)) for field in fields(candidates)]
    if shapes != [(n, *INPUT), (n, len(EVIDENCE)), (n,), (n,), (n,), (n,)]:
        raise InputError(f"{path} does not hold together: its arrays have the shapes {shapes}.")
    return candidates
