"""Films: painted with what was read, or clean, with their sound; faces blurred where that was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from app.core.stages import FrameSource
from app.core.types import Frame, FrameResult, Image
from app.export.between import Joined
from app.export.content import Content
from app.export.course import Course
from app.sessions.blur import blurred
from app.sinks.overlay import draw
from app.sinks.video import Stretch, VideoSink
from app.sources.watched import Watched
from models.errors import InputError

Blur = Literal["none", "all", "others"]


@dataclass(frozen=True, slots=True)
class Veil:
    """Whose faces are made unrecognisable.

    Attributes:
        blur: Nobody's, everybody's, or everybody's but those of `faces`.
        faces: Ids.
    """

    blur: Blur = "none"
    faces: frozenset[int] = frozenset()

    def over(self, frame: Frame, joined: Joined) -> Frame:
        """The frame with faces blurred: where they were seen, and where they must have been in between."""
        if self.blur == "none":
            return frame
        seen = {face.track_id: face.box for face in joined.result(frame).faces}
        places = seen if frame.still else {**joined.tracks.at(frame.time_s), **seen}
        kept = self.faces if self.blur == "others" else frozenset()
        hidden = [box for track_id, box in places.items() if track_id not in kept]
        return replace(frame, image=blurred(frame.image, hidden))


UNVEILED = Veil()


def write_video(content: Content, path: Path, course: Course, *, painted: bool, veil: Veil = UNVEILED) -> None:
    """Write the stretch of a film as an mp4 with its sound, every frame at its own time.

    Args:
        content: What was read; its footage is asked for.
        path: The file.
        course: What is reported to.
        painted: Whether boxes, labels and probabilities are painted on it.
        veil: Whose faces are blurred.

    Raises:
        InputError: If there are no pictures, none of the stretch can be read, or the file cannot be written.
        CancelledError: If it was ended.
    """
    footage = content.footage()
    # Faces just outside the stretch count too: they are blurred a little longer than they are seen.
    joined = Joined(content.between(None, None), by_index=footage.by_index)
    start_s, end_s = content.start_s, content.end_s
    # A recording that was cut off may have no index, and a reading's number counts from the first picture.
    source = footage.open(*((None, None) if footage.by_index else (start_s, end_s)))
    with source:
        watched = Watched(source)
        stretch = Stretch(footage.sound_of, start_s, end_s, watched.is_all, lambda: watched.jumps)
        sink = VideoSink(path, stretch, course.notify, paint=partial(painted_on, joined) if painted else _clean)
        sink.open(source.info, content.labels)
        written = 0
        try:
            for frame in _within(watched, content, course):
                course.at(frame.time_s - (start_s or 0.0), content.length_s - (start_s or 0.0))
                result = joined.result(frame)
                sink.write(replace(result, frame=veil.over(frame, joined)))
                written += 1
        finally:
            sink.close()
    for notice in watched.notices:
        course.notify(notice)
    if not written:
        raise InputError(f"{content.title} has no picture in that stretch; choose another one.")


def painted_on(joined: Joined, result: FrameResult) -> Image:
    """A picture with what was read from it, and what people corrected."""
    return draw(result, corrected=joined.corrected(result.frame))


def _clean(result: FrameResult) -> Image:
    return result.frame.image


def _within(source: FrameSource, content: Content, course: Course) -> Iterator[Frame]:
    """The frames of the stretch; a truncated film is reported and ends there."""
    start_s = content.start_s or 0.0
    try:
        for frame in source:
            if content.end_s is not None and frame.time_s >= content.end_s:
                return
            if frame.time_s >= start_s:
                yield frame
    except InputError as error:
        course.notify(str(error))
