"""Copies a source's sound into the video made from it."""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

from app.sinks.mp4 import Mp4
from app.sinks.sound_tracks import TrackWriter, track_of
from app.spec import shown

_EARLIEST_S = -0.5  # the decoder needs its pre-roll, which is before zero
_LATE_S = 0.5  # an mp4 cannot be written before all its tracks have begun
_RUN_UP_S = 1.0  # a demuxer may seek to a later point
_JUMP_S = 0.5  # further from the end of the previous packet: another clock, or a gap between them
_TIMEOUT_S = 8.0
_BUFFER = 1 << 18
_OPTIONS = {  # sound may begin late
    "probesize": str(32 << 20),
    "analyzeduration": "10000000",  # microseconds
    "max_streams": "2000",
}


class ClockJump(Protocol):
    """A jump of a source's clock that its frames' times do not follow."""

    @property
    def at_s(self) -> float: ...

    @property
    def by_s(self) -> float: ...


class SoundSource:
    """The sound of a file or an http recording.

    Args:
        origin: The file, or the complete address.
        container: The container as opened.
        notify: Takes a sentence if sound is left out.
        opened: Closes everything.
    """

    def __init__(
        self, origin: Path | str, container: InputContainer, notify: Callable[[str], None], opened: ExitStack
    ) -> None:
        self.container = container
        self._notify = notify
        self._opened = opened
        for stream in container.streams:
            if stream.type != "audio":
                stream.discard = Discard.all
        self._name = shown(str(origin))
        start = container.start_time
        self.start_s = max(0.0, start / av.time_base) if start is not None else 0.0
        """Start of the container's clock, that of its first stream."""

    @classmethod
    def open(cls, origin: Path | str, notify: Callable[[str], None]) -> Self | None:
        """Open a source a second time, for its sound; None if it is not a container that can be opened."""
        with ExitStack() as stack:
            try:
                if isinstance(origin, Path):  # FFmpeg never sees the name: `12:30.mp4` would be a protocol, 12
                    file = stack.enter_context(origin.open("rb"))
                    container = av.open(file, "r", options=dict(_OPTIONS), buffer_size=_BUFFER)
                else:
                    container = av.open(origin, "r", options=dict(_OPTIONS), timeout=_TIMEOUT_S)
            except (av.error.FFmpegError, OSError, ValueError):
                return None  # pictures, for example
            stack.callback(container.close)
            return cls(origin, container, notify, stack.pop_all())

    def into(self, target: Mp4, *, zero_s: float, jumps: Callable[[], Sequence[ClockJump]]) -> "SourceSound":
        """Add all of its sound tracks to an mp4 in which `zero_s` of the source's clock is zero."""
        tracks: dict[int, TrackWriter] = {}
        for stream in self.container.streams.audio:
            try:
                if stream.codec_context is None:
                    raise ValueError("its kind is unknown")
                late = _may_be_late(stream, zero_s) or zero_s > self.start_s + _LATE_S  # it may have ended already
                tracks[stream.index] = track_of(stream, target.container, late=late)
            except (ValueError, av.error.FFmpegError) as error:
                self.complain(f"Sound track {len(tracks) + 1} of {self._name} cannot be kept", error)
        return SourceSound(self, self.container, tracks, target, zero_s=zero_s, jumps=jumps)

    def complain(self, what: str, error: Exception | None = None) -> None:
        """Report what is left out and why; the original error may contain an address with its password."""
        reason = error.strerror if isinstance(error, OSError) else error
        self._notify(f"{what}: {reason}." if reason else f"{what}.")

    def lose(self, packets: int) -> None:
        """Report how many packets could not be decoded."""
        what = "1 packet" if packets == 1 else f"{packets} packets"
        self.complain(f"The sound of {self._name} is damaged: {what} of it are left out")

    def end_early(self, error: Exception) -> None:
        """Report that the sound ends."""
        self.complain(f"The sound of {self._name} ends early", error)

    def close(self) -> None:
        self._opened.close()


def _may_be_late(stream: AudioStream, zero_s: float) -> bool:
    if stream.start_time is None or stream.time_base is None:
        return True
    return float(stream.start_time * stream.time_base) > zero_s + _LATE_S


