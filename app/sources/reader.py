"""Reads a film picture by picture: decodes, numbers and times pictures, seeks, and restarts if necessary."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from av.video.frame import VideoFrame

from app.sources.clock import Clock
from app.sources.container import Container
from app.sources.decoder import DecodingInterrupted, StreamDecoder
from app.sources.deinterlacer import deinterlaced
from app.sources.rates import is_steady, measured_fps

_UNKNOWN_FPS = 25.0
_LEAST_SHARE = 0.25
_DOUBT_STEPS = 50
"""This many missing pictures after a gap in the file are attributed to it: decoders output them late."""
_MARGINS_S = (0.0, 1.0, 5.0, 25.0, 125.0)
"""How much earlier a seek is retried if the demuxer landed too late; after that, the film is read from its
beginning."""
_VAGUE_S, _SMALL = 3.0, 64 << 20
"""How much further back a seek goes if times are unreliable after it; smaller files are read from their beginning."""
_EARLIER_STEPS = 2
"""How many more pictures are decoded if a picture or its time also depends on pictures before a key frame."""
_REDO_PICTURES, _REDO_S = 3000, 20.0
"""After the first damage a film is decoded again: from the start of reading, or from this much earlier."""


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """A decoded picture.

    Attributes:
        index: Its number in the film, see `Reader.go_to`.
        time_s: Presentation time, in the container's clock.
        duration_s: Duration according to the container, else the typical one.
        frame: As decoded.
        aspect: Width of a pixel over its height.
    """

    index: int
    time_s: float
    duration_s: float
    frame: VideoFrame
    aspect: float


class Reader:
    """A film that is read picture by picture.

    Args:
        opened: Opens the container, afresh at each call.

    Attributes:
        fps: Pictures per second, measured on the first ones; None without times.
        step_s: Typical seconds from one picture to the next.
        missing: Time stamp -> time in seconds of each picture that could not be decoded.

    Raises:
        FFmpegError, OSError: If it cannot be opened.
        InputError: If there is no film in it, as `Container`.
    """

    def __init__(self, opened: Callable[[], Container]) -> None:
        self._opened = opened
        self._pictures: Iterator[DecodedPicture] = iter(())
        self._careful = False
        self._interlaced = False
        self._aspects: dict[tuple[int, int], float] = {}
        self.missing: dict[int | float, float] = {}
        self._container = self._opened()
        try:
            self._decoder = StreamDecoder(self._container, careful=False)
            self.fps = self._measure()
            self.step_s = 1 / (self.fps or _UNKNOWN_FPS)
            self.clock = self._new_clock()
            self._begin_at(None, 0)
        except BaseException:
            self.close()
            raise

    @property
    def alive_s(self) -> float:
        """When anything was read from the file, on the monotonic clock."""
        return self._container.alive_s

    @property
    def cut(self) -> bool:
        """Whether reading ended with an error rather than at the end."""
        return self._decoder.cut or self._container.failed

    @property
    def frame_count(self) -> int | None:
        """Number of visible pictures in the film; None if the container has no complete index."""
        return len(self._ranks) or None

    @property
    def declared_frames(self) -> int:
        """Declared number of pictures in the film; 0 if unknown."""
        if self.frame_count or self._container.stream.frames:
            return self.frame_count or self._container.stream.frames
        end_s = self._container.declared_end_s if self._steady else None
        return 0 if end_s is None else max(0, round((end_s - self._first_s) / self.step_s))

    @property
    def span_s(self) -> tuple[float, float] | None:
        """Approximate start and end of the film, if its parts can be read with the times of the whole; else None."""
        container, frames = self._container, self.declared_frames
        if container.discontinuous or container.vague or container.timeless or self.clock.jumps or not frames:
            return None
        return self._first_s, self._first_s + frames * self.step_s

    def put_back(self, picture: DecodedPicture) -> None:
        """Put a picture back, to be returned next."""
        self._pictures = _chained(picture, self._pictures)

    def next(self) -> DecodedPicture | None:
        """Decode the next picture; None at the end."""
        return next(self._pictures, None)

    def go_to(self, time_s: float) -> None:
        """Seek to a key frame at or before a time; reading continues from there.

        Numbers stay those of the whole film where the container has an index (MP4, MOV, AVI); elsewhere they count from
        0 there. If the clock has jumped, or a format cannot seek, the film is read from its beginning.
        """
        container = self._container
        searchable = not container.vague or container.size > _SMALL
        if searchable and not self.clock.jumps and not container.timeless:
            for margin_s in _MARGINS_S:
                if self._lands_before(time_s, margin_s):
                    return
        self._start_over()

    def close(self) -> None:
        self._pictures = iter(())
        self._container.close()

    def _measure(self) -> float | None:
        try:
            stamps = self._decoder.look_ahead()
        except DecodingInterrupted:
            self._careful = True
            self._reopen()
            stamps = self._decoder.look_ahead()
        stream = self._container.stream
        rates = [stream.average_rate, stream.guessed_rate, stream.base_rate]
        if self._container.timeless:  # the average rate is FFmpeg's guess for such files
            rates.reverse()
            rates.insert(0, stream.codec_context.framerate)
        times_s = [] if self._container.timeless else [self._container.seconds(stamp) or 0.0 for stamp in stamps]
        self._steady = is_steady(times_s)
        self._first_s = times_s[0] if times_s else 0.0
        return measured_fps(times_s, [float(rate) for rate in rates if rate])

    def _new_clock(self) -> Clock:
        return Clock(discontinuous=self._container.discontinuous, step_s=self.step_s)

    def _begin_at(self, target_s: float | None, base: int | None) -> None:
        """Start reading at the container's present position.

        Args:
            target_s: The seek target; None for the film's beginning.
            base: Number of the first packet's picture, None if unknown.
        """
        self._doubt_until_s = -math.inf
        self._target_s, self._base, self._given = target_s, base, 0
        self._last: tuple[int | None, float] = (None, 0.0)
        self._pictures = self._read()

    def _reopen(self) -> None:
        self._container.close()
        self._container = self._opened()
        self._decoder = StreamDecoder(self._container, careful=self._careful)

    def _start_over(self) -> None:
        self._reopen()
        self.clock = self._new_clock()
        self._begin_at(None, 0)

    def _lands_before(self, time_s: float, margin_s: float) -> bool:
        """Seek to a time; True if the first picture decoded there is intact and not after it."""
        # What a deinterlaced picture looks like depends on the one before, and where parts of a stream were joined and
        # their time stamps overlap, so does its time.
        early = self._interlaced or self._container.discontinuous
        wanted_s = time_s - (_EARLIER_STEPS * self.step_s if early else 0.0)
        wanted_s -= _VAGUE_S if self._container.vague else 0.0
        if self._decoder.stained:
            self._reopen()
        if not self._container.search(wanted_s - margin_s):
            return False
        self._decoder = StreamDecoder(self._container, careful=self._careful, from_key=True)
        self.clock = self._new_clock()
        self._begin_at(wanted_s - margin_s, None)
        first = next(self._pictures, None)
        # a damaged picture is concealed with earlier ones, which are unknown here
        if first is None or first.time_s > wanted_s + 1e-6 or first.frame.is_corrupt:
            return False
        self.put_back(first)
        return True

    def _read(self, skip: int = 0, after: int | None = None) -> Iterator[DecodedPicture]:
        """Yield the pictures from the container's position, without the first `skip` and those up to `after`, which
        were yielded before."""
        while True:
            try:
                for frame in deinterlaced(self._watched(self._decoder.frames())):
                    self._note_missing()
                    if skip or (after is not None and frame.pts is not None and frame.pts <= after):
                        skip = max(skip - 1, 0)
                        continue
                    yield self._picture(frame)
                self._note_missing()
                doubtful = self._decoder.hole or self._last[1] <= self._doubt_until_s
                # the length of a stream that can be joined follows from its last time, not from its pictures
                if self._target_s is None and doubtful and not self._container.discontinuous:
                    self._note_lost(self.declared_frames - self._given - len(self.missing))
                return
            except DecodingInterrupted:
                skip, after = self._go_over_again()

    def _go_over_again(self) -> tuple[int, int | None]:
        """Start a careful decoder at the start of reading or well before here; returns which of its pictures were
        yielded already."""
        self._careful = True
        stamp, time_s = self._last
        far = self._given > _REDO_PICTURES and stamp is not None and not self.clock.jumps
        place_s = time_s - _REDO_S if far else self._target_s
        self._reopen()
        if place_s is not None and self._container.search(place_s):
            self._decoder = StreamDecoder(self._container, careful=True, from_key=True)
            return 0, stamp
        return self._given, None

    def _watched(self, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """Record the properties of each frame as it leaves the decoder."""
        for frame in frames:
            self._interlaced = self._interlaced or frame.interlaced_frame
            context = self._container.stream.codec_context
            if (frame.width, frame.height) == (context.width, context.height):
                self._aspects[frame.width, frame.height] = self._container.aspect
            yield frame

    def _picture(self, frame: VideoFrame) -> DecodedPicture:
        stamp = frame.pts if frame.pts is not None or self._container.timeless else frame.dts
        time_s = self.clock.time_of(self._container.seconds(stamp))
        if self._decoder.torn:  # only a steady rate shows whether whole pictures are missing
            self._decoder.torn = False
            self._doubt_until_s = time_s + _DOUBT_STEPS * self.step_s
        if self._decoder.hole:
            self._decoder.hole = False
            self._doubt_until_s = time_s + _DOUBT_STEPS * self.step_s
            if not self._steady and self._given:  # the number of pictures in the gap is unknown
                self._note_lost(1)
        if self._given and self._steady and time_s <= self._doubt_until_s:
            self._note_lost(round((time_s - self._last[1]) / self.step_s) - 1)
        duration_s = self._container.seconds(frame.duration) or 0.0
        if duration_s < _LEAST_SHARE * self.step_s:  # browsers' recordings end with a thousandth of a second
            duration_s = self.step_s
        if self._base is None:
            self._base = self._decoder.rank_of(frame, self._ranks) or 0
        index = self._base + self._given
        if frame.pts is not None:
            self.missing.pop(frame.pts, None)  # it was only late, after one with a wrong time
        self._given += 1
        self._last = frame.pts, time_s
        aspect = self._aspects.get((frame.width, frame.height)) or self._container.aspect
        return DecodedPicture(index, time_s, duration_s, frame, aspect)

    def _note_missing(self) -> None:
        for stamp in self._decoder.missing:
            time_s = self._container.seconds(stamp)
            if stamp is None or time_s is None:
                time_s = self._last[1] + self.step_s
                self.missing[time_s] = time_s
            else:
                self.missing[stamp] = time_s + self.clock.offset_s
        self._decoder.missing.clear()

    def _note_lost(self, pictures: int) -> None:
        """Count pictures that were lost with their bytes, after the last one."""
        for number in range(1, pictures + 1):
            time_s = self._last[1] + number * self.step_s
            if not any(abs(time_s - known_s) < self.step_s / 2 for known_s in self.missing.values()):
                self.missing[time_s] = time_s

    @cached_property
    def _ranks(self) -> dict[int, int]:
        """Byte position of each packet of an index -> its number among those that are shown; empty without an index."""
        return {pos: rank for rank, pos in enumerate(self._container.index())}


def _chained(first: DecodedPicture, rest: Iterator[DecodedPicture]) -> Iterator[DecodedPicture]:
    yield first
    yield from rest
