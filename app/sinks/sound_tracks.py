"""One sound track on its way into an mp4: copied if players accept it, otherwise re-encoded as AAC."""

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Protocol

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec import Codec
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet

_COPIED = frozenset({"aac", "mp3", "mp3float"})  # supported in mp4 by every player; anything else becomes AAC
_RATE = 48_000
"""Sample rate for sound whose own rate AAC does not support."""
_BITS_PER_CHANNEL = 64_000
_SILENCE = 1024
"""Samples of silence at a time."""
_DRIFT_S = 0.02
"""Offset from its time stamps at which silence is inserted into sound, or samples are dropped."""


class TrackWriter(Protocol):
    """Processes the packets of one input stream in order."""

    def take(self, packet: Packet, shift_s: float) -> Iterator[Packet]:
        """The output for a packet whose times are shifted by `shift_s`.

        Raises:
            FFmpegError: If it is damaged; the next one may be good.
        """
        ...

    def wait(self, time_s: float) -> Iterator[Packet]:
        """Silence up to a time of the mp4, for a track that starts late; the mp4 cannot be written without it."""
        ...

    def finish(self) -> Iterator[Packet]:
        """The remaining output at the end."""
        ...


def track_of(stream: AudioStream, target: OutputContainer, *, late: bool = False) -> TrackWriter:
    """Add a stream to the mp4 for one of a source's.

    Args:
        stream: The source's.
        target: The mp4.
        late: Whether it starts later than the pictures, so that silence precedes it.

    Raises:
        ValueError, FFmpegError: If its sound cannot be decoded or encoded here.
    """
    if stream.codec_context.name in _COPIED and not late and _fits(stream):
        return _Copied(target.add_stream_from_template(stream))
    if not stream.codec_context.sample_rate:
        raise ValueError("its rate is unknown")
    return _Encoded(stream, target, late=late)


def _fits(stream: AudioStream) -> bool:
    """Whether an mp4 accepts a stream's packets unchanged; not, for example, MP3 at 8,000 samples per second."""
    if stream.codec_context.name == "aac" and not stream.codec_context.extradata:
        return False  # each packet describes itself, as in a transport stream
    try:
        with av.open(io.BytesIO(), "w", format="mp4") as trial:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
    except (ValueError, av.error.FFmpegError):
        return False
    return True


class _Copied:
    def __init__(self, copy: AudioStream) -> None:
        self._copy = copy
        self._last_dts: int | None = None

    def take(self, packet: Packet, shift_s: float) -> Iterator[Packet]:
        assert packet.time_base is not None
        shift = round(shift_s / packet.time_base)
        if packet.pts is None:
            return
        packet.pts += shift
        packet.dts = packet.pts  # sound is never reordered
        if self._last_dts is not None and packet.dts <= self._last_dts:
            return  # repeated, as where recordings overlap
        self._last_dts = packet.dts
        packet.stream = self._copy
        yield packet

    def wait(self, time_s: float) -> Iterator[Packet]:
        return iter(())

    def finish(self) -> Iterator[Packet]:
        return iter(())


class _Encoded:
    def __init__(self, stream: AudioStream, target: OutputContainer, *, late: bool) -> None:
        context = stream.codec_context
        rate = context.sample_rate
        self._decoder = context
        self._rate = rate if rate in (Codec("aac", "w").audio_rates or ()) else _RATE
        self._layout = context.layout.name if _takes(context.layout.name, self._rate) else _plain(context.layout)
        self._encoder = target.add_stream("aac", rate=self._rate, layout=self._layout)
        self._encoder.bit_rate = _BITS_PER_CHANNEL * self._encoder.codec_context.layout.nb_channels
        self._graph: Graph | None = None
        self._kind: tuple[object, ...] = ()
        self._last_s: float | None = None
        self._shift_s = 0.0
        self._late = late
        self._silent = 0  # samples of silence so far

    def take(self, packet: Packet, shift_s: float) -> Iterator[Packet]:
        self._shift_s = shift_s
        for frame in self._decoder.decode(packet):
            yield from self._sound(frame)

    def _sound(self, frame: AudioFrame) -> Iterator[Packet]:
        rate = frame.sample_rate
        if frame.pts is not None and frame.time_base is not None:
            start_s = float(frame.pts * frame.time_base) + self._shift_s
        else:
            start_s = self._last_s or 0.0
        self._last_s = start_s + frame.samples / rate
        if self._late:
            if round(start_s * self._rate) < self._silent:
                return  # too late
            yield from self._hush(start_s, 1)
            self._late = False
        kind = (frame.format.name, frame.layout.name, rate)
        if kind != self._kind:  # sound may change its rate or channels
            yield from self._encode(self._drained())
            self._graph, self._kind = self._new_graph(frame), kind
        frame.pts, frame.time_base = round(start_s * rate), Fraction(1, rate)
        assert self._graph is not None
        self._graph.push(frame)
        yield from self._encode(_pulled(self._graph))

    def wait(self, time_s: float) -> Iterator[Packet]:
        return self._hush(time_s, _SILENCE) if self._late else iter(())

    def _hush(self, time_s: float, least: int) -> Iterator[Packet]:
        """Encode silence up to a time, in frames of at least `least` samples."""
        while (missing := round(time_s * self._rate) - self._silent) >= least:
            silence = AudioFrame(format="fltp", layout=self._layout, samples=min(missing, _SILENCE))
            for plane in silence.planes:
                plane.update(bytes(plane.buffer_size))
            silence.sample_rate, silence.pts, silence.time_base = self._rate, self._silent, Fraction(1, self._rate)
            self._silent += silence.samples
            yield from self._encoder.encode(silence)

    def finish(self) -> Iterator[Packet]:
        try:
            for frame in self._decoder.decode(None):
                yield from self._sound(frame)
        except (av.error.FFmpegError, EOFError):
            pass  # the remainder of damaged sound
        yield from self._encode(self._drained())
        if self._encoder.codec_context.is_open:  # otherwise nothing of it could be read
            yield from self._encoder.encode(None)

    def _encode(self, frames: Iterable[AudioFrame]) -> Iterator[Packet]:
        for frame in frames:
            yield from self._encoder.encode(frame)

    def _drained(self) -> Iterator[AudioFrame]:
        if self._graph is not None:
            self._graph.push(None)
            yield from _pulled(self._graph)

    def _new_graph(self, frame: AudioFrame) -> Graph:
        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=Fraction(1, frame.sample_rate),
        )
        kept_in_step = graph.add("aresample", f"{self._rate}:async=1:min_hard_comp={_DRIFT_S}")
        plain = graph.add("aformat", f"sample_fmts=fltp:sample_rates={self._rate}:channel_layouts={self._layout}")
        graph.link_nodes(source, kept_in_step, plain, graph.add("abuffersink")).configure()
        return graph


def _pulled(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield frame


def _takes(layout: str, rate: int) -> bool:
    """Whether the AAC encoder has such channels."""
    context = av.CodecContext.create("aac", "w")
    try:
        context.sample_rate, context.layout, context.format = rate, layout, "fltp"
        context.open()
    except (ValueError, av.error.FFmpegError):
        return False
    return True


def _plain(layout: av.AudioLayout) -> str:
    channels = layout.nb_channels
    return "mono" if channels == 1 else "5.1" if channels >= 6 else "stereo"
