"""Delivers a film's frames by time, also backwards."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.core.stages import FrameSource, Seekable
from app.core.types import Frame
from models.errors import InputError

KEPT_BYTES = 192 * 2**20
_LEAST_KEPT = 8
_NEAR_S, _BEFORE_S = 0.5, 0.4
_SAME_S = 2e-4


class ObsoleteError(Exception):
    """Another frame has been requested in the meantime."""


class Decoder:
    """Finds frames of a recorded source by time, and caches the most recently decoded ones, so that stepping back costs
    nothing.

    A source that is not `Seekable` is reopened to go back. Every returned frame has a duration. For one thread.

    Args:
        source: Open; closed with this decoder.
        reopen: Opens the same source again.
        obsolete: Called between frames; True aborts with `ObsoleteError`.
        kept_bytes: Most bytes of cached pictures; the last eight frames are always kept.

    Attributes:
        failure: The error that ended the film early, once it has occurred.
    """

    def __init__(
        self,
        source: FrameSource,
        reopen: Callable[[], FrameSource],
        obsolete: Callable[[], bool] = lambda: False,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self._source = source
        self._reopen = reopen
        self._obsolete = obsolete
        self._kept_bytes = kept_bytes
        self._kept: OrderedDict[int, Frame] = OrderedDict()
        self._starts: dict[int, int] = {}
        self._bytes = 0
        self._frames: Iterator[Frame] = iter(source)
        self._reached_s: float | None = 0.0
        self._ended = False
        self._end_s: float | None = None
        self.failure: InputError | None = None

    def glance(self, time_s: float) -> Frame | None:
        """A frame near a time, available quickly: the one shown then if it is cached, else the key frame before it.

        None if the source cannot deliver one sooner than the exact one.
        """
        kept = self._kept_at(time_s)
        if kept is not None or not isinstance(self._source, Seekable):
            return kept
        self._place(time_s, exact=False)
        return self._read()

    def at(self, time_s: float, *, before_s: float = 0.0) -> Frame | None:
        """The frame shown at a time: the first one before the film's start, the last one after its end.

        None if not a single frame can be decoded.

        Args:
            time_s: Presentation time.
            before_s: If seeking is needed, also keep the frames of this many seconds before, for stepping back.

        Raises:
            ObsoleteError: If `obsolete` returned True.
        """
        kept = self._kept_at(time_s)
        if kept is not None:
            return kept
        if self._end_s is not None and time_s >= self._end_s:
            time_s = self._end_s - 2 * _SAME_S
        self._go(time_s, before_s=before_s)
        shown: Frame | None = None
        while (frame := self._read()) is not None:
            if frame.time_s > time_s + _SAME_S:
                return shown or frame
            shown = frame
            if _shows(frame, time_s):
                return frame
        return shown or self._last()

    def next(self, frame: Frame) -> Frame | None:
        """The frame after another one, or None after the last."""
        kept = self._kept.get(_key(_end_of(frame)))
        if kept is not None:
            self._kept.move_to_end(_key(kept.time_s))
            return kept
        if self._end_s is not None and _end_of(frame) > self._end_s - _SAME_S:
            return None
        if self._reached_s is None or abs(self._reached_s - _end_of(frame)) > _SAME_S or self._ended:
            self._go(frame.time_s, seek=True)
        while (found := self._read()) is not None:
            if found.time_s > frame.time_s + _SAME_S:
                return found
        return None

    def previous(self, frame: Frame) -> Frame | None:
        """The frame before another one, or None before the first."""
        start = self._starts.get(_key(frame.time_s))
        if start is not None and start in self._kept:
            return self._kept[start]
        self._go(max(frame.time_s - _BEFORE_S, 0.0), seek=True)
        before: Frame | None = None
        while (found := self._read()) is not None and found.time_s < frame.time_s - _SAME_S:
            before = found
        return before

    def close(self) -> None:
        """Close the source, from any thread."""
        self._source.close()

    def _last(self) -> Frame | None:
        return max(self._kept.values(), key=lambda frame: frame.time_s, default=None)

    def _kept_at(self, time_s: float) -> Frame | None:
        return next((frame for frame in reversed(self._kept.values()) if _shows(frame, time_s)), None)

    def _go(self, time_s: float, *, seek: bool = False, before_s: float = 0.0) -> None:
        """Seek so that the next frame read is the one shown at a time, or an earlier one."""
        reached_s = self._reached_s
        if not seek and reached_s is not None and not self._ended:
            ahead_s = time_s - reached_s
            if ahead_s >= -_SAME_S and (ahead_s <= _NEAR_S or not isinstance(self._source, Seekable)):
                return
        self._place(max(time_s - before_s, 0.0))

    def _place(self, time_s: float, *, exact: bool = True) -> None:
        self._reached_s, self._ended = None, False
        if isinstance(self._source, Seekable):
            self._source.seek(time_s, exact=exact)
        else:
            self._source.close()
            self._source = self._reopen()
        self._frames = iter(self._source)

    def _read(self) -> Frame | None:
        if self._obsolete():
            raise ObsoleteError
        try:
            frame = next(self._frames, None)
        except InputError as error:  # it breaks off: the frames so far can still be shown
            self.failure = error
            frame = None
        if frame is None:
            self._ended = True
            if self._reached_s is not None:
                self._end_s = self._reached_s
            return None
        if frame.duration_s is None:
            frame = replace(frame, duration_s=1 / (self._source.info.fps or 30.0))
        self._reached_s = _end_of(frame)
        self._keep(frame)
        return frame

    def _keep(self, frame: Frame) -> None:
        start = _key(frame.time_s)
        if start in self._kept:
            self._bytes -= self._kept.pop(start).image.nbytes
        self._kept[start] = frame
        self._starts[_key(_end_of(frame))] = start
        self._bytes += frame.image.nbytes
        while self._bytes > self._kept_bytes and len(self._kept) > _LEAST_KEPT:
            gone = self._kept.popitem(last=False)[1]
            self._starts.pop(_key(_end_of(gone)), None)
            self._bytes -= gone.image.nbytes


def _key(time_s: float) -> int:
    """A time as a key, regardless of rounding differences."""
    return round(time_s / _SAME_S)


def _end_of(frame: Frame) -> float:
    return frame.time_s + (frame.duration_s or 0.0)


def _shows(frame: Frame, time_s: float) -> bool:
    return frame.time_s - _SAME_S / 2 <= time_s < _end_of(frame) - _SAME_S / 2
