"""Checks that the blocks of a Matroska or WebM file are contiguous, because FFmpeg silently skips damage."""

from typing import BinaryIO, Self

from av.packet import Packet

from app.sources.container import Container

_CLUSTER = 0x1F43B675
_GROUP = 0xA0
_BLOCKS = frozenset((0xA1, 0xA3))
_INTO = frozenset((_CLUSTER, _GROUP))
_IN_CLUSTERS = (0xE7, 0xA7, 0xAB, 0xEC, 0xBF, 0x5854)
_IN_GROUPS = (0x9B, 0xFB, 0xFA, 0xA4, 0xFD, 0x75A1, 0x75A2, 0x8E, 0xC8)
_BESIDE_CLUSTERS = (0x114D9B74, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0x1941A469, 0x1549A966, 0x1654AE6B)
_PASSED = frozenset((*_IN_CLUSTERS, *_IN_GROUPS, *_BESIDE_CLUSTERS))
_HEADER = 4
"""Bytes of track, time and flags of a block, which a packet does not contain."""
_LONGEST = 12
"""Bytes of the longest element header."""
_MOST = 200_000


class GapDetector:
    """Detects damage between the packets of one stream.

    Known elements must lead from each packet to the next one without another packet of the stream. If that does not
    hold for the first two, the packets are compressed, and the file cannot be checked.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        self._last: tuple[int, int] | None = None
        self._applies: bool | None = None

    @classmethod
    def of(cls, container: Container) -> Self | None:
        """A detector for a Matroska file; None for any other."""
        if container.path is None or not container.av.format.name.startswith("matroska"):
            return None
        return cls(container.second_handle(), container.path.stat().st_size)

    def before(self, packet: Packet) -> bool:
        """Whether there is damage between the previous packet and this one."""
        last, self._last = self._last, None if packet.pos is None else (packet.pos, packet.size)
        if last is None or packet.pos is None or self._applies is False:
            return False
        whole = self._leads(last, packet.pos)
        if self._applies is None:
            self._applies = whole
        return self._applies and not whole

    def at_end(self) -> bool:
        """Whether the file is damaged after the last packet."""
        return bool(self._applies) and self._last is not None and not self._leads(self._last, None)

    def _leads(self, packet: tuple[int, int], following: int | None) -> bool:
        """Whether elements lead from one packet to the position of the next one, or to the end of the file."""
        file, end = self._file, self._size if following is None else following
        try:
            file.seek(packet[0])
            own_track, _ = _number(file.read(8), 0, keep_marker=False)
            offset = packet[0] + _HEADER + packet[1]
            for _ in range(_MOST):
                if offset >= end:
                    return following is None
                file.seek(offset)
                head = file.read(24)
                kind, kind_width = _number(head, 0, keep_marker=True)
                size, size_width = _number(head, kind_width, keep_marker=False)
                if not kind_width or not size_width:
                    return following is None and len(head) < _LONGEST
                payload = offset + kind_width + size_width
                if following is None and kind not in _INTO and payload + size > end:
                    return True  # truncated, which is not damage
                if kind in _BLOCKS:
                    if payload == following:
                        return True
                    if _number(head, kind_width + size_width, keep_marker=False)[0] in (0, own_track):
                        return False
                elif kind not in _INTO and kind not in _PASSED:
                    return False
                offset = payload if kind in _INTO else payload + size
        except OSError:
            return True
        return True


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """Read one EBML number: its value and its length in bytes, 0 if there is none."""
    if at >= len(data) or not data[at]:
        return 0, 0
    width = 9 - data[at].bit_length()
    if at + width > len(data):
        return 0, 0
    value = int.from_bytes(data[at : at + width], "big")
    return value if keep_marker else value & ((1 << 7 * width) - 1), width
