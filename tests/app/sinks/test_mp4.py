import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from app.sinks.mp4 import Mp4, end_of_fragments

resource = pytest.importorskip("resource", reason="Windows has no such limits")


def failure(work: Callable[..., None], *args: object) -> str:
    try:
        work(*args)
    except OSError as error:
        return str(error)
    return ""


def box(kind: bytes, size: int = 20) -> bytes:
    return size.to_bytes(4, "big") + kind + bytes(size - 8)


HEAD = box(b"ftyp") + box(b"free", 8) + box(b"moov", 50)
FRAGMENT = box(b"moof") + box(b"mdat", 100)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"", 0),
        (HEAD, 0),
        (HEAD + FRAGMENT, len(HEAD + FRAGMENT)),
        (HEAD + 2 * FRAGMENT + FRAGMENT[:-1], len(HEAD + 2 * FRAGMENT)),
        (HEAD + FRAGMENT + box(b"moof"), len(HEAD + FRAGMENT)),
        (HEAD + FRAGMENT + box(b"moov", 60)[:-5], len(HEAD + FRAGMENT)),
        (box(b"ftyp") + box(b"mdat", 100) + box(b"moov"), 140),  # finished
        (b"\0\0\0\1mdat" + (200).to_bytes(8, "big"), 0),
        (b"\0" * 40, 0),
    ],
)
def test_the_last_whole_fragment(data: bytes, end: int) -> None:
    assert end_of_fragments(io.BytesIO(data), len(data)) == end


@pytest.mark.parametrize("size", [0, 10, 40, 700])
def test_nothing_is_written_after_a_failure(tmp_path: Path, size: int) -> None:
    mp4 = Mp4(tmp_path / "a.mp4")
    stream = mp4.container.add_stream("libx264", rate=25)
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        packets = []
        for i in range(100):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts, frame.time_base = i, Fraction(1, 25)
            packets += stream.encode(frame)
        errors = [error for packet in packets if (error := failure(mp4.mux, packet))]
        assert failure(mp4.close) or errors
        assert len(errors) < 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / "a.mp4").read_bytes() == b""
