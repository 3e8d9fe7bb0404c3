"""Carries a source file's sound over into the video that is made from it."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Self

import av
import av.error
from av.audio.stream import AudioStream
from av.codec import Codec
from av.container import InputContainer, OutputContainer
from av.packet import Packet

_COPIED = frozenset({"aac", "mp3", "mp3float"})  # what every player finds in an mp4; anything else becomes AAC
_RATE = 48_000
"""Samples per second of sound whose own rate AAC does not have."""
_EARLIEST_S = -0.1  # an encoder's run-in lies before zero and is kept, sound from before the first picture is not

_Timed = Generator[tuple[float, Packet], None, None]
"""Packets ready to be written, each with its start in seconds."""


class Sound:
    """The sound of one file on its way into one mp4, fed in step with the pictures.

    Times are seconds from the source's first picture, as `Frame.time_s` counts them. Sound that turns out damaged ends
    there; `notify` gets the sentence, and the pictures go on.
    """

    def __init__(
        self,
        path: Path,
        source: InputContainer,
        track: AudioStream,
        target: OutputContainer,
        notify: Callable[[str], None],
    ) -> None:
        self._path, self._source, self._target, self._notify = path, source, target, notify
        self._start_s = _start_of(source)
        if track.codec_context.name in _COPIED:
            self._packets = self._copied(track, target.add_stream_from_template(track))
        else:
            rate = track.codec_context.sample_rate
            encoder = target.add_stream("aac", rate=rate if rate in (Codec("aac", "w").audio_rates or ()) else _RATE)
            encoder.codec_context.layout = "mono" if track.codec_context.layout.nb_channels == 1 else "stereo"
            self._packets = self._encoded(track, encoder)
        self._next: tuple[float, Packet] | None = None

    @classmethod
    def of(cls, path: Path, target: OutputContainer, notify: Callable[[str], None]) -> Self | None:
        """Open the first sound track of `path` and add one to `target`; None where there is no usable one."""
        try:
            source = av.open(str(path.absolute()))  # else `12:30.mp4` is a protocol, 12
        except av.error.FFmpegError:
            return None  # pictures, and files that only OpenCV can read
        try:
            for track in source.streams.audio[:1]:
                return cls(path, source, track, target, notify)
        except (ValueError, av.error.FFmpegError) as error:
            notify(f"The sound of {path} cannot go into an mp4 and is left out ({error}).")
        source.close()
        return None

    def until(self, time_s: float) -> None:
        """Write all sound that begins before `time_s`."""
        while (item := self._next or next(self._packets, None)) is not None:
            start_s, self._next = item[0], item
            if start_s >= time_s:
                return
            self._next = None
            try:
                self._target.mux(item[1])
            except ValueError as error:  # a packet that the mp4 refuses; a full disk is another class
                self._end_early(error)
                self._packets.close()

    def close(self) -> None:
        """Close the source; what is not written by now stays out."""
        self._packets.close()
        self._source.close()

    def _copied(self, track: AudioStream, copy: AudioStream) -> _Timed:
        """Yield the packets as they are, moved so that the first picture is at zero."""
        try:
            for packet in self._source.demux(track):
                if packet.pts is None or packet.dts is None or packet.time_base is None:
                    continue  # the empty packet that ends a file
                start_s = float(packet.pts * packet.time_base) - self._start_s
                if start_s < _EARLIEST_S:
                    continue
                shift = round(self._start_s / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = copy
                yield start_s, packet
        except av.error.FFmpegError as error:
            self._end_early(error)

    def _encoded(self, track: AudioStream, encoder: AudioStream) -> _Timed:
        try:
            for frame in self._source.decode(track):
                if frame.pts is None or frame.time_base is None:
                    continue
                if frame.pts * frame.time_base - self._start_s < _EARLIEST_S:
                    continue
                frame.pts -= round(self._start_s / frame.time_base)
                yield from map(_timed, encoder.encode(frame))
        except av.error.FFmpegError as error:
            self._end_early(error)
        if encoder.codec_context.is_open:  # else nothing of it could be read
            yield from map(_timed, encoder.encode(None))

    def _end_early(self, error: Exception) -> None:
        self._notify(f"The sound of {self._path} is damaged and ends early ({error}).")


def _start_of(source: InputContainer) -> float:
    """When the first picture is shown, in seconds of the container's own clock."""
    for stream in source.streams.video[:1]:
        if stream.start_time is not None and stream.time_base is not None:
            return float(stream.start_time * stream.time_base)
    return (source.start_time or 0) / av.time_base


def _timed(packet: Packet) -> tuple[float, Packet]:
    return float((packet.pts or 0) * (packet.time_base or 0)), packet
