"""One picture of a film, painted with what was read, as PNG."""

from dataclasses import replace
from pathlib import Path

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from app.core.stages import FrameSource, Seekable
from app.core.types import Frame
from app.export.between import Joined
from app.export.content import Content, Footage
from app.export.reporter import Reporter
from app.export.video import UNVEILED, Veil, painted_on
from app.sinks.output import writing
from models.errors import InputError


def write_frame(content: Content, path: Path, reporter: Reporter, *, at_s: float, veil: Veil = UNVEILED) -> None:
    """Write the picture that is shown at a moment, painted; the last one after the film's end.

    Raises:
        InputError: If there are no pictures, or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    footage = content.footage()
    joined = Joined(content.between(None, None), by_index=footage.by_index)
    frame = (_counted if footage.by_index else _shown)(footage, at_s, reporter)
    if frame is None:
        raise InputError(f"{content.title} has no picture that can be decoded; choose another film.")
    result = joined.result(frame)
    image = painted_on(joined, replace(result, frame=veil.over(frame, joined)))
    facts = PngInfo()
    facts.add_text("Software", "Mimik")
    with writing(path), path.open("wb") as file:
        Pillow.fromarray(image[:, :, ::-1]).save(file, "PNG", pnginfo=facts)


def _shown(footage: Footage, at_s: float, reporter: Reporter) -> Frame | None:
    with footage.open(None, None) as source:
        if not isinstance(source, Seekable):
            return _last_until(source, at_s, reporter)
        source.seek(at_s)
        return next(iter(source), None)


def _counted(footage: Footage, at_s: float, reporter: Reporter) -> Frame | None:
    """Read from the start, since a recording that was cut off may have no index to count by."""
    with footage.open(None, None) as source:
        return _last_until(source, at_s, reporter)


def _last_until(source: FrameSource, at_s: float, reporter: Reporter) -> Frame | None:
    shown: Frame | None = None
    for frame in source:
        if shown is not None and frame.time_s > at_s:
            break
        reporter.at(frame.time_s, at_s)
        shown = frame
    return shown
