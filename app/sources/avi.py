"""Compares the packets of an AVI file with its index, because FFmpeg skips damage there and counts times from what is
left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from av.packet import Packet

from app.sources.container import Container


@dataclass(frozen=True, slots=True)
class _Chunk:
    """An entry of the index."""

    rank: int
    position: int
    stamp: int
    size: int


class IndexChecker:
    """Gives the packets of one stream the times of the index, and detects which ones are skipped."""

    def __init__(self, chunks: Sequence[_Chunk], size: int) -> None:
        self._by_rank = chunks
        self._by_position = {chunk.position: chunk for chunk in chunks}
        self._truncated = any(chunk.position + chunk.size > size for chunk in chunks)
        self._last: int | None = None

    @classmethod
    def of(cls, container: Container) -> Self | None:
        """A checker for an AVI file with an index; None for any other."""
        if container.av.format.name != "avi" or not container.indexed:
            return None
        entries = zip(container.index(empty=True), container.stream.index_entries, strict=True)
        chunks = [_Chunk(rank, place, one.timestamp, one.size) for rank, (place, one) in enumerate(entries)]
        return cls(chunks, container.size)

    def before(self, packet: Packet) -> bool:
        """Correct the packet's times; whether chunks were skipped before it."""
        chunk = None if packet.pos is None else self._by_position.get(packet.pos)
        if chunk is None:
            return False
        if packet.dts is not None and packet.dts != chunk.stamp:
            late = chunk.stamp - packet.dts
            packet.dts = chunk.stamp
            packet.pts = None if packet.pts is None else packet.pts + late
        last, self._last = self._last, chunk.rank
        return last is not None and self._holds_pictures(last + 1, chunk.rank)

    def at_end(self) -> bool:
        """Whether chunks were skipped after the last packet; a truncated file is not damaged there."""
        last = self._last
        return last is not None and not self._truncated and self._holds_pictures(last + 1, len(self._by_rank))

    def _holds_pictures(self, first: int, end: int) -> bool:
        """Whether there is a picture among chunks; an empty one repeats the picture before."""
        return any(chunk.size for chunk in self._by_rank[first:end])
