"""Opens a container with PyAV, from a file or an address, and selects the video stream."""

import math
import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Protocol

import av
import av.error
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from models.errors import InputError

_BUFFER = 1 << 18
_OPTIONS = {
    "probesize": str(32 << 20),
    "analyzeduration": "10000000",  # microseconds
    "max_probe_packets": "100000",
    "max_streams": "2000",
}
_NO_FILM = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image | Disposition.dependent
_RARE = 4.0
"""If a stream has this many times the pictures of a smaller one, the smaller one is a thumbnail stream."""
_MAX_PIXELS = str(1 << 27)
"""A frame with more pixels is damage: 16K has fewer."""

_TS_DISCONT = 0x0200  # AVFMT_TS_DISCONT
_NO_TIMES = 0x0080  # AVFMT_NOTIMESTAMPS

_AVI_HEAD = 8
"""An index of AVI names the chunk, a packet what is in it."""

_LOOPS, _SLACK = 2, 64 << 20
"""A demuxer that reads the file this many times over, and this many bytes, without finding a picture is in an endless
loop."""


class GuardedFile:
    """A file for FFmpeg, which ends when it is closed or when FFmpeg is in an endless loop.

    FFmpeg never sees the name, so no name is taken for a protocol or a numbered sequence, and a container cannot make
    it open other files.
    """

    def __init__(self, file: BinaryIO, size: int, closed: threading.Event) -> None:
        self.failed = False
        self.alive_s = 0.0
        self._file, self._closed = file, closed
        self._limit = _LOOPS * size + _SLACK
        self._left = self._limit

    def found_something(self) -> None:
        """Note that reading led to a picture."""
        self._left = self._limit
        self.alive_s = time.monotonic()

    def read(self, count: int) -> bytes:
        self.failed = self.failed or self._left <= 0
        if self._closed.is_set() or self.failed:
            return b""
        data = self._file.read(count)
        self.alive_s = time.monotonic()
        self._left -= max(len(data), 1)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        self._left -= 1
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError):  # damage points outside the file; FFmpeg recovers, or reports it
            return -1

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()


class Readable(Protocol):
    """The input of FFmpeg: a file on disk or at an address.

    `failed` reports a premature end, `alive_s` when anything was last read, on the monotonic clock.
    """

    failed: bool
    alive_s: float

    def read(self, count: int) -> bytes: ...

    def seek(self, offset: int, whence: int = 0) -> int: ...

    def tell(self) -> int: ...

    def found_something(self) -> None: ...

    def close(self) -> None: ...


