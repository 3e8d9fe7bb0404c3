"""Deinterlaces pictures, one output picture per input picture."""

from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av.error
from av.filter import Graph
from av.video.frame import VideoFrame

_COUNT = Fraction(1, 1000)


def deinterlaced(frames: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
    """Pass frames on; from the first interlaced one of a size and format on through FFmpeg's bwdif.

    As many frames come out as go in, with their own time stamps. Frames that are not flagged are not touched.
    """
    weaver: _Weaving | None = None
    for frame in frames:
        if weaver is not None and weaver.kind != _kind(frame):
            yield from weaver.rest()
            weaver = None
        if weaver is None and frame.interlaced_frame:
            weaver = _Weaving(frame)
        if weaver is None:
            yield frame
        else:
            yield from weaver.next(frame)
    if weaver is not None:
        yield from weaver.rest()


def _kind(frame: VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name


class _Weaving:
    """One filter graph for frames of one kind. It delays frames by one, since it looks at the next one."""

    def __init__(self, first: VideoFrame) -> None:
        self.kind = _kind(first)
        self._graph = Graph()
        self._waiting: deque[tuple[VideoFrame, int | None, int]] = deque()
        self._count = 0
        source = self._graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=_COUNT)
        bwdif = self._graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced")
        self._graph.link_nodes(source, bwdif, self._graph.add("buffersink"))
        self._graph.configure()

    def next(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        self._waiting.append((frame, frame.pts, frame.duration))
        # numbers instead of times, because the filter cannot handle missing or equal times
        frame.pts, frame.time_base = self._count, _COUNT
        self._count += 1
        self._graph.vpush(frame)
        yield from self._ready()

    def rest(self) -> Iterator[VideoFrame]:
        self._graph.vpush(None)
        yield from self._ready()
        while self._waiting:  # too few frames for the filter: pass them on unchanged
            yield _stamped(*self._waiting.popleft())

    def _ready(self) -> Iterator[VideoFrame]:
        while self._waiting:
            try:
                frame = self._graph.vpull()
            except (BlockingIOError, EOFError, av.error.FFmpegError):
                return
            yield _stamped(frame, *self._waiting.popleft()[1:])


def _stamped(frame: VideoFrame, stamp: int | None, duration: int) -> VideoFrame:
    frame.pts, frame.duration = stamp, duration
    return frame
