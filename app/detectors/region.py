"""Searches one part of each picture."""

import argparse
from dataclasses import dataclass

import numpy as np

from app.core.stages import Detector
from app.core.types import Detection, Image, SourceInfo
from models.errors import InputError

_MOST = 1 << 20


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture in whole pixels, x and y of its upper left corner."""

    x: int
    y: int
    w: int
    h: int

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Read `x,y,w,h`.

        >>> Region.parse("10,20,300,200")
        Region(x=10, y=20, w=300, h=200)

        Raises:
            ArgumentTypeError: If it is not a region.
        """
        words = text.split(",")
        if len(words) != 4 or not all(word.strip().isascii() and word.strip().isdigit() for word in words):
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a part of a picture; write x,y,w,h in pixels")
        x, y, w, h = (min(int(word[:9]), _MOST) for word in words)
        if not w or not h:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is empty; write x,y,w,h in pixels with w and h above 0")
        return cls(x, y, w, h)

    def require_within(self, info: SourceInfo) -> None:
        """Refuse a region outside a source's picture.

        Raises:
            InputError: If it is outside the first picture.
        """
        if self.x >= info.width or self.y >= info.height:
            raise InputError(
                f"--roi {self.x},{self.y},{self.w},{self.h} lies outside {info.name}, which has {info.width} x "
                f"{info.height} pixels; choose another part"
            )


class RegionDetector:
    """Finds faces with another detector in one part of each picture; boxes are in pixels of the whole picture.

    Args:
        detector: Gets only this part; closed by the caller, not here.
        region: The part; anything outside a picture is ignored.
    """

    def __init__(self, detector: Detector, region: Region) -> None:
        self.detector = detector
        self.offset = region.x, region.y
        self._region = region
        self.name = detector.name

    def detect(self, image: Image) -> tuple[Detection, ...]:
        part = self.part(image)
        if not part.size:
            return ()
        return tuple(found.moved(*self.offset) for found in self.detector.detect(part))

    def part(self, image: Image) -> Image:
        """The part of a picture, contiguous; empty if the picture ends before it."""
        region = self._region
        return np.ascontiguousarray(image[region.y : region.y + region.h, region.x : region.x + region.w])

    def close(self) -> None:
        """Do nothing: the detector is not closed here."""
