"""One picture of a film, painted with what was read or clean, as PNG."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from app.core.types import Frame
from app.export.between import Joined
from app.export.content import Content, Footage
from app.export.course import Course
from app.export.video import UNVEILED, Veil, painted_on
from app.player.decoding import Decoder
from app.sinks.output import writing
from models.errors import InputError


def write_frame(
    content: Content, path: Path, course: Course, *, at_s: float, painted: bool = True, veil: Veil = UNVEILED
) -> None:
    """Write the picture that is shown at a moment, the last one after the film's end.

    Raises:
        InputError: If there are no pictures, or the file cannot be written.
        CancelledError: If it was ended.
    """
    footage = content.footage()
    joined = Joined(content.between(None, None), by_index=footage.by_index)
    frame = _counted(footage, at_s, course) if footage.by_index else _shown(footage, at_s)
    if frame is None:
        raise InputError(f"{content.title} has no picture that can be decoded; choose another film.")
    result = joined.result(frame)
    veiled = veil.over(frame, joined)
    image = painted_on(joined, replace(result, frame=veiled)) if painted else veiled.image
    facts = PngInfo()
    facts.add_text("Software", "Mimik")
    with writing(path), path.open("wb") as file:
        Pillow.fromarray(image[:, :, ::-1]).save(file, "PNG", pnginfo=facts)


def _shown(footage: Footage, at_s: float) -> Frame | None:
    open_again = partial(footage.open, None, None)
    decoder = Decoder(open_again(), open_again)
    try:
        return decoder.at(at_s)
    finally:
        decoder.close()


def _counted(footage: Footage, at_s: float, course: Course) -> Frame | None:
    """Read from the start, since a recording that was cut off may have no index to count by."""
    shown: Frame | None = None
    with footage.open(None, None) as source:
        for frame in source:
            if shown is not None and frame.time_s > at_s:
                break
            course.at(frame.time_s, at_s)
            shown = frame
    return shown
