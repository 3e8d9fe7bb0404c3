"""Makes an ordinary mp4 from an interrupted one, without re-encoding."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
import av.error

from app.sessions.files import FILE_MODE
from app.sinks.mp4 import cut_to_whole_fragments, end_of_fragments
from app.sinks.output import PART

DAMAGED = ".damaged"
"""Suffix for a video in which no picture can be read."""

_NOTHING = 4096


@dataclass(frozen=True, slots=True)
class VideoContent:
    """The content of a video.

    Attributes:
        count: Number of pictures.
        duration_s: Seconds from the first one to the end of the last one.
    """

    count: int
    duration_s: float


def remuxed(path: Path) -> VideoContent | None:
    """Convert a video in place; returns its content, or None if no picture can be read.

    Raises:
        OSError: If the file cannot be read or written; it is then unchanged, or ends with its last complete fragment.
    """
    if not path.is_file():
        return None
    with path.open("rb") as file:
        if not end_of_fragments(file, path.stat().st_size):
            return None
    part = path.with_name(path.name + PART)
    cut_to_whole_fragments(path)
    try:
        with suppress(av.error.InvalidDataError):
            found = _copy(path, part)
            if found.count:
                part.chmod(FILE_MODE)
                part.replace(path)
                return found
    finally:
        part.unlink(missing_ok=True)
    return None


def put_aside(path: Path) -> None:
    """Remove a video without readable pictures: a few bytes are deleted, a larger file is renamed.

    Raises:
        OSError: If it cannot be renamed.
    """
    if path.is_file() and path.stat().st_size > _NOTHING:
        path.rename(path.with_name(path.name + DAMAGED))
    else:
        path.unlink(missing_ok=True)


def _copy(path: Path, part: Path) -> VideoContent:
    count, first_s, end_s = 0, 0.0, 0.0
    with av.open(str(path), format="mp4") as source, av.open(str(part), "w", format="mp4") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.pts is None or packet.time_base is None:
                continue  # the final one
            at_s = float(packet.pts * packet.time_base)
            first_s = at_s if count == 0 else first_s
            end_s = at_s + float((packet.duration or 0) * packet.time_base)
            count += 1
            packet.stream = copy
            target.mux(packet)
    return VideoContent(count, end_s - first_s)
