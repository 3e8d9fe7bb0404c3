"""Determines the content of a file from its first bytes, not its name."""

import codecs
from pathlib import Path
from typing import BinaryIO

from models.errors import InputError

JPEG_SUFFIXES = frozenset((".jpg", ".jpeg", ".jpe", ".jfif"))
_OTHER_PICTURES = (
    ".png", ".apng", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm", ".pbm", ".avif", ".heic",
    ".heif", ".jxl"
)  # fmt: skip
PICTURE_SUFFIXES = JPEG_SUFFIXES | frozenset(_OTHER_PICTURES)
"""Lower-case suffixes of pictures in folders."""

_VIDEOS = (
    ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".m2t", ".wmv", ".asf",
    ".flv", ".f4v", ".3gp", ".3g2", ".dv", ".vob", ".ogv", ".mxf", ".m2v", ".ivf", ".obu", ".y4m", ".mjpeg", ".mjpg",
    ".h264", ".264", ".hevc", ".h265", ".265"
)  # fmt: skip
VIDEO_SUFFIXES = frozenset(_VIDEOS)

JPEG, GIF, PNG, WEBP = "a JPEG picture", "a GIF picture", "a PNG picture", "a WebP picture"
HEIC, JXL = "an AVIF or HEIC picture", "a JPEG XL picture"

_STILL_BRANDS = frozenset(
    (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"miaf")
)
_TAIL = 4096
_Y4M = b"YUV4MPEG2 "
_NUT, _NUT_INDEX, _NUT_TAIL = b"nut/multimedia container\0", b"NX\xdd\x67/#\xe6N", 12
"""The start of a NUT file, the start of its index, and the size of index length and checksum at its end."""

_MAGIC = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\xff\x0a", JXL),
    (b"\0\0\0\x0cJXL \r\n\x87\n", JXL),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)


def head_of(path: Path, count: int = 4096) -> bytes:
    """Read the first bytes of a file.

    Raises:
        InputError: If the file is missing, not a plain file, not readable or empty.
    """
    if not path.exists():
        raise InputError(f"{path} does not exist; check the name")
    if not path.is_file():
        raise InputError(f"{path} is not a plain file; name a video, a picture or a folder of pictures")
    try:
        with path.open("rb") as file:
            head = file.read(count)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; check its permissions") from error
    if not head:
        raise InputError(f"{path} is empty; get the file again")
    return head


def picture_kind(head: bytes) -> str | None:
    """Name the kind of still picture that begins with these bytes, or None if it is not one.

    >>> picture_kind(b"GIF89a..."), picture_kind(b"RIFF....AVI ")
    ('a GIF picture', None)
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        return HEIC
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in b" \t\r\n" and len(head) > 2:
        return "a portable pixmap"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def is_text(head: bytes) -> bool:
    """Whether the bytes are plain text: UTF-8 without control characters.

    A Y4M film begins with a line of text, which may be followed by anything.
    """
    if head.startswith(_Y4M):
        return False
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be incomplete
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\t\n\r\f\ufeff" for character in text)


def is_cut_short(path: Path) -> bool:
    """Whether a container declares more bytes than the file has, a sure sign of an interrupted download.

    MP4/MOV (a box reaches beyond the end), AVI (the RIFF size), Matroska/WebM (the segment's size) and NUT (it does not
    end with an index) are understood; every other file, and one written without sizes (a live recording), counts as
    whole.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(64)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide"):
            return _boxes_end(file, size) > size
        if head[:4] == b"RIFF":
            return int.from_bytes(head[4:8], "little") + 8 > size
        if head[:4] == b"\x1aE\xdf\xa3":
            return _segment_end(head) > size
        if head.startswith(_NUT):
            return not _ends_with_index(file, size)
    return False


def _ends_with_index(file: BinaryIO, size: int) -> bool:
    """Whether the last bytes of a NUT file say where its index begins, and it does."""
    if size < _NUT_TAIL:
        return False
    file.seek(size - _NUT_TAIL)
    length = int.from_bytes(file.read(8), "big")
    if not _NUT_TAIL < length <= size:
        return False
    file.seek(size - length)
    return file.read(len(_NUT_INDEX)) == _NUT_INDEX


def ends_in_zeros(path: Path) -> bool:
    """Whether a file ends in nothing but zeros, as if space was reserved and never written."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return not any(file.read(_TAIL))


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Walk the top-level boxes of an MP4 and return the offset at which the last one should end."""
    offset = 0
    while offset < size:
        file.seek(offset)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if len(header) < 8:
            return size + 1
        if length < 8:  # 0 means "to the end of the file"; any other value is not a box
            return size
        offset += length
    return offset


def _segment_end(head: bytes) -> int:
    """Return the offset at which a Matroska segment should end, 0 if it does not say."""
    try:
        length, width = _vint(head, 4)
        segment = 4 + width + length
        if head[segment : segment + 4] != b"\x18S\x80g":
            return 0
        length, width = _vint(head, segment + 4)
    except IndexError:
        return 0
    unknown = (1 << 7 * width) - 1
    return 0 if length == unknown else segment + 4 + width + length


def _vint(data: bytes, offset: int) -> tuple[int, int]:
    """Read one EBML variable-length number: its value and how many bytes it takes."""
    first = data[offset]
    width = 9 - first.bit_length()
    if width > 8 or offset + width > len(data):
        raise IndexError("no number here")
    return int.from_bytes(data[offset : offset + width], "big") & ((1 << 7 * width) - 1), width