class Container:
    """An open container and its film stream; all other streams are skipped while reading.

    Args:
        file: The input; closed with this object, and if this raises.
        path: The path of the file, if on disk.

    Raises:
        FFmpegError, OSError: If it cannot be opened.
        InputError: If it contains no film; the sentence lacks the name, which the caller prepends.
    """

    def __init__(self, file: Readable, path: Path | None = None) -> None:
        self.path, self._file = path, file
        self._second: BinaryIO | None = None
        try:
            self.av: InputContainer = av.open(
                file, "r", options=dict(_OPTIONS), buffer_size=_BUFFER, metadata_errors="replace"
            )
        except BaseException:
            file.close()
            raise
        try:
            self.stream = film_stream(self.av)
        except BaseException:
            self.close()
            raise
        base = self.stream.time_base or Fraction(1, av.time_base)
        self._ticks, self._ticks_a_second = base.numerator, base.denominator
        self._stated = self.stream.sample_aspect_ratio
        self._first_decoded = self.stream.codec_context.sample_aspect_ratio
        for stream in self.av.streams:
            if stream is not self.stream:
                stream.discard = Discard.all
        self.stream.codec_context.options = {"max_pixels": _MAX_PIXELS}

    @property
    def alive_s(self) -> float:
        """When anything was read from the file, on the monotonic clock."""
        return self._file.alive_s

    @property
    def failed(self) -> bool:
        """Whether reading ended early: the server went away, or the demuxer was in a loop."""
        return self._file.failed

    @property
    def discontinuous(self) -> bool:
        """Whether the clock may jump: MPEG-TS and other formats that can be cut and joined anywhere."""
        return bool(self.av.format.flags & _TS_DISCONT)

    @property
    def timeless(self) -> bool:
        """Whether the format has no time stamps, as raw streams."""
        return bool(self.av.format.flags & _NO_TIMES)

    def seconds(self, stamp: int | None) -> float | None:
        """A time stamp of the film stream in seconds."""
        return None if stamp is None else stamp * self._ticks / self._ticks_a_second

    @property
    def indexed(self) -> bool:
        """Whether the index lists every packet: of MP4, MOV and AVI, unless it was written in fragments."""
        return self.av.format.name.startswith(("mov", "avi")) and 0 < self.stream.frames <= len(
            self.stream.index_entries
        )

    @property
    def vague(self) -> bool:
        """Whether times are correct only some pictures after a seek, as in MPEG program streams (VOB, MPG)."""
        return self.av.format.name == "mpeg"

    def index(self, *, empty: bool = False) -> list[int]:
        """Byte positions, as those of packets, of all visible pictures, in decoding order; empty if unknown.

        Args:
            empty: Whether to include all entries, also those that show nothing or hold no bytes.
        """
        if not self.indexed:
            return []
        head = _AVI_HEAD if self.av.format.name == "avi" else 0
        entries = self.stream.index_entries
        return [entry.pos + head for entry in entries if empty or (not entry.is_discard and entry.size)]

    @property
    def declared_end_s(self) -> float | None:
        """End of the video stream, in seconds of its clock, according to the container; None if unknown."""
        text = self.stream.metadata.get("DURATION", "")
        hours, _, rest = text.partition(":")
        minutes, _, seconds = rest.partition(":")
        try:
            return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        except ValueError:
            pass
        if self.stream.duration is not None:
            return self.seconds((self.stream.start_time or 0) + self.stream.duration)
        alone = len(self.av.streams) == 1 and self.av.duration is not None
        return ((self.av.start_time or 0) + (self.av.duration or 0)) / av.time_base if alone else None

    @property
    def size(self) -> int:
        """Size of the file in bytes; negative if unknown."""
        return int(self.av.size)

    @property
    def aspect(self) -> float:
        """Width of a pixel over its height, according to the container, else to the decoder."""
        decoded = self.stream.codec_context.sample_aspect_ratio
        return aspect_of(decoded if self._stated == self._first_decoded else self._stated)

    def search(self, time_s: float) -> bool:
        """Seek to a key frame near a time of the video stream, before it if the format allows; False if impossible."""
        base = self.stream.time_base
        if base is None:
            return False
        try:
            self.av.seek(math.floor(time_s / base), stream=self.stream)
        except (av.error.FFmpegError, OSError, OverflowError):
            return False
        return True

    def second_handle(self) -> BinaryIO:
        """The same file, opened again; closed with this container."""
        assert self.path is not None
        if self._second is not None:
            self._second.close()
        self._second = self.path.open("rb")
        return self._second

    def found_something(self) -> None:
        """Note that reading led to a picture."""
        self._file.found_something()

    def close(self) -> None:
        self.av.close()
        self._file.close()
        if self._second is not None:
            self._second.close()


def open_container(path: Path, closed: threading.Event) -> Container:
    """Open a file on the disk; `closed` ends reading."""
    return Container(GuardedFile(path.open("rb"), path.stat().st_size, closed), path)


def film_stream(container: InputContainer) -> VideoStream:
    """The stream that is the film: the default one, else the largest; never a cover, a thumbnail or a tile.

    Raises:
        InputError: If there is none.
    """
    streams: Sequence[VideoStream] = [s for s in container.streams.video if not s.disposition & _NO_FILM]
    usable = [stream for stream in streams if stream.codec_context is not None]
    usable = [s for s in usable if not any(_is_thumbnail_of(s, other) for other in usable)] or usable
    if usable:
        return max(usable, key=_rank)
    if streams:
        raise InputError("is coded in a way that cannot be decoded here; convert it to MP4 (H.264)")
    if container.streams.audio:
        raise InputError("holds sound but no moving picture; name a video")
    raise InputError("holds no moving picture; name a video")


def _is_thumbnail_of(stream: VideoStream, other: VideoStream) -> bool:
    """Whether a stream shows much less than another: a single picture, or few small ones.

    Needed because a muxer may mark any stream as the default.
    """
    if stream.frames == 1 and other.frames > 1:
        return True
    by_count = other.frames / stream.frames if stream.frames else 0.0
    by_rate = float((other.average_rate or 0) / (stream.average_rate or other.average_rate or 1))
    ratio = max(by_count, by_rate)
    return ratio >= _RARE and _area(stream) < _area(other)


def _area(stream: VideoStream) -> int:
    return (stream.codec_context.width or 0) * (stream.codec_context.height or 0)


def _rank(stream: VideoStream) -> tuple[bool, int, int, int]:
    return bool(stream.disposition & Disposition.default), _area(stream), stream.frames or 0, -stream.index


def aspect_of(value: object) -> float:
    """A plausible sample aspect ratio, else 1.

    >>> aspect_of(None), aspect_of(2)
    (1.0, 2.0)
    """
    try:
        ratio = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 1.0
    return ratio if math.isfinite(ratio) and 0.1 <= ratio <= 10 else 1.0
