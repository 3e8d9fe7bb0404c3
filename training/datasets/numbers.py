"""Numbers that stand for emotions: each published data set has its own order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.emotions import FER2013


@dataclass(frozen=True, slots=True)
class Numbering:
    """The order of one data set: its name, and number -> emotion."""

    name: str
    emotions: Mapping[int, str]

    def __str__(self) -> str:
        return f"{self.name}'s ({', '.join(f'{number} {emotion}' for number, emotion in self.emotions.items())})"


FER2013_NUMBERS = Numbering("FER2013", MappingProxyType(dict(enumerate(FER2013))))

RAFDB_NUMBERS = Numbering(
    "RAF-DB",
    MappingProxyType(
        dict(enumerate(("surprise", "fear", "disgust", "happiness", "sadness", "anger", "neutral"), start=1))
    ),
)
"""Li, Deng & Du 2017, single-label subset."""

AFFECTNET_NUMBERS = Numbering(
    "AffectNet",
    MappingProxyType(
        dict(
            enumerate(("neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt"), start=0)
        )
    ),
)
"""Mollahosseini, Hasani & Mahoor 2017; higher codes mean that the picture has no such label."""


def numbering_of(numbers: Collection[int]) -> Numbering:
    """The order that numbers follow, judged by which of them occur: 7 together with 0 is AffectNet's, 7 without 0
    RAF-DB's."""
    if 7 not in numbers:
        return FER2013_NUMBERS
    return AFFECTNET_NUMBERS if 0 in numbers else RAFDB_NUMBERS