class SourceSound:
    """Sound on its way into one mp4, fed in step with the pictures; times are seconds of the source's frames.

    Sound keeps its own time stamps; where the source's clock jumps, it follows the pictures.
    """

    def __init__(
        self,
        source: SoundSource,
        container: InputContainer,
        tracks: dict[int, TrackWriter],
        target: Mp4,
        *,
        zero_s: float,
        jumps: Callable[[], Sequence[ClockJump]],
    ) -> None:
        self._source, self._container, self._target = source, container, target
        self._tracks = tracks
        self._zero_s = zero_s
        self._earliest_s = zero_s + (_EARLIEST_S if zero_s <= source.start_s else 0.0)
        self._clocks = {index: SoundClock(jumps) for index in tracks}
        self._packets = self._read()
        self._next: Packet | None = None
        self._lost = 0

    def until(self, time_s: float) -> None:
        """Write all sound that begins before `time_s`."""
        self._take(time_s)
        if math.isfinite(time_s):
            for track in self._tracks.values():
                self._write(track.wait(time_s - self._zero_s))

    def _take(self, time_s: float) -> None:
        while (packet := self._next or next(self._packets, None)) is not None:
            self._next = packet
            clock = self._clocks[packet.stream.index]
            start_s = clock.time_of(packet, last=math.isinf(time_s))
            if start_s is None or start_s >= time_s:
                return
            self._next = None
            clock.pass_over(packet, start_s)
            length_s = float((packet.duration or 0) * (packet.time_base or 0))
            if start_s + length_s / 2 >= self._earliest_s:
                shift_s = start_s - clock.stamp_s(packet) - self._zero_s
                self._write(self._decoded(self._tracks[packet.stream.index], packet, shift_s))

    def close(self) -> None:
        """Flush the encoders; sound after the last picture stays out."""
        self._packets.close()
        for track in self._tracks.values():
            self._write(track.finish())
        if self._lost:
            self._source.lose(self._lost)

    def _decoded(self, track: TrackWriter, packet: Packet, shift_s: float) -> Iterator[Packet]:
        try:
            yield from track.take(packet, shift_s)
        except (av.error.InvalidDataError, av.error.ArgumentError, av.error.EOFError):
            self._lost += 1  # the next one may be good; silence takes its place

    def _write(self, packets: Iterator[Packet]) -> None:
        for packet in packets:
            try:
                self._target.mux(packet)
            except ValueError as error:  # a packet that the mp4 refuses; a full disk raises another class
                self._source.end_early(error)
                self._packets.close()
                return

    def _read(self) -> Generator[Packet, None, None]:
        streams = [self._container.streams[index] for index in self._tracks]
        if not streams:
            return
        try:
            if self._zero_s > self._source.start_s + _RUN_UP_S:
                self._container.seek(round((self._zero_s - _RUN_UP_S) * av.time_base))
            for packet in self._container.demux(streams):
                if packet.size and packet.pts is not None and packet.time_base is not None:
                    yield packet
        except (av.error.FFmpegError, OSError) as error:
            self._source.end_early(error)


class SoundClock:
    """Maps the time stamps of one track to the times of the source's frames, across jumps that these do not follow."""

    def __init__(self, jumps: Callable[[], Sequence[ClockJump]]) -> None:
        self._jumps = jumps
        self._passed = 0
        self._offset_s = 0.0
        self._expected_s: float | None = None

    @staticmethod
    def stamp_s(packet: Packet) -> float:
        return float((packet.pts or 0) * (packet.time_base or 0))

    def time_of(self, packet: Packet, *, last: bool) -> float | None:
        """Start of a packet; None while a jump is expected that the pictures have not reached yet."""
        time_s = self.stamp_s(packet) + self._offset_s
        expected_s = self._expected_s
        if expected_s is not None and abs(time_s - expected_s) > _JUMP_S:
            jumps = self._jumps()
            if self._passed < len(jumps):
                by_s = jumps[self._passed].by_s
                if abs(time_s - by_s - expected_s) < abs(time_s - expected_s):
                    self._passed += 1
                    self._offset_s -= by_s
                    time_s -= by_s
            elif time_s < expected_s and not last:
                return None
        return time_s

    def pass_over(self, packet: Packet, start_s: float) -> None:
        """Note a written packet."""
        self._expected_s = start_s + float((packet.duration or 0) * (packet.time_base or 0))
