"""Decodes one stream, skips damage, and counts it."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import av
import av.error
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from app.core import cores
from app.sources.avi import IndexChecker
from app.sources.container import Container
from app.sources.matroska import GapDetector
from app.sources.transport import SyncChecker

_AHEAD_PACKETS, _AHEAD_BYTES = 100, 8 << 20
_RETRIES = 16
"""Consecutive read errors within a file after which the rest counts as lost."""

_SECRETIVE = frozenset(("vp8",))
"""Decoders that hide errors when they use frame threads."""

_FRUITLESS = 20_000
"""Consecutive packets without a picture after which a file counts as truncated."""


class DecodingInterrupted(Exception):  # noqa: N818  (control flow, never shown to users)
    """The first sign of damage while decoding with frame threads."""


@dataclass(slots=True)
class _Sent:
    """A packet whose frame is pending, and whether an error occurred meanwhile."""

    stamp: int
    doubtful: bool


class StreamDecoder:
    """Packets of a container's film stream in, frames out.

    Frame threads are fast but blur which packet an error belongs to and may lose frames at the end. So they are used
    for intact films; on the first sign of damage `DecodingInterrupted` is raised, and a second decoder, `careful`,
    repeats it.

    Args:
        container: Open, at the position where decoding starts.
        careful: Decode frame by frame and count what is missing, instead of raising `DecodingInterrupted`.
        from_key: Skip packets before the first key packet, as after a seek.

    Attributes:
        missing: Time stamps of pictures that could not be decoded, in the stream's units; None if unknown.
        hole: Set if bytes between two packets, or after the last one, are damaged; reset by the code that counts the
            missing pictures.
        torn: Likewise, if bytes of a transport stream are missing, perhaps without any whole picture.
        cut: Whether reading ended with an error rather than at the end.
        stained: Whether damage was decoded: its traces may survive a seek and show in later concealment.
    """

    def __init__(self, container: Container, *, careful: bool, from_key: bool = False) -> None:
        self._container = container
        careful = careful or container.stream.codec_context.name in _SECRETIVE
        self._careful = careful
        self._skipping = from_key
        self._stream: VideoStream = container.stream
        context = self._stream.codec_context
        if not context.is_open:  # after a seek it continues unchanged
            context.thread_count = cores.share() or 0
            context.thread_type = "SLICE" if careful else "AUTO"
        self._ahead: deque[Packet] = deque()
        self._packets = self._demux()
        self._waiting: dict[int, _Sent] = {}
        self._doubt = False
        self._unstamped = 0
        self._first_pos: int | None = None
        self._first_stamps: list[int] = []
        self._holes = GapDetector.of(container) or IndexChecker.of(container) or SyncChecker.of(container)
        self.missing: list[int | None] = []
        self.hole = False
        self.torn = False
        self.cut = False
        self.stained = False

    def look_ahead(self) -> list[int]:
        """Time stamps of the first packets in presentation order; they are decoded later as if nothing had happened."""
        size = 0
        while len(self._ahead) < _AHEAD_PACKETS and size < _AHEAD_BYTES:
            packet = next(self._packets, None)
            if packet is None:
                break
            self._ahead.append(packet)
            size += packet.size
        stamps = [p.pts if p.pts is not None else p.dts for p in self._ahead if not p.is_discard]
        return sorted({stamp for stamp in stamps if stamp is not None})

    def has_two(self) -> bool:
        """Whether there are two non-empty packets."""
        return sum(1 for _, packet in zip(range(2), self._packets, strict=False) if packet.size) == 2

    def frames(self) -> Iterator[VideoFrame]:
        """Decode to the end.

        Raises:
            DecodingInterrupted: Unless `careful`, at the first sign of damage.
        """
        fruitless = 0
        while (packet := self._ahead.popleft() if self._ahead else next(self._packets, None)) is not None:
            fruitless += 1
            if fruitless > _FRUITLESS:
                self.cut = True
                break
            if not packet.size:  # an empty packet repeats the last picture, and would end the decoder
                continue
            self._skipping = self._skipping and not packet.is_keyframe
            if self._skipping:
                continue
            if self._first_pos is None:
                self._first_pos = packet.pos
            if packet.pts is not None and not packet.is_discard and len(self._first_stamps) < _AHEAD_PACKETS:
                self._first_stamps.append(packet.pts)
            self._expect(packet)
            for frame in self._decode(packet):
                fruitless = 0
                yield frame
        yield from self._decode(None)
        # PyAV hides an error at the end, and the frames after it
        if not self._careful and (self._waiting or self._unstamped > 0):
            raise DecodingInterrupted
        self._settle(None)

    def rank_of(self, frame: VideoFrame, ranks: Mapping[int, int]) -> int | None:
        """The number of the first frame in its film.

        Args:
            frame: The first one that came out.
            ranks: Byte position of each packet -> its number in the film in the order of decoding.
        """
        first = ranks.get(self._first_pos if self._first_pos is not None else -1)
        if first is None or frame.pts is None:
            return None
        # everything decoded before a key frame is also shown before it; later pictures may still precede it
        return first + sum(stamp < frame.pts for stamp in self._first_stamps)

    def _demux(self) -> Iterator[Packet]:
        failures, corrupt = 0, False
        while True:
            try:
                for packet in self._container.av.demux(self._stream):
                    failures = 0
                    self._container.found_something()
                    if packet.size or packet.dts is not None:
                        self._note_hole(self._holes is not None and self._holes.before(packet))
                        # where streams were joined, packets seem to be missing too, but a key frame follows
                        self.torn = self.torn or (corrupt and not packet.is_keyframe)
                        corrupt = packet.is_corrupt
                        yield packet
                self._note_hole(self._holes is not None and self._holes.at_end())
                return
            except av.error.InvalidDataError:  # the rest may be readable
                failures += 1
                self._note_hole(True)
                if failures > _RETRIES:
                    self.cut = True
                    return
            except (av.error.FFmpegError, OSError):
                self.cut = True
                return

    def _note_hole(self, there: bool) -> None:
        if there:
            self._alarm()
            self.hole = True

    def _expect(self, packet: Packet) -> None:
        if packet.is_keyframe:
            self._doubt = False
        if packet.is_corrupt:
            self._alarm()
        self._unstamped += packet.pts is None
        if packet.pts is not None and not packet.is_discard:
            self._waiting[packet.pts] = _Sent(packet.pts, self._doubt)

    def _decode(self, packet: Packet | None) -> list[VideoFrame]:
        try:
            frames = self._stream.codec_context.decode(packet)
        except EOFError:
            return []
        except (av.error.FFmpegError, ValueError, MemoryError):
            self._alarm()
            if packet is not None and packet.pts is None:
                self.missing.append(packet.dts)
            return []
        for frame in frames:
            if frame.is_corrupt:
                if not self._careful:
                    raise DecodingInterrupted
                self.stained = True
            self._unstamped -= frame.pts is None
            self._settle(frame.pts)
        return frames

    def _alarm(self) -> None:
        """Note an error: pending frames that do not appear are missing."""
        if not self._careful:
            raise DecodingInterrupted
        self._doubt = self.stained = True
        for sent in self._waiting.values():
            sent.doubtful = True

    def _settle(self, stamp: int | None) -> None:
        """Take a frame's time stamp (None at the end): frames pending before it will not appear any more."""
        if stamp is None:
            if self._waiting:
                passed = list(self._waiting.values())
                self._waiting.clear()
            else:
                return
        else:
            self._waiting.pop(stamp, None)
            passed = [sent for sent in self._waiting.values() if sent.stamp < stamp]
            for sent in passed:
                del self._waiting[sent.stamp]
        self.missing += sorted(sent.stamp for sent in passed if sent.doubtful)
