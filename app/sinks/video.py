"""Writes the painted frames as a video that plays everywhere: H.264 with 4:2:0 colour in an mp4."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import av.error
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from app.core.types import FrameResult, Image, SourceInfo
from app.sinks.output import writing
from app.sinks.overlay import draw
from app.sinks.sound import Sound

MAX_SIDE = 4096
"""Most pixels of a side: larger pictures are scaled down to what H.264 decoders take."""

_MIN_SIDE = 16  # smaller pictures get a border: encoders work in blocks of 16, and decoders stumble below that
_TICKS = 90_000  # a second in the video's clock, which all common frame rates divide
_BT709 = 1  # the number of this colour standard in H.264's tables


class VideoSink:
    """Paints every frame and writes it with its own presentation time, so a variable frame rate stays one.

    The first frame fixes the size; frames of another size are fitted into it on black. Sides become even.

    Args:
        path: The mp4 file.
        sound_of: The file whose sound goes along, or None.
        notify: Takes a sentence when sound must be left out.

    Raises:
        InputError: From any method, if the file cannot be written.
    """

    def __init__(self, path: Path, sound_of: Path | None = None, notify: Callable[[str], None] = print) -> None:
        self.path = path
        self._sound_of = sound_of
        self._notify = notify
        self._info: SourceInfo | None = None
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._sound: Sound | None = None
        self._zero_s = 0.0
        self._last_pts = -1
        self._frames = 0

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._info = info

    def write(self, result: FrameResult) -> None:
        painted = draw(result)
        with writing(self.path):
            if self._container is None:
                self._start(painted, result.frame.time_s)
            assert self._container is not None
            assert self._stream is not None
            time_s = result.frame.time_s - self._zero_s
            # Players refuse times that stand still or run back.
            self._last_pts = max(self._last_pts + 1, round(time_s * _TICKS))
            self._frames += 1
            if self._sound is not None:
                self._sound.until(time_s)
            image = fit(painted, (self._stream.width, self._stream.height))
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = self._last_pts, Fraction(1, _TICKS)
            self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        container, self._container = self._container, None
        if container is None:
            return
        try:
            with writing(self.path):
                assert self._stream is not None
                container.mux(self._stream.encode(None))
                if self._sound is not None:
                    self._sound.until(self._sound_end_s())
        finally:
            if self._sound is not None:
                self._sound.close()
            with writing(self.path):
                container.close()

    def _start(self, first: Image, time_s: float) -> None:
        assert self._info is not None
        height, width = first.shape[:2]
        container = av.open(str(self.path.resolve()), "w")
        self._container = container
        rate = Fraction(self._info.fps or 30).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "20"})
        stream.width, stream.height = video_size(width, height)
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, _TICKS)
        context.color_range = ColorRange.MPEG
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        self._stream = stream
        self._zero_s = time_s if self._info.live else 0.0
        if self._sound_of is not None:
            self._sound = Sound.of(self._sound_of, container, self._notify)

    def _sound_end_s(self) -> float:
        """All sound of a source that was read to its end; of an interrupted one, as much as there are pictures."""
        assert self._info is not None
        if self._info.frame_count is not None and self._frames >= self._info.frame_count:
            return float("inf")
        return self._last_pts / _TICKS + 1 / (self._info.fps or 30)


def video_size(width: int, height: int) -> tuple[int, int]:
    """The size of a video of pictures of this size: even, at least 16, at most `MAX_SIDE` each way.

    >>> video_size(641, 480), video_size(1, 1), video_size(16000, 2)
    ((642, 480), (16, 16), (4096, 16))
    """
    shrink = min(1.0, MAX_SIDE / max(width, height))
    wide, high = (max(_MIN_SIDE, round(side * shrink)) for side in (width, height))
    return wide + wide % 2, high + high % 2


def fit(image: Image, size: tuple[int, int]) -> Image:
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
        scale = 1.0  # a speck stays a speck
    inner = max(1, min(width, round(wide * scale))), max(1, min(height, round(high * scale)))
    resized = cv2.resize(image, inner, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    canvas = np.zeros((height, width, 3), np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = resized
    return canvas
