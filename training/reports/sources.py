"""Figures that the source projects publish for the networks rebuilt here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BINARY = "binary accuracy (not comparable)"
"""Kind of figure: accuracy of per-class yes-or-no answers (`training.metrics.binary_accuracy`)."""


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """A figure published by a source project.

    Attributes:
        value: Fraction 0..1; None if the source only describes a failure.
        kind: `accuracy`, or `BINARY`.
        note: What the source adds.
    """

    value: float | None
    kind: str = "accuracy"
    note: str = ""


FIGURES: Mapping[tuple[str, str], SourceFigure] = MappingProxyType(
    {
        ("mini_xception", "fer2013"): SourceFigure(0.630),
        ("vgg11", "four"): SourceFigure(0.66),
        ("simple_cnn", "fer2013"): SourceFigure(0.526),
        ("resnet50", "fer2013"): SourceFigure(0.863, BINARY, "recall 8.5"),
        ("resnet101", "fer2013"): SourceFigure(0.48),
        ("mobilenet_v2", "fer2013"): SourceFigure(0.51),
        ("densenet169", "fer2013"): SourceFigure(0.61),
        ("four_block_cnn", "fer2013"): SourceFigure(0.60),
        ("vgg16", "fer2013"): SourceFigure(None, note="collapsed to happiness"),
    }
)
"""(network, label set) -> figure. `student` and `resnet18` have no source."""
