"""Building blocks of a self-contained HTML page: tables with headers, light and dark charts, sections."""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from matplotlib.figure import Figure

from training.reports.style import DARK, LIGHT, WIDTH_IN, Theme, to_png

_TEMPLATE = Path(__file__).with_name("page.html")
_CSS_PIXELS_AN_INCH = 112


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


def picture(chart: Chart, caption: str = "") -> str:
    """An HTML figure with the chart, dark if the reader prefers a dark colour scheme."""
    dark = "" if chart.dark is None else _source(chart.dark)
    width, height = chart.size
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure><picture>{dark}<img src="{_data(chart.light)}" width="{width}" height="{height}" '
        f'alt="{escape(chart.alt)}"></picture>{below}</figure>'
    )


def side_by_side(pictures: Iterable[str]) -> str:
    """Figures next to each other if there is room."""
    return f'<div class="charts">{"".join(pictures)}</div>'


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, words: bool = False) -> str:
    """A table; the first cell of a row is its header. It scrolls on narrow screens.

    Args:
        caption: Describes the content.
        header: Name of each column.
        rows: Cells as text or numbers.
        words: The cells are text, not numbers: left-aligned, and long ones are wrapped.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{escape(str(first))}</th>{"".join(f"<td>{escape(str(cell))}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    label = escape(caption)
    kind = ' class="words"' if words else ""
    return (
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table{kind}><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def folded(summary: str, content: str) -> str:
    """Collapsible content."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


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
    content: str
    charts: tuple[Chart, ...] = ()


def page(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The whole page.

    Args:
        title: Plain text.
        lead: HTML of the paragraphs below the title.
        sections: In order; a list of links to them follows the lead.
    """
    links = "".join(f'<li><a href="#{section.key}">{escape(section.title)}</a></li>' for section in sections)
    parts = "".join(
        f'<section aria-labelledby="{s.key}"><h2 id="{s.key}">{escape(s.title)}</h2>{s.content}</section>'
        for s in sections
    )
    body = f'<h1>{escape(title)}</h1>{lead}<nav aria-label="Contents"><ul>{links}</ul></nav>{parts}'
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(title=escape(title), body=body)


def _source(png: bytes) -> str:
    return f'<source srcset="{_data(png)}" media="(prefers-color-scheme: dark)">'


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
