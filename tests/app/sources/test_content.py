from pathlib import Path

import pytest

from app.sources.content import is_cut_short, is_text, picture_kind


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"plain\r\nwords\t", True),
        ("Grüße 笑".encode(), True),
        ("Grüße".encode()[:3], True),
        (b"\xff\xfe\x00\x01", False),
        (b"with a \x00 byte", False),
    ],
)
def test_is_text(head: bytes, text: bool) -> None:
    assert is_text(head) is text


def test_a_bitmap_and_a_riff_are_told_apart() -> None:
    assert picture_kind(b"BM1234") == "a BMP picture"
    assert picture_kind(b"RIFF\0\0\0\0WEBPVP8 ") == "a WebP picture"
    assert picture_kind(b"RIFF\0\0\0\0AVI LIST") is None
    assert picture_kind(b"\0\0\0\x1cftypheic") == "an AVIF or HEIC picture"
    assert picture_kind(b"\0\0\0\x1cftypisom") is None


@pytest.mark.parametrize("suffix", ["mp4", "avi", "mkv"])
def test_every_shortened_container_is_noticed(tmp_path: Path, make_clip, suffix: str) -> None:
    path = make_clip(tmp_path / f"clip.{suffix}", frames=5)
    assert not is_cut_short(path)
    data = path.read_bytes()
    for share in (0.3, 0.8):
        path.write_bytes(data[: int(len(data) * share)])
        assert is_cut_short(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1aE\xdf\xa3",
        b"\x1aE\xdf\xa3\x80\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\0\0ftyp",
        b"OggS1234",
    ],
)
def test_unknown_and_unsized_containers_count_as_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip"
    path.write_bytes(content)
    assert not is_cut_short(path)
