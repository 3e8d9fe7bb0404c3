"""Label sets: which emotion of the data becomes which label, and which rows a set counts.

The table `MERGES` is the only place that says which emotions are merged or dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.emotions import FERPLUS, SETS
from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet

Source = Literal["classes", "votes"]
DROPPED = -1

MERGES: Mapping[str, tuple[Source, Mapping[str, str]]] = MappingProxyType(
    {
        "fer2013": ("classes", {name: name for name in SETS["fer2013"]}),
        "ferplus": ("votes", {name: name for name in SETS["ferplus"]}),
        "four": ("classes", {name: name for name in SETS["four"]}),
        "contempt-no-disgust": ("votes", {name: name for name in SETS["contempt-no-disgust"]}),
        # Surprise may be pleasant or not, and the label does not say which (Russell 1980 places astonishment near the
        # middle of this axis), so its rows would only blur both ends.
        "valence": (
            "classes",
            {
                "anger": "negative",
                "disgust": "negative",
                "fear": "negative",
                "sadness": "negative",
                "contempt": "negative",
                "neutral": "neutral",
                "happiness": "positive",
            },
        ),
    }
)
"""Label set -> its source (the `classes` of the data, or FER+'s `votes`), and the label of each emotion; a missing
emotion is dropped."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """A set of labels that a head can learn.

    Attributes:
        name: As on the command line; also the name of the head.
        labels: In the order of the head's outputs.
        source: `classes` or `votes`.
        merge: Emotion of the source -> label; a missing emotion is dropped.
    """

    name: str
    labels: tuple[str, ...]
    source: Source
    merge: Mapping[str, str]

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotions of the source, in the order of its numbers or columns."""
        return CLASSES if self.source == "classes" else FERPLUS

    @property
    def positions(self) -> NDArray[np.int64]:
        """Position of each emotion's label, or `DROPPED`; int64 (len(emotions),)."""
        return np.array(
            [self.labels.index(self.merge[name]) if name in self.merge else DROPPED for name in self.emotions], np.int64
        )

    @property
    def matrix(self) -> NDArray[np.float32]:
        """1 where an emotion (row) becomes a label (column), else 0; float32 (len(emotions), len(labels))."""
        return np.asarray(self.positions[:, np.newaxis] == np.arange(len(self.labels)), np.float32)


def label_set(name: str) -> LabelSet:
    """A label set by its name.

    Raises:
        InputError: If there is none with that name; lists those that exist.
    """
    if name not in MERGES:
        raise InputError(f"There is no label set {name!r}; there are {', '.join(MERGES)}.")
    source, merge = MERGES[name]
    return LabelSet(name, SETS[name], source, MappingProxyType(merge))


def parse_labels(text: str | None, has_votes: bool) -> tuple[LabelSet, ...]:
    """The label sets of `--labels`: names with `+` between them.

    Args:
        text: Such as `fer2013+ferplus`; None means this with votes, and `fer2013` without.
        has_votes: Whether the data come with FER+'s votes.

    Raises:
        InputError: If a name is unknown or occurs twice, or a set needs votes and there are none.
    """
    if text is None:
        text = "fer2013+ferplus" if has_votes else "fer2013"
    sets = tuple(label_set(name.strip()) for name in text.split("+"))
    names = [each.name for each in sets]
    if len(set(names)) != len(names):
        raise InputError(f"--labels {text} names a label set twice.")
    for each in sets:
        if each.source == "votes" and not has_votes:
            raise InputError(f"The label set {each.name} is made of FER+'s votes; name fer2013new.csv with --ferplus.")
    return sets


def truth(faces: FaceSet, labels: LabelSet) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which rows a label set counts, and their labels.

    A set from classes counts every row whose class is not dropped. A set from votes counts the rows that FER+'s
    official rule keeps (`majority`), if the emotion with the most votes is not dropped.

    Returns:
        Rows that count, bool (n,), and the position in `labels.labels`, int64 (n,), never `DROPPED` in a row that
        counts.

    Raises:
        InputError: If the set needs votes and the faces have none.
    """
    if labels.source == "classes":
        label = labels.positions[faces.emotion.astype(np.int64)]
        return label != DROPPED, label
    rule, emotion = majority(votes_of(faces, labels))
    label = labels.positions[emotion]
    return rule & (label != DROPPED), label


def votes_of(faces: FaceSet, labels: LabelSet) -> NDArray[np.uint8]:
    """The votes that a label set needs, uint8 (n, 10).

    Raises:
        InputError: If the faces have none.
    """
    if faces.votes is None:
        raise InputError(f"The label set {labels.name} is made of FER+'s votes; name fer2013new.csv with --ferplus.")
    return faces.votes


def without_slips(votes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Votes (n, 10) with every single vote set to zero; FER+'s authors consider it noise."""
    return np.where(votes > 1, votes, 0).astype(np.uint8)


def majority(votes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """FER+'s official rule for its accuracy: zero every vote of 1; a row counts where the largest of the eight emotions
    exceeds half the sum of all ten columns.

    Args:
        votes: uint8 (n, 10) in the order of `faceset.VOTE_COLUMNS`.

    Returns:
        Which rows count, bool (n,), and every row's emotion in the order of `FERPLUS`, int64 (n,).
    """
    kept = without_slips(votes).astype(np.int64)
    emotions = kept[:, : len(FERPLUS)]
    return emotions.max(axis=1) * 2 > kept.sum(axis=1), emotions.argmax(axis=1)
