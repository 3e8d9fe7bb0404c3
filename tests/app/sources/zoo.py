"""Writes small films of every kind with PyAV, and decodes them in the simplest way, for the tests of films."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.video.frame import VideoFrame

SIZE = (96, 64)
BITS = 8


def painted(index: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A frame that encodes its number: eight fields, bright where a bit is set, in muted colours; RGB uint8."""
    width, height = size
    image = np.full((height, width, 3), 60, np.uint8)
    for bit in range(BITS):
        row, column = divmod(bit, 4)
        y0, y1 = row * height // 2, (row + 1) * height // 2
        x0, x1 = column * width // 4, (column + 1) * width // 4
        image[y0:y1, x0:x1] = (200, 190, 180) if index >> bit & 1 else (70, 60, 50)
    return image


def number_of(bgr: np.ndarray) -> int:
    """Read the number of a painted frame."""
    height, width = bgr.shape[:2]
    number = 0
    for bit in range(BITS):
        row, column = divmod(bit, 4)
        y, x = (2 * row + 1) * height // 4, (2 * column + 1) * width // 8
        number |= int(bgr[y - 2 : y + 3, x - 2 : x + 3].mean() > 128) << bit
    return number


@dataclass(frozen=True)
class Spec:
    """How a film is written.

    Attributes:
        name: File name; its suffix is the container unless `form` names one.
        steps: Ticks of `tick` between frames, repeated; one tick of 1 / `rate` by default.
        start: Ticks before the first frame.
        sound: (first second, seconds) of AAC, MP2 or what `sound_codec` names.
        turn: Clockwise degrees, mirrored left-right, mirrored up-down, in the display matrix.
        tags: Attributes of the codec context, such as `colorspace`.
        extra: Further video streams: (size, frames, disposition).
    """

    name: str
    codec: str = "libx264"
    form: str | None = None
    frames: int = 12
    rate: Fraction = Fraction(25)
    size: tuple[int, int] = SIZE
    pix: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    mux: dict[str, str] = field(default_factory=dict)
    tick: Fraction | None = None
    steps: tuple[int, ...] = ()
    start: int = 0
    aspect: Fraction | None = None
    turn: tuple[float, bool, bool] | None = None
    sound: tuple[float, float] | None = None
    sound_codec: str = "aac"
    tags: dict[str, int] = field(default_factory=dict)
    extra: tuple[tuple[tuple[int, int], int, str], ...] = ()
    paint: Callable[[int, tuple[int, int]], np.ndarray] = painted


def write(spec: Spec, folder: Path) -> Path:
    """Write a film."""
    path = folder / spec.name
    with av.open(str(path), "w", format=spec.form, options=spec.mux) as container:
        others = [_other(container, size, disposition) for size, _, disposition in spec.extra]
        stream = container.add_stream(spec.codec, rate=spec.rate, options=spec.options)
        stream.width, stream.height = spec.size
        stream.pix_fmt = spec.pix
        context = stream.codec_context
        tick = spec.tick or 1 / spec.rate
        context.time_base = tick
        if spec.aspect is not None:
            context.sample_aspect_ratio = spec.aspect
        for name, value in spec.tags.items():
            setattr(context, name, value)
        if spec.turn is not None:
            degrees, mirror, flip = spec.turn
            stream.set_display_rotation(-degrees, hflip=mirror, vflip=flip)
        sound = container.add_stream(spec.sound_codec, rate=48000) if spec.sound else None
        for other, (size, frames, _) in zip(others, spec.extra, strict=True):
            for index in range(frames):
                frame = VideoFrame.from_ndarray(painted(255, size), "rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = index, Fraction(1, 5)
                container.mux(other.encode(frame))
            container.mux(other.encode())
        if sound is not None and spec.sound is not None:
            for tone in _tone(*spec.sound):
                container.mux(sound.encode(tone))
            container.mux(sound.encode())
        stamp = spec.start
        for index in range(spec.frames):
            frame = VideoFrame.from_ndarray(spec.paint(index, spec.size), "rgb24").reformat(format=spec.pix)
            for name, value in spec.tags.items():
                if hasattr(frame, name):
                    setattr(frame, name, value)
            frame.pts, frame.time_base = stamp, tick
            stamp += spec.steps[index % len(spec.steps)] if spec.steps else 1
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _other(container: av.container.OutputContainer, size: tuple[int, int], disposition: str) -> av.VideoStream:
    stream = container.add_stream("mpeg4", rate=5)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    stream.codec_context.time_base = Fraction(1, 5)
    stream.disposition = getattr(av.stream.Disposition, disposition) if disposition else av.stream.Disposition(0)
    return stream


def _tone(first_s: float, seconds: float) -> Sequence[av.AudioFrame]:
    frames = []
    for index in range(int(seconds * 48000 / 1024)):
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate = 48000
        frame.pts, frame.time_base = round(first_s * 48000) + index * 1024, Fraction(1, 48000)
        frames.append(frame)
    return frames


@dataclass(frozen=True)
class Plain:
    """A frame as plain PyAV decodes it: its own time if it has one, and BGR uint8."""

    time_s: float | None
    image: np.ndarray


def _packets(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.Packet | None]:
    """All readable packets, and None at the end; reading continues after errors while that helps."""
    for _ in range(20):
        try:
            yield from (packet for packet in container.demux(stream) if packet.size)
            break
        except (av.error.FFmpegError, ValueError):
            continue
    yield None


def plain_decode(path: Path, stream_index: int | None = None) -> list[Plain]:
    """Decode packet by packet, skipping errors; no threads, no corrections."""
    found: list[Plain] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0] if stream_index is None else container.streams[stream_index]
        for packet in _packets(container, stream):
            try:
                frames = stream.codec_context.decode(packet)
            except (av.error.FFmpegError, ValueError):
                continue
            for frame in frames:
                time_s = None if frame.pts is None else float(frame.pts * stream.time_base)
                found.append(Plain(time_s, frame.to_ndarray(format="bgr24")))
    return found
