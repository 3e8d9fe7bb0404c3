"""The kinds of file that an export can be, in one table; the command and the window's dialog read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from app.export.content import Content
from app.export.course import Course
from app.export.delimited import PLAIN, Dialect, write_long, write_wide
from app.export.frame import write_frame
from app.export.json_file import write_json
from app.export.page import write_page
from app.export.timeline import write_timeline
from app.export.video import UNVEILED, Veil, write_video


@dataclass(frozen=True, slots=True)
class Wish:
    """What may be chosen besides the kind.

    Attributes:
        excel: How a table for Excel is spelled.
        wide: How a wide table is.
        veil: Whose faces are blurred, in pictures.
        at_s: The moment of a single picture.
    """

    excel: Dialect = field(default_factory=lambda: Dialect.excel("."))
    wide: Dialect = PLAIN
    veil: Veil = UNVEILED
    at_s: float = 0.0


Write = Callable[[Content, Path, Course, Wish, str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Attributes:
        name: On the command line.
        title: For people.
        suffixes: That a file of it may have; the first is the usual one.
        tail: Ends the usual name, before the suffix.
        pictures: Whether it needs the film.
        write: Writes content to a path; the last argument is the suffix that was chosen.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    write: Write
    tail: str = ""
    pictures: bool = False


def _excel(content: Content, path: Path, course: Course, wish: Wish, _: str) -> None:
    write_long(content, path, course, wish.excel)


def _video(content: Content, path: Path, course: Course, wish: Wish, _: str, *, painted: bool) -> None:
    write_video(content, path, course, painted=painted, veil=wish.veil)


_KINDS = (
    Kind("csv", "Table (CSV)", (".csv",), lambda content, path, course, *_: write_long(content, path, course)),
    Kind("excel", "Table for Excel (CSV)", (".csv",), _excel, "-excel"),
    Kind(
        "wide",
        "Wide table, a row a moment (CSV)",
        (".csv",),
        lambda content, path, course, wish, _: write_wide(content, path, course, wish.wide),
        "-wide",
    ),
    Kind("json", "Everything (JSON)", (".json",), lambda content, path, course, *_: write_json(content, path, course)),
    Kind("video", "Annotated video (MP4)", (".mp4",), partial(_video, painted=True), "-annotated", pictures=True),
    Kind("html", "Page (HTML)", (".html", ".htm"), lambda content, path, course, *_: write_page(content, path, course)),
    Kind(
        "timeline",
        "Timeline (SVG, PNG)",
        (".svg", ".png"),
        lambda content, path, course, _, suffix: write_timeline(content, path, course, png=suffix == ".png"),
        "-timeline",
    ),
    Kind("clip", "Clean clip (MP4)", (".mp4",), partial(_video, painted=False), "-clip", pictures=True),
    Kind(
        "frame",
        "Picture at a moment (PNG)",
        (".png",),
        lambda content, path, course, wish, _: write_frame(content, path, course, at_s=wish.at_s, veil=wish.veil),
        "-frame",
        pictures=True,
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""By name, in the order in which they are offered."""
