"""The timeline, who showed what when, as SVG or PNG."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.core.store import ReadingStore
from app.export.content import Content, Moment, stored
from app.export.reporter import Reporter
from app.export.strip import CURVE_HEIGHT, LEFT, RIGHT, ROW_HEIGHT, WIDTH, strip_of, words_of
from app.sinks.output import utf8, writing

_SHARP = 2
"""Pixels of the PNG per unit of the drawing."""


@cache
def templates() -> Environment:
    """The templates of this package; all values are escaped."""
    loader = PackageLoader("app.export")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)


def write_timeline(content: Content, path: Path, reporter: Reporter, *, png: bool) -> None:
    """Write the strip of a stretch.

    Raises:
        InputError: If the readings cannot be read or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    corrected: list[Moment] = []
    store = stored(content.labels, reported(content, reporter, corrected))
    svg = drawn(content, store, corrected)
    data = rasterised(svg) if png else utf8(f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}')
    with writing(path):
        path.write_bytes(data)


def reported(content: Content, reporter: Reporter, corrected: list[Moment]) -> Iterator[Moment]:
    """The moments of a content, with progress reported; those with corrections are also appended to `corrected`."""
    for moment in content.moments():
        reporter.at(moment.reading.time_s, content.length_s)
        if moment.corrected:
            corrected.append(moment)
        yield moment


def drawn(content: Content, store: ReadingStore, corrected: Iterable[Moment] = ()) -> Markup:
    """The strip as an element `svg`."""
    strip = strip_of(content, store, tuple(corrected))
    sizes = {
        "width": WIDTH,
        "left": LEFT,
        "inner": WIDTH - LEFT - RIGHT,
        "row_height": ROW_HEIGHT,
        "curve_height": CURVE_HEIGHT,
    }
    return Markup(templates().get_template("strip.svg").render(strip=strip, words_of=words_of, **sizes))


def rasterised(svg: str) -> bytes:
    """A picture of a drawing as PNG."""
    import resvg_py  # it draws with the system's fonts

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SHARP))
