"""A film's sound by its time, from the same file or address as its pictures."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.packet import Packet
from numpy.typing import NDArray

from app.sinks.sound import ClockJump, SoundClock, SoundSource

RATE, CHANNELS = 48_000, 2

Samples = NDArray[np.float32]
"""Shape (n, 2), -1..1, 48,000 a second."""

_SAME_S = 0.01
"""A block that begins this close to the end of the previous one continues it: containers round their times."""
_MARGINS_S = (0.1, 1.0, 5.0, 25.0)
"""How much earlier seeking is tried again if the demuxer landed too late."""
_RUN_UP_S = 0.2
"""Packets that end this long before the target are not decoded."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of sound: the number of its first sample, counted from time 0 of the film, and its samples."""

    start: int
    samples: Samples

    @property
    def end(self) -> int:
        return self.start + len(self.samples)


class Soundtrack:
    """The sound of a film. For one thread, except `close`.

    Args:
        origin: Its file, or its address, to which this opens a separate connection.
        jumps: Jumps of the container's clock that the pictures have met by now.

    Raises:
        LookupError: If there is no sound that can be decoded.
    """

    def __init__(self, origin: Path | str, jumps: Callable[[], Sequence[ClockJump]] = tuple) -> None:
        self._origin = origin
        self._jumps = jumps
        self._closed = threading.Event()
        self._held: Packet | None = None
        self._open()

    def seek(self, time_s: float) -> None:
        """Seek so that the next block is the one at a time of the film, or the first one after it."""
        # If the clock jumps, time stamps do not say where a time is.
        if self._jumps() or not self._found(time_s):
            self._reopen()
        self._from_s = time_s - _RUN_UP_S

    def until(self, time_s: float) -> list[Block]:
        """The next blocks, all of one packet; none if the next one begins at or after a time, or if none is left."""
        while not self._closed.is_set():
            packet = self._held or next(self._packets, None)
            self._held = packet
            if packet is None:
                self.ended = True
                return []
            start_s = self._clock.time_of(packet, last=False)
            if start_s is None or start_s >= time_s:
                return []
            self._held = None
            self._clock.pass_over(packet, start_s)
            length_s = float((packet.duration or 0) * (packet.time_base or 0))
            if start_s + length_s < self._from_s:
                continue
            blocks = self._decoded(packet, start_s - self._clock.stamp_s(packet))
            if blocks:
                return blocks
        return []

    def close(self) -> None:
        """Let reading end."""
        self._closed.set()

    def release(self) -> None:
        """Free the file, once nothing is read any more."""
        self._source.close()

    def _open(self) -> None:
        source = SoundSource.open(self._origin, lambda _: None)
        if source is None:
            raise LookupError("there is no sound")
        stream = source.container.streams.best("audio")
        if not isinstance(stream, AudioStream) or stream.codec_context is None:
            source.close()
            raise LookupError("there is no sound")
        self._source, self._stream = source, stream
        self._begin()

    def _reopen(self) -> None:
        self._source.close()
        self._open()

    def _begin(self) -> None:
        self._clock = SoundClock(self._jumps)
        self._packets = self._read()
        self._held = None
        self._resampler = AudioResampler("flt", "stereo", RATE)
        self._kind: tuple[object, ...] = ()
        self._end: int | None = None
        self._from_s = -np.inf
        self.ended = False

    def _found(self, time_s: float) -> bool:
        """Seek to a packet before a time; False if none is found, as on servers that cannot start in the middle."""
        for margin_s in _MARGINS_S:
            if not self._search(max(time_s - margin_s, 0.0)):
                return False
            begins_s = None if self._held is None else self._clock.time_of(self._held, last=True)
            if begins_s is not None and begins_s <= time_s:
                return True
        return False

    def _search(self, time_s: float) -> bool:
        """Seek to approximately a time."""
        base = self._stream.time_base
        try:
            self._source.container.seek(round(time_s / base) if base else 0, stream=self._stream)
        except (av.error.FFmpegError, OSError, OverflowError):
            return False
        self._stream.codec_context.flush_buffers()
        self._begin()
        self._held = next(self._packets, None)
        return True

    def _read(self) -> Iterator[Packet]:
        try:
            for packet in self._source.container.demux(self._stream):
                if packet.size and packet.pts is not None and packet.time_base is not None:
                    yield packet
        except (av.error.FFmpegError, OSError, ValueError):
            return  # the rest cannot be read; reading the video reports the damage

    def _decoded(self, packet: Packet, shift_s: float) -> list[Block]:
        blocks: list[Block] = []
        try:
            for frame in self._stream.codec_context.decode(packet):
                blocks += self._blocks(frame, shift_s)
        except (av.error.FFmpegError, ValueError):
            pass  # the next one may be good
        return blocks

    def _blocks(self, frame: AudioFrame, shift_s: float) -> Iterator[Block]:
        kind = frame.format.name, frame.layout.name, frame.sample_rate
        if kind != self._kind:  # sound may change its rate or channels
            self._resampler, self._kind = AudioResampler("flt", "stereo", RATE), kind
        stamp_s = None if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
        start = self._end or 0 if stamp_s is None else round((stamp_s + shift_s) * RATE)
        for plain in self._resampler.resample(frame):
            samples = np.ascontiguousarray(plain.to_ndarray(), np.float32).reshape(-1, CHANNELS)
            if self._end is not None and abs(start - self._end) < _SAME_S * RATE:
                start = self._end
            self._end = start + len(samples)
            yield Block(start, samples)
            start = self._end
