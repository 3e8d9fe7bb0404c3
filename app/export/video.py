"""Exports films with their sound: annotated or clean, with faces blurred on request."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from app.core.stages import FrameSource
from app.core.types import Frame, FrameResult, Image
from app.export.between import Joined
from app.export.content import Content
from app.export.reporter import Reporter
from app.sessions.blur import blurred
from app.sinks.overlay import draw
from app.sinks.video import VideoSink, VideoStretch
from app.sources.counted import CountedSource
from models.errors import InputError

Blur = Literal["none", "all", "others"]


@dataclass(frozen=True, slots=True)
class Veil:
    """Which faces are blurred.

    Attributes:
        blur: None, all, or all except `faces`.
        faces: Ids.
    """

    blur: Blur = "none"
    faces: frozenset[int] = frozenset()

    def over(self, frame: Frame, joined: Joined) -> Frame:
        """The frame with faces blurred, at their measured and interpolated places."""
        if self.blur == "none":
            return frame
        seen = {face.track_id: face.box for face in joined.result(frame).faces}
        places = seen if frame.still else {**joined.tracks.at(frame.time_s), **seen}
        kept = self.faces if self.blur == "others" else frozenset()
        hidden = [box for track_id, box in places.items() if track_id not in kept]
        return replace(frame, image=blurred(frame.image, hidden))


UNVEILED = Veil()


def write_video(content: Content, path: Path, reporter: Reporter, *, painted: bool, veil: Veil = UNVEILED) -> None:
    """Write the stretch of a film as an mp4 with its sound; every frame keeps its time.

    Args:
        content: The readings and the footage.
        path: The file.
        reporter: What is reported to.
        painted: Whether boxes, labels and probabilities are painted on the film.
        veil: Whose faces are blurred.

    Raises:
        InputError: If there are no pictures, none of the stretch can be decoded, or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    footage = content.footage()
    # Faces just outside the stretch count too, because blurring extends beyond their presence.
    joined = Joined(content.between(None, None), by_index=footage.by_index)
    start_s, end_s = content.start_s, content.end_s
    # an interrupted recording may have no index, and readings are numbered from the first picture
    source = footage.open(*((None, None) if footage.by_index else (start_s, end_s)))
    with source:
        counted = CountedSource(source)
        stretch = VideoStretch(footage.sound_of, start_s, end_s, counted.is_all, lambda: counted.jumps)
        sink = VideoSink(path, stretch, reporter.notify, paint=partial(painted_on, joined) if painted else _clean)
        sink.open(source.info, content.labels)
        written = 0
        try:
            for frame in _within(counted, content, reporter):
                reporter.at(frame.time_s - (start_s or 0.0), content.length_s - (start_s or 0.0))
                result = joined.result(frame)
                sink.write(replace(result, frame=veil.over(frame, joined)))
                written += 1
        finally:
            sink.close()
    for notice in counted.notices:
        reporter.notify(notice)
    if not written:
        raise InputError(f"{content.title} has no picture in that stretch; choose another one.")


def painted_on(joined: Joined, result: FrameResult) -> Image:
    """A picture with its reading and corrections."""
    return draw(result, corrected=joined.corrected(result.frame))


def _clean(result: FrameResult) -> Image:
    return result.frame.image


def _within(source: FrameSource, content: Content, reporter: Reporter) -> Iterator[Frame]:
    """The frames of the stretch; if the film is truncated, that is reported and the stretch ends there."""
    start_s = content.start_s or 0.0
    try:
        for frame in source:
            if content.end_s is not None and frame.time_s >= content.end_s:
                return
            if frame.time_s >= start_s:
                yield frame
    except InputError as error:
        reporter.notify(str(error))
