"""What the projects whose networks are rebuilt here report of them, as they report it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BINARY = "binary accuracy (not comparable)"
"""Kind of a figure: accuracy of yes-or-no answers, class by class (`training.metrics.binary_accuracy`)."""


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """A figure of a source project.

    Attributes:
        value: Fraction 0..1; None where the source only says how it failed.
        kind: `accuracy`, or `BINARY`.
        note: What else the source says of it.
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
