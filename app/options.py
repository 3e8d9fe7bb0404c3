"""The options that every command and the window share."""

import argparse
import math
from dataclasses import dataclass
from typing import Self

from models import detectors

ENGINE_CHOICES = ("litert", "keras")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the pipeline.

    Attributes:
        detector: `auto` or a name of `models.detectors`, or None if the user left it open.
        detector_model: BlazeFace's model file, or None for `MIMIK_BLAZEFACE`, the cache, or a fetch.
        engine: `litert` or `keras`.
        model: Name or folder of a bundle, or None for the default one.
        fps: Pictures per second where a source is a folder with the frames of a recording, 0 if its pictures stand
            alone, or None to decide by their content.
        stride_s: Least seconds between two frames that are searched and read, or None to keep up with the source.
    """

    detector: str | None = None
    detector_model: str | None = None
    engine: str = "litert"
    model: str | None = None
    fps: float | None = None
    stride_s: float | None = 0.0

    @classmethod
    def of(cls, args: argparse.Namespace) -> Self:
        """Take the shared options from parsed arguments; commands without `--fps` get None."""
        own = getattr(args, "fps", None), getattr(args, "stride", 0.0)
        return cls(args.detector, args.detector_model, args.engine, args.model, *own)

    def arguments(self) -> list[str]:
        """The shared options as a command line, for another process."""
        words = ["--detector", self.detector] if self.detector else []
        words += ["--engine", self.engine]
        words += ["--detector-model", self.detector_model] if self.detector_model else []
        return words + (["--model", self.model] if self.model else [])


def add_options(parser: argparse.ArgumentParser, *, fps: bool = False) -> None:
    """Add the shared options to a parser, and `--fps` where sources may be folders of pictures."""
    group = parser.add_argument_group("options shared by all commands")
    group.add_argument("--detector", choices=detectors.detector_choices(), help=_detector_help())
    group.add_argument("--detector-model", metavar="FILE", help="BlazeFace's model file (also MIMIK_BLAZEFACE)")
    group.add_argument("--engine", choices=ENGINE_CHOICES, default="litert", help="what runs the network")
    group.add_argument("--model", metavar="NAME|DIR", help="the bundle that classifies (default: student)")
    if fps:
        parser.add_argument(
            "--fps",
            type=_rate,
            metavar="N",
            help="read a folder's pictures as a recording at N frames per second; 0 reads each picture by itself "
            "(default: 30 if neighbouring pictures are alike, else 0)",
        )
        parser.add_argument(
            "--stride",
            type=_stride,
            default=0.0,
            metavar="SECONDS|auto",
            help="for slow machines: detect and read faces only once per interval, and carry them over in between; "
            "auto keeps up with the source (default: 0, every frame)",
        )


def _detector_help() -> str:
    sending = "".join(f"; {kind.name}: {kind.sends}" for kind in detectors.DETECTORS if kind.sends)
    return f"what finds the faces (default: auto){sending}"


def number(text: str) -> float:
    """Parse a number; anything else becomes NaN, which is in no range."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _stride(text: str) -> float | None:
    if text == "auto":
        return None
    value = number(text)
    if not 0 <= value <= 60:
        raise argparse.ArgumentTypeError(f"{text} is neither auto nor seconds between 0 and 60")
    return value


def _rate(text: str) -> float:
    value = number(text)
    if not 0 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a rate between 0 and 1000 pictures per second")
    return value
