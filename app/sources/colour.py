"""From a decoded frame to BGR, in plausible colours whatever the tags say."""

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorTrc, Interpolation, VideoReformatter
from numpy.typing import NDArray

from app.core.types import Image
from app.sources.hdr import to_standard_range
from app.sources.pillow import on_gray
from app.sources.pool import Pool

_BT709, _BT601, _RGB = 1, 6, 0
_KNOWN = frozenset((1, 4, 5, 6, 7, 9))
"""Matrices that can be converted, as numbered by ITU-T H.273: BT.709, FCC, BT.601 (twice), SMPTE 240M, BT.2020."""
_FROM_HD = 1280, 577
"""From this width or height on an unknown matrix is BT.709's; below it is BT.601's."""

_HDR = frozenset((ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67))


class Colours:
    """Converts frames of any pixel format to BGR; keeps the scaler's tables between frames of one kind."""

    def __init__(self) -> None:
        self._scaler = VideoReformatter()
        self._pool = Pool()

    def image(self, frame: VideoFrame, width: int) -> Image:
        """Convert one frame, stretched to a width.

        Args:
            frame: As decoded. Its tags are corrected in place.
            width: Of the picture in pixels; the height stays.

        Returns:
            BGR uint8, shape (H, width, 3), in memory of its own, which is used again when nobody holds it any more.
        """
        _correct_tags(frame)
        if any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8":
            return on_gray(_view(self._converted(frame, width, "bgra"), np.uint8, 4))
        if frame.color_trc in _HDR and not frame.format.is_rgb:
            deep = _view(self._converted(frame, width, "bgr48le"), np.uint16, 3)
            return to_standard_range(
                deep, hlg=frame.color_trc == ColorTrc.ARIB_STD_B67, primaries=frame.color_primaries
            )
        converted = self._converted(frame, width, "bgr24")
        image = self._pool.take((frame.height, width, 3))
        np.copyto(image, _view(converted, np.uint8, 3))
        return image

    def _converted(self, frame: VideoFrame, width: int, kind: str) -> VideoFrame:
        return self._scaler.reformat(frame, width=width, format=kind, interpolation=Interpolation.BICUBIC, threads=1)


def _view(frame: VideoFrame, dtype: type, channels: int) -> NDArray:
    """The first plane as an array without the padding at the end of each line."""
    plane = frame.planes[0]
    line = abs(plane.line_size) // np.dtype(dtype).itemsize
    rows: NDArray = np.frombuffer(memoryview(plane), dtype)[: line * frame.height].reshape(frame.height, line)
    if plane.line_size < 0:
        rows = rows[::-1]
    return rows[:, : frame.width * channels].reshape(frame.height, frame.width, channels)


def _correct_tags(frame: VideoFrame) -> None:
    """Replace a matrix that is unknown or cannot be, and a range that does not exist."""
    if frame.format.is_rgb:
        frame.colorspace = _RGB
    elif frame.colorspace not in _KNOWN:
        wide, high = _FROM_HD
        frame.colorspace = _BT709 if frame.width >= wide or frame.height >= high else _BT601
    if frame.color_range not in (0, 1, 2):
        frame.color_range = 0
