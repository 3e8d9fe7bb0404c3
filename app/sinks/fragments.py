"""The fragments of an mp4 that was not brought to its end."""

from pathlib import Path
from typing import BinaryIO

def cut_to_whole_fragments(path: Path) -> None:
    """Cut off what follows the last whole fragment; a file without one becomes empty.

    Raises:
        OSError: If the file cannot be read or cut.
    """
    with path.open("r+b") as file:
        file.truncate(end_of_fragments(file, path.stat().st_size))


def end_of_fragments(file: BinaryIO, size: int) -> int:
    """The offset behind the last whole fragment, 0 if there is none, of a file of `size` bytes."""
    offset = end = 0
    header_is_there = False
    while offset + 8 <= size:
        file.seek(offset)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8 or offset + length > size:
            break
        offset += length
        header_is_there = header_is_there or kind == b"moov"
        if header_is_there and kind == b"mdat":
            end = offset
    return end
