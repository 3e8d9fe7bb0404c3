"""The table of export formats, for the command and the window's dialog."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from app.export.content import Content
from app.export.delimited import PLAIN, Dialect, write_long, write_wide
from app.export.frame import write_frame
from app.export.json_file import write_json
from app.export.page import write_page
from app.export.reporter import Reporter
from app.export.timeline import write_timeline
from app.export.video import UNVEILED, Veil, write_video


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The options of a format.

    Attributes:
        excel: The dialect of a table for Excel.
        wide: The dialect of a wide table.
        veil: Whose faces are blurred in pictures.
        at_s: The moment of a single picture.
    """

    excel: Dialect = field(default_factory=lambda: Dialect.excel("."))
    wide: Dialect = PLAIN
    veil: Veil = UNVEILED
    at_s: float = 0.0


Write = Callable[[Content, Path, Reporter, ExportOptions, str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes:
        name: The name on the command line.
        title: The name shown in the window.
        suffixes: Permitted suffixes; the first is the default.
        tail: End of the default name, before the suffix.
        pictures: Whether the format needs the film.
        write: Writes content to a path; the last argument is the chosen suffix.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    write: Write
    tail: str = ""
    pictures: bool = False


def _excel(content: Content, path: Path, reporter: Reporter, options: ExportOptions, _: str) -> None:
    write_long(content, path, reporter, options.excel)


def _video(content: Content, path: Path, reporter: Reporter, options: ExportOptions, _: str, *, painted: bool) -> None:
    write_video(content, path, reporter, painted=painted, veil=options.veil)


_KINDS = (
    Kind("csv", "Table (CSV)", (".csv",), lambda content, path, reporter, *_: write_long(content, path, reporter)),
    Kind("excel", "Table for Excel (CSV)", (".csv",), _excel, "-excel"),
    Kind(
        "wide",
        "Wide table, a row a moment (CSV)",
        (".csv",),
        lambda content, path, reporter, options, _: write_wide(content, path, reporter, options.wide),
        "-wide",
    ),
    Kind(
        "json", "Everything (JSON)", (".json",), lambda content, path, reporter, *_: write_json(content, path, reporter)
    ),
    Kind("video", "Annotated video (MP4)", (".mp4",), partial(_video, painted=True), "-annotated", pictures=True),
    Kind(
        "html",
        "Page (HTML)",
        (".html", ".htm"),
        lambda content, path, reporter, *_: write_page(content, path, reporter),
    ),
    Kind(
        "timeline",
        "Timeline (SVG, PNG)",
        (".svg", ".png"),
        lambda content, path, reporter, _, suffix: write_timeline(content, path, reporter, png=suffix == ".png"),
        "-timeline",
    ),
    Kind("clip", "Clean clip (MP4)", (".mp4",), partial(_video, painted=False), "-clip", pictures=True),
    Kind(
        "frame",
        "Picture at a moment (PNG)",
        (".png",),
        lambda content, path, reporter, options, _: write_frame(
            content, path, reporter, at_s=options.at_s, veil=options.veil
        ),
        "-frame",
        pictures=True,
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""By name, in the order in which they are offered."""
