"""Face pictures with their labels and votes, in the form that training and evaluation take."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.emotions import FER2013, FERPLUS

SPLITS = ("Training", "PublicTest", "PrivateTest")
CLASSES = (*FER2013, "contempt")
"""FER2013's classes in the order of their numbers, and contempt, which only other data sets have."""

VOTE_COLUMNS = (*FERPLUS, "unknown", "NF")
"""FER+'s ten vote columns; `NF` means that the picture shows no face."""


@dataclass(frozen=True, slots=True)
class FaceSet:
    """Pictures of faces, one per row.

    Attributes:
        images: uint8 (n, 48, 48, 1), gray levels 0..255.
        emotion: int8 (n,), position in `CLASSES`; FER2013's own number where it is one of its seven.
        usage: str (n,), one of `SPLITS`.
        votes: uint8 (n, 10) in the order of `VOTE_COLUMNS`, or None without a FER+ file.
        skipped: One sentence for each unusable row, with its file and line.
        notes: One sentence for each assumption made about the data, or thing that it lacks.
    """

    images: NDArray[np.uint8]
    emotion: NDArray[np.int8]
    usage: NDArray[np.str_]
    votes: NDArray[np.uint8] | None = None
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.images)
        if self.images.shape != (n, 48, 48, 1) or self.images.dtype != np.uint8:
            raise ValueError(f"images are uint8 (n, 48, 48, 1), not {self.images.dtype} {self.images.shape}")
        if len(self.emotion) != n or len(self.usage) != n or (self.votes is not None and self.votes.shape != (n, 10)):
            raise ValueError("images, emotion, usage and votes must have the same number of rows")

    def __len__(self) -> int:
        return len(self.images)

    @property
    def skipped_in_short(self) -> str:
        """The number of unusable rows, and the first of them, as a sentence; only for a set that has some."""
        return f"Skipped {len(self.skipped)} rows that cannot be used; the first: {self.skipped[0]}"

    @property
    def digest(self) -> str:
        """Digest of these pictures in this order; SHA-256 in hex."""
        return hashlib.sha256(self.images.tobytes()).hexdigest()

    @property
    def answers_digest(self) -> str:
        """Digest of the labels and votes of these pictures; SHA-256 in hex."""
        votes = b"" if self.votes is None else self.votes.tobytes()
        return hashlib.sha256(self.emotion.tobytes() + votes).hexdigest()

    def rows(self, selection: NDArray[Any]) -> "FaceSet":
        """The rows selected by a boolean mask or an array of row numbers."""
        votes = None if self.votes is None else self.votes[selection]
        return replace(
            self,
            images=self.images[selection],
            emotion=self.emotion[selection],
            usage=self.usage[selection],
            votes=votes,
        )

    def split(self, name: str) -> "FaceSet":
        """The rows of one official split.

        Raises:
            ValueError: If `name` is not one of `SPLITS`.
        """
        if name not in SPLITS:
            raise ValueError(f"unknown split {name}; there are {', '.join(SPLITS)}")
        return self.rows(self.usage == name)


def not_a_face(faces: FaceSet) -> NDArray[np.bool_]:
    """Rows whose most frequent FER+ vote is `NF`, and rows of one single gray level; shape (n,)."""
    flat: NDArray[np.bool_] = np.ptp(faces.images.reshape(len(faces), -1), axis=1) == 0
    if faces.votes is None:
        return flat
    return np.asarray(flat | (faces.votes.argmax(axis=1) == VOTE_COLUMNS.index("NF")))
