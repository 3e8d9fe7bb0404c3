"""Style of the charts: two colour-blind-safe themes, and the conversion to PNG."""

import io
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

WIDTH_IN = 4.8
"""Width of every chart; narrow, so that its text stays readable on a phone."""

DPI = 200


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a chart.

    Attributes:
        surface: Background, the same as the page's.
        text: Titles and axes.
        faint: Grid and frame.
        series: Lines and bars, from the palette of Okabe and Ito (2008), chosen for contrast with the surface.
        low, high: Ends of a single-hue colour scale.
    """

    surface: str
    text: str
    faint: str
    series: tuple[str, str, str]
    low: str
    high: str

    @property
    def scale(self) -> LinearSegmentedColormap:
        """From `low` to `high`; lightness changes monotonically, so it is readable in gray too."""
        return LinearSegmentedColormap.from_list("mimik", [self.low, self.high])

    def ink_on(self, value: float) -> str:
        """Text colour on the scale at 0..1: dark on light, light on dark."""
        red, green, blue, _ = self.scale(value)
        return "#111111" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.45 else "#ffffff"


LIGHT = Theme("#ffffff", "#1b1f24", "#d5d9de", ("#0072b2", "#d55e00", "#009e73"), "#f1f5f9", "#08477c")
DARK = Theme("#16191d", "#e6e8eb", "#3d444d", ("#56b4e9", "#e69f00", "#2fc79a"), "#1f262e", "#8fd0ff")


def new_figure(theme: Theme, height_in: float, title: str) -> Figure:
    """An empty figure of the common width with a title."""
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained", facecolor=theme.surface)
    figure.suptitle(title, color=theme.text, fontsize=11, fontweight="bold")
    return figure


def dress(axes: Axes, theme: Theme, x: str, y: str) -> None:
    """Style an axes' frame and text, draw its grid below the data, and set its axis labels."""
    axes.set_facecolor(theme.surface)
    axes.set_axisbelow(True)
    axes.grid(color=theme.faint, linewidth=0.6)
    axes.tick_params(colors=theme.text, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.faint)
    axes.set_xlabel(x, color=theme.text, fontsize=9.5)
    axes.set_ylabel(y, color=theme.text, fontsize=9.5)


def legend(axes: Axes, theme: Theme, **place: object) -> None:
    """A legend without a frame in the theme's colours."""
    axes.legend(frameon=False, fontsize=9, labelcolor=theme.text, **place)


def to_png(figure: Figure) -> bytes:
    """The figure as a PNG without date or software metadata, so that equal data gives equal files."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, facecolor=figure.get_facecolor(), metadata={"Software": None})
    return buffer.getvalue()
