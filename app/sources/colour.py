"""Converts a decoded frame to BGR, with plausible colours even for wrong tags."""

from typing import Any

import av.error
import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import ColorTrc, Interpolation, VideoReformatter
from numpy.typing import NDArray

from app.core.types import Image
from app.sources.hdr import to_standard_range
from app.sources.pillow import on_gray

_BT709, _BT601, _RGB = 1, 6, 0
_KNOWN = frozenset((1, 4, 5, 6, 7, 9))
"""Matrices that can be converted, as numbered by ITU-T H.273: BT.709, FCC, BT.601 (twice), SMPTE 240M, BT.2020."""
_FROM_HD = 1280, 577
"""Width or height from which an unknown matrix is taken for BT.709; below it, for BT.601."""

_USUAL = frozenset(("yuv420p", "yuv422p", "yuv444p", "nv12"))
_LIMITED = 1

_HDR = frozenset((ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67))


class Colours:
    """Converts frames of any pixel format to BGR; reuses the scaler's tables for frames of one kind."""

    def __init__(self) -> None:
        self._scaler = VideoReformatter()
        self._graph: Graph | None = None
        self._kind: tuple[object, ...] = ()

    def image(self, frame: VideoFrame, width: int) -> Image:
        """Convert one frame, scaled to a width.

        Args:
            frame: As decoded. Its tags are corrected in place.
            width: Of the picture in pixels; the height stays.

        Returns:
            BGR uint8, shape (H, width, 3), in its own memory.
        """
        _correct_tags(frame)
        if any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8":
            return on_gray(_view(self._converted(frame, width, "bgra"), np.uint8, 4))
        if frame.color_trc in _HDR and not frame.format.is_rgb:
            deep = _view(self._converted(frame, width, "bgr48le"), np.uint16, 3)
            return to_standard_range(
                deep, hlg=frame.color_trc == ColorTrc.ARIB_STD_B67, primaries=frame.color_primaries
            )
        return np.ascontiguousarray(_view(self._quickly(frame, width), np.uint8, 3))

    def _quickly(self, frame: VideoFrame, width: int) -> VideoFrame:
        """Convert to BGR by a filter if possible: filters reuse their memory, and new pages cost more than the
        conversion.
        """
        if frame.format.name in _USUAL:
            frame.color_range = frame.color_range or _LIMITED
            kind = frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range, width
            try:
                if self._graph is None or self._kind != kind:
                    self._graph, self._kind = _scaling(frame, width), kind
                self._graph.vpush(frame)
                return self._graph.vpull()
            except (av.error.FFmpegError, ValueError):
                self._graph = None
        converted = self._converted(frame, width, "bgr24")
        if converted is frame:  # it was BGR already, in memory that the decoder may reuse
            converted = VideoFrame.from_ndarray(frame.to_ndarray(), "bgr24")
        return converted

    def _converted(self, frame: VideoFrame, width: int, kind: str) -> VideoFrame:
        # without scaling, convert as PyAV does, to the same pixels
        how = Interpolation.BILINEAR if width == frame.width else Interpolation.BICUBIC
        return self._scaler.reformat(frame, width=width, format=kind, interpolation=how, threads=1)


def _scaling(frame: VideoFrame, width: int) -> Graph:
    """A filter graph that converts frames like this one to BGR of a width."""
    graph = Graph()
    graph.threads = 1
    size = f"video_size={frame.width}x{frame.height}:pixel_aspect=1/1:time_base=1/1000"
    colours = f"pix_fmt={frame.format.name}:colorspace={int(frame.colorspace)}:range={int(frame.color_range)}"
    source = graph.add("buffer", f"{size}:{colours}")
    scale = graph.add("scale", f"{width}:{frame.height}:flags=bicubic")
    graph.link_nodes(source, scale, graph.add("format", "bgr24"), graph.add("buffersink"))
    graph.configure()
    return graph


def _view(frame: VideoFrame, dtype: type, channels: int) -> NDArray[Any]:
    """The first plane as an array without the padding at the end of each line."""
    plane = frame.planes[0]
    line = abs(plane.line_size) // np.dtype(dtype).itemsize
    rows: NDArray[Any] = np.frombuffer(memoryview(plane), dtype)[: line * frame.height].reshape(frame.height, line)
    if plane.line_size < 0:
        rows = rows[::-1]
    return rows[:, : frame.width * channels].reshape(frame.height, frame.width, channels)


def _correct_tags(frame: VideoFrame) -> None:
    """Replace a matrix that is unknown or impossible, and an invalid range."""
    if frame.format.is_rgb:
        frame.colorspace = _RGB
    elif frame.colorspace not in _KNOWN:
        wide, high = _FROM_HD
        frame.colorspace = _BT709 if frame.width >= wide or frame.height >= high else _BT601
    if frame.color_range not in (0, 1, 2):
        frame.color_range = 0
