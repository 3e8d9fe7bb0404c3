"""Chooses the H.264 encoder for recordings: the first of the machine's that passes a trial."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from io import BytesIO

import av
import av.error
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

import app.quiet  # noqa: F401  (encoders of other machines complain)
from app.core.types import Image
from app.sinks.mp4 import TICKS
from models.errors import InputError

_BT709 = 1  # BT.709 in H.264's tables
_KEYFRAME_S = 2.0
_TRIAL = 8


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder by its FFmpeg name, with options for low delay."""

    name: str
    options: Mapping[str, str]


_SOFTWARE = Encoder("libx264", {"preset": "superfast", "tune": "zerolatency", "crf": "21", "bf": "0"})
_HARDWARE = {
    "darwin": (Encoder("h264_videotoolbox", {"realtime": "1", "bf": "0", "q:v": "65"}),),
    "other": (
        Encoder("h264_nvenc", {"preset": "p4", "tune": "ll", "rc": "vbr", "cq": "23", "bf": "0"}),
        Encoder("h264_qsv", {"preset": "veryfast", "global_quality": "23", "bf": "0", "async_depth": "1"}),
        Encoder("h264_amf", {"usage": "lowlatency", "rc": "cqp", "qp_i": "22", "qp_p": "24", "bf": "0"}),
    ),
}


def candidates() -> tuple[Encoder, ...]:
    """The encoders to try on this system, best first: hardware encoders leave the processor to the analysis."""
    return (*_HARDWARE.get(sys.platform, _HARDWARE["other"]), _SOFTWARE)


@cache
def pick_encoder(width: int, height: int, fps: float) -> Encoder:
    """The first encoder that returns every picture of a trial, in order.

    Args:
        width, height: Pixels of the recording.
        fps: Its approximate frames per second.

    Raises:
        InputError: If there is none.
    """
    for encoder in candidates():
        if encoder.name in av.codec.codecs_available and _passes(encoder, width, height, fps):
            return encoder
    raise InputError("No H.264 encoder works on this machine; install PyAV from its wheel, which brings libx264.")


def add_stream(container: OutputContainer, encoder: Encoder, width: int, height: int, fps: float) -> VideoStream:
    """Add an encoder's stream to a file. There is a key frame about every two seconds, so that seeking is fast.

    Raises:
        OSError, ValueError: If the encoder refuses.
    """
    rate = Fraction(fps).limit_denominator(1001)
    stream = container.add_stream(encoder.name, rate=rate, options=dict(encoder.options))
    assert isinstance(stream, VideoStream)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, TICKS)
    context.gop_size = max(1, round(_KEYFRAME_S * fps))
    context.color_range = ColorRange.MPEG
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream


def encodable(image: Image, pts: int) -> VideoFrame:
    """A picture (BGR, even sides) in the encoders' format, with its time in `TICKS`."""
    frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
    frame.pts, frame.time_base = pts, Fraction(1, TICKS)
    return frame


def _passes(encoder: Encoder, width: int, height: int, fps: float) -> bool:
    image = np.zeros((height, width, 3), np.uint8)
    times = [round(i * TICKS / fps) for i in range(_TRIAL)]
    try:
        with av.open(BytesIO(), "w", format="mp4") as container:
            stream = add_stream(container, encoder, width, height, fps)
            packets = [packet for pts in times for packet in stream.encode(encodable(image, pts))]
            packets += stream.encode(None)
            received = [packet.pts for packet in packets if packet.pts is not None]
            for packet in packets:
                container.mux(packet)
    except (OSError, ValueError, av.error.FFmpegError):
        return False
    return received == times
