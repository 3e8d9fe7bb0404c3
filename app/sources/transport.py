"""Checks that the packets of an MPEG transport stream are contiguous, because FFmpeg silently skips to the next intact
one."""

from typing import BinaryIO, Self

from av.packet import Packet

from app.sources.container import Container

_SYNC = 0x47
_LAYOUTS = ((188, 0), (192, 4), (204, 0))
"""Bytes of a transport packet, and those of a camera's or recorder's time stamp before its sync byte."""
_MOST = 64 << 20
"""Bytes between two packets that are checked; more is taken for intact."""


class SyncChecker:
    """Detects damage between the packets of one stream: transport packets without a sync byte in its place.

    If the first two packets do not fit any layout, the file cannot be checked.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._last: int | None = None
        self._layouts: tuple[tuple[int, int], ...] = _LAYOUTS

    @classmethod
    def of(cls, container: Container) -> Self | None:
        """A checker for a transport stream on disk; None for any other."""
        if container.path is None or container.av.format.name != "mpegts":
            return None
        return cls(container.second_handle())

    def before(self, packet: Packet) -> bool:
        """Whether there is damage between the previous packet and this one."""
        first, self._last = self._last, packet.pos
        if first is None or packet.pos is None or not 0 < packet.pos - first <= _MOST:
            return False
        try:
            self._file.seek(first)
            data = self._file.read(packet.pos - first)
        except OSError:
            return False
        fitting = tuple(layout for layout in self._layouts if _is_whole(data, *layout))
        if len(self._layouts) > 1:
            self._layouts = fitting[:1]
            return False
        return bool(self._layouts) and not fitting

    def at_end(self) -> bool:
        """False: what follows the last packet may be cut off, which is not damage."""
        return False


def _is_whole(data: bytes, size: int, ahead: int) -> bool:
    """Whether bytes are whole transport packets of a layout."""
    return not len(data) % size and data[ahead::size].count(_SYNC) == len(data) // size
