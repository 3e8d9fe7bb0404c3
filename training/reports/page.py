"""Building blocks of a self-contained HTML page: tables with headers, light and dark charts, sections.

Jinja2 escapes every text; what a function here returns is markup already and stays as it is."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from training.reports.style import DARK, LIGHT, WIDTH_IN, Theme, to_png

_CSS_PIXELS_AN_INCH = 112


def _data_url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


_TEMPLATES = Environment(
    loader=PackageLoader("training.reports", package_path=""), autoescape=True, undefined=StrictUndefined
)
_TEMPLATES.filters["data_url"] = _data_url
_PARTS: Any = _TEMPLATES.get_template("parts.html").module


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart on the page.

    Attributes:
        name: Of the file next to the page, without `.png`.
        alt: Alternative text.
        light, dark: PNG files; `dark` is None if one serves both themes.
        size: Width and height in CSS pixels, so that the page does not jump while it loads.
    """

    name: str
    alt: str
    light: bytes
    dark: bytes | None
    size: tuple[int, int]


def draw(name: str, alt: str, chart: Callable[[Theme], Figure], *, both: bool = True) -> Chart:
    """Draw a chart in the light theme and, with `both`, in the dark one."""
    figure = chart(LIGHT)
    height_in = float(figure.get_size_inches()[1])
    size = round(WIDTH_IN * _CSS_PIXELS_AN_INCH), round(height_in * _CSS_PIXELS_AN_INCH)
    return Chart(name, alt, to_png(figure), to_png(chart(DARK)) if both else None, size)


def picture(chart: Chart, caption: str = "") -> Markup:
    """An HTML figure with the chart, dark if the reader prefers a dark colour scheme."""
    return Markup(_PARTS.picture(chart, caption))


def side_by_side(pictures: Iterable[Markup]) -> Markup:
    """Figures next to each other if there is room."""
    return Markup(_PARTS.side_by_side(pictures))


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, words: bool = False) -> Markup:
    """A table; the first cell of a row is its header. It scrolls on narrow screens.

    Args:
        caption: Describes the content.
        header: Name of each column.
        rows: Cells as text or numbers.
        words: The cells are text, not numbers: left-aligned, and long ones are wrapped.
    """
    return Markup(_PARTS.table(caption, header, rows, words))


def paragraph(text: str) -> Markup:
    """A paragraph of plain text."""
    return Markup(_PARTS.paragraph(text))


def folded(summary: str, content: Markup) -> Markup:
    """Collapsible content."""
    return Markup(_PARTS.folded(summary, content))


def joined(parts: Iterable[Markup]) -> Markup:
    """One part after the other."""
    return Markup("").join(parts)


def percent(rate: float | None) -> str:
    """A fraction 0..1 in per cent with two decimals; a dash for None."""
    return "–" if rate is None else f"{100 * rate:.2f} %"


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page.

    Attributes:
        key: Its anchor within the page.
        title: Plain text.
        content: HTML.
        charts: Every chart drawn for it, to be written as files next to the page.
    """

    key: str
    title: str
    content: Markup
    charts: tuple[Chart, ...] = ()


def page(title: str, lead: Markup, sections: Sequence[Section]) -> str:
    """The whole page.

    Args:
        title: Plain text.
        lead: HTML of the paragraphs below the title.
        sections: In order; a list of links to them follows the lead.
    """
    return _TEMPLATES.get_template("page.html").render(title=title, lead=lead, sections=sections)
