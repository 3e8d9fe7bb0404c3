"""An mp4 that can be played at any moment from its first second on, even after a crash or on a full disk."""

from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import av
import av.error
from av.packet import Packet

TICKS = 90_000
"""Ticks per second of the file's clock, divisible by all common frame rates."""

_OPTIONS = {
    "movflags": "+hybrid_fragmented+delay_moov",  # the latter keeps a start other than zero
    "movie_timescale": str(TICKS),  # it keeps a late start
    "flush_packets": "1",  # write each fragment to disk as soon as it is complete
}


class Mp4:
    """Written in fragments, which are merged at `close`. After a failure only complete fragments remain.

    Args:
        path: The file, whatever its suffix.
        fragment_s: Length of a fragment in seconds: the most that a crash can lose.

    Raises:
        OSError: From any method, if the file cannot be written.
    """

    def __init__(self, path: Path, fragment_s: float = 1.0) -> None:
        self._path = path
        self._failed = False
        options = {**_OPTIONS, "frag_duration": str(round(fragment_s * 1e6))}
        self.container = av.open(str(path.resolve()), "w", format="mp4", options=options)

    def mux(self, packet: Packet) -> None:
        """Write a packet; does nothing after a failure, because FFmpeg would crash.

        Raises:
            ValueError: If the packet does not fit into an mp4.
        """
        if self._failed:
            return
        try:
            self.container.mux(packet)
        except OSError:
            self._failed = True
            raise

    def close(self) -> None:
        try:
            self.container.close()
        except OSError:
            self._failed = True
            raise
        finally:
            if self._failed:
                with suppress(OSError):
                    cut_to_whole_fragments(self._path)


def cut_to_whole_fragments(path: Path) -> None:
    """Truncate the file after the last complete fragment; a file without one becomes empty.

    Raises:
        OSError: If the file cannot be read or cut.
    """
    with path.open("r+b") as file:
        file.truncate(end_of_fragments(file, path.stat().st_size))


def end_of_fragments(file: BinaryIO, size: int) -> int:
    """The offset after the last complete fragment in a file of `size` bytes; 0 if there is none."""
    offset = end = 0
    seen: set[bytes] = set()
    while offset + 8 <= size:
        file.seek(offset)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8 or offset + length > size:
            break
        offset += length
        seen.add(kind)
        if kind in (b"moov", b"mdat") and {b"moov", b"mdat"} <= seen:
            end = offset
    return end
