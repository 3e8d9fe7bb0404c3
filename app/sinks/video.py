"""Writes the annotated frames as a video that plays everywhere: H.264 with 4:2:0 colour in an mp4."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.packet import Packet
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from app.core.types import STILL_S, FrameResult, Image, SourceInfo
from app.sinks.mp4 import TICKS, Mp4
from app.sinks.output import writing
from app.sinks.overlay import draw
from app.sinks.sound import ClockJump, SoundSource, SourceSound

MAX_SIDE = 4096
"""Longest side in pixels: larger pictures are reduced to what H.264 decoders accept."""

_MIN_SIDE = 16  # smaller pictures get a border: encoders work in blocks of 16, and decoders fail below that
_KEYFRAME_S, _MOST_BETWEEN_KEYFRAMES = 10, 250
_ENCODING = {
    "preset": "veryfast",
    "crf": "20",
    "bf": "0",  # no reordered frames: a fragmented file would end before the last of them
}
_BT709 = 1  # BT.709 in H.264's tables


@dataclass(frozen=True, slots=True)
class VideoStretch:
    """The part of a source that goes into a video.

    Attributes:
        sound_of: The file or address with the sound, or None.
        start_s: Start of the part; None for the source's start.
        end_s: End of the part; None for the source's end.
        is_all: Returns whether the source has ended and had this many frames.
        jumps: Jumps of the source's clock that its frames' times do not follow.
    """

    sound_of: Path | str | None = None
    start_s: float | None = None
    end_s: float | None = None
    is_all: Callable[[int], bool] = lambda _: False
    jumps: Callable[[], Sequence[ClockJump]] = tuple


class VideoSink:
    """Paints every frame and writes it with its own presentation time, so a variable frame rate stays one.

    The first frame fixes the size; frames of another size are fitted into it on black. Sides become even. The video's
    time zero is the start of the source's clock, which may be that of its sound, or the start of the part or of a live
    source.

    Args:
        path: The mp4 file.
        stretch: The part of the source.
        notify: Takes a sentence if sound is left out.
        paint: Renders a result as a picture of the frame's shape.

    Raises:
        InputError: From any method, if the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        stretch: VideoStretch | None = None,
        notify: Callable[[str], None] = print,
        paint: Callable[[FrameResult], Image] = draw,
    ) -> None:
        self.path = path
        self._paint = paint
        self._stretch = stretch or VideoStretch()
        self._notify = notify
        self._info: SourceInfo | None = None
        self._mp4: Mp4 | None = None
        self._stream: VideoStream | None = None
        self._source: SoundSource | None = None
        self._sound: SourceSound | None = None
        self._zero_s = 0.0
        self._lengths: dict[int, int] = {}
        self._last: tuple[int, float, float | None] = (-1, 0.0, None)
        self._frames = 0

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._info = info

    def write(self, result: FrameResult) -> None:
        painted, shown = self._paint(result), result.frame
        with writing(self.path):
            if self._mp4 is None:
                self._start(painted, shown.time_s)
            assert self._mp4 is not None
            assert self._stream is not None
            # players refuse times that do not increase
            pts = max(self._last[0] + 1, round((shown.time_s - self._zero_s) * TICKS))
            length_s = STILL_S if shown.still and shown.duration_s is None else shown.duration_s
            if length_s is not None:
                self._lengths[pts] = max(1, round(length_s * TICKS))
            self._last = pts, shown.time_s, length_s
            self._frames += 1
            if self._sound is not None:
                self._sound.until(shown.time_s)
            image = letterboxed(painted, (self._stream.width, self._stream.height))
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = pts, Fraction(1, TICKS)
            self._mux(self._mp4, self._stream.encode(frame))

    def close(self) -> None:
        mp4, self._mp4 = self._mp4, None
        if mp4 is None:
            return
        try:
            with writing(self.path):
                try:
                    self._finish(mp4)
                finally:
                    mp4.close()
        finally:
            if self._source is not None:
                self._source.close()

    def _finish(self, mp4: Mp4) -> None:
        assert self._stream is not None
        self._mux(mp4, self._stream.encode(None))
        if self._sound is not None:
            self._sound.until(self._sound_end_s())
            self._sound.close()

    def _mux(self, mp4: Mp4, packets: list[Packet]) -> None:
        for packet in packets:
            if packet.pts is not None:
                packet.duration = self._lengths.pop(packet.pts, packet.duration or 0)
            mp4.mux(packet)

    def _start(self, first: Image, time_s: float) -> None:
        assert self._info is not None
        height, width = first.shape[:2]
        mp4 = self._mp4 = Mp4(self.path)
        fps = self._info.fps or 30
        rate = Fraction(fps).limit_denominator(1001)
        stream = mp4.container.add_stream("libx264", rate=rate, options=_ENCODING)
        stream.width, stream.height = video_size(width, height)
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.gop_size = round(min(max(_KEYFRAME_S * fps, 1), _MOST_BETWEEN_KEYFRAMES))
        context.color_range = ColorRange.MPEG
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        self._stream = stream
        stretch = self._stretch
        if stretch.sound_of is not None and not self._info.live:
            self._source = SoundSource.open(stretch.sound_of, self._notify)
        if self._info.live:
            self._zero_s = time_s
        elif stretch.start_s is not None:
            self._zero_s = stretch.start_s
        elif self._source is not None:
            self._zero_s = min(self._source.start_s, time_s)
        if self._source is not None:
            self._sound = self._source.into(mp4, zero_s=self._zero_s, jumps=stretch.jumps)

    def _sound_end_s(self) -> float:
        """All sound of a source that was read to its end; for an interrupted one, as much as there are pictures."""
        assert self._info is not None
        if self._stretch.is_all(self._frames):
            return float("inf") if self._stretch.end_s is None else self._stretch.end_s
        _, time_s, length_s = self._last
        return time_s + (length_s or 1 / (self._info.fps or 30))


def video_size(width: int, height: int) -> tuple[int, int]:
    """The size of a video of pictures of this size: even, at least 16, at most `MAX_SIDE` each way.

    >>> video_size(641, 480), video_size(1, 1), video_size(16000, 2)
    ((642, 480), (16, 16), (4096, 16))
    """
    shrink = min(1.0, MAX_SIDE / max(width, height))
    wide, high = (max(_MIN_SIDE, round(side * shrink)) for side in (width, height))
    return wide + wide % 2, high + high % 2


def letterboxed(image: Image, size: tuple[int, int]) -> Image:
    """Fit a picture into (width, height), centred on black, its proportions kept.

    A picture that is at most one pixel too small is not resampled: its last column or row is repeated.
    """
    width, height = size
    high, wide = image.shape[:2]
    if 0 <= width - wide <= 1 and 0 <= height - high <= 1:
        padded = cv2.copyMakeBorder(image, 0, height - high, 0, width - wide, cv2.BORDER_REPLICATE)
        return np.asarray(padded, np.uint8)
    scale = min(width / wide, height / high)
    if scale > 1 and max(wide, high) < _MIN_SIDE:
        scale = 1.0  # at least one pixel
    inner = max(1, min(width, round(wide * scale))), max(1, min(height, round(high * scale)))
    resized = cv2.resize(image, inner, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    canvas = np.zeros((height, width, 3), np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = resized
    return canvas
