"""For any bytes, a reader delivers frames or raises InputError, and nothing else."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sources import open_source
from app.sources.content import is_cut_short
from app.sources.folder import natural_key
from app.sources.images import read_picture
from models.errors import InputError

RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

HEADS = (
    b"",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\x40\0\0\0AVI LIST",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"\0\0\0\x18ftypisom",
    b"\x1aE\xdf\xa3\x80\x18S\x80g\x88",
    b"GIF89a",
    b"BM",
    b"\x47",
    b"P5\n3 3\n",
    b"\0\0\x01\xba",
)


def consume(path: Path, drain) -> int:
    """Read a source to its end; only InputError may stop it early."""
    try:
        source = open_source(str(path))
    except InputError as error:
        return check_sentence(path, str(error))
    with source:
        frames, sentence = drain(source)
    assert [frame.index for frame in frames] == list(range(len(frames)))
    return len(frames) if not sentence else check_sentence(path, sentence) + len(frames)


def check_sentence(path: Path, sentence: str) -> int:
    assert str(path) in sentence and "\n" not in sentence
    return 0


@pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a.mkv", "a.gif", "a.png", "a.tiff", "a"])
@RELAXED
@given(head=st.sampled_from(HEADS), tail=st.binary(max_size=400))
def test_random_bytes(tmp_path: Path, drain, name: str, head: bytes, tail: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(head + tail)
    assert consume(path, drain) >= 0
    assert is_cut_short(path) in (True, False)


@pytest.mark.parametrize(("suffix", "fourcc"), [("mp4", "mp4v"), ("avi", "MJPG"), ("mkv", "mp4v")])
@settings(RELAXED, max_examples=25)
@given(data=st.data())
def test_damaged_clips(tmp_path: Path, make_clip, drain, suffix: str, fourcc: str, data: st.DataObject) -> None:
    whole = tmp_path / f"whole.{suffix}"
    if not whole.exists():
        make_clip(whole, frames=8, fourcc=fourcc, size=(64, 48))
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(0, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = tmp_path / f"damaged.{suffix}"
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    assert consume(damaged, drain) <= 2000


@RELAXED
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    channels=st.sampled_from([1, 3, 4]),
    deep=st.booleans(),
    seed=st.integers(0, 99),
)
def test_any_picture_is_read_at_its_size(
    tmp_path: Path, height: int, width: int, channels: int, deep: bool, seed: int
) -> None:
    dtype = np.uint16 if deep else np.uint8
    image = np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, (height, width, channels), dtype, True)
    path = tmp_path / "any.png"
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    seen = read_picture(path)
    assert seen.shape == (height, width, 3) and seen.dtype == np.uint8
    if channels == 3 and not deep:
        assert np.array_equal(seen, image)


@given(st.lists(st.text(min_size=1, max_size=255)))
def test_natural_order_is_total(names: list[str]) -> None:
    once = sorted(names, key=natural_key)
    assert sorted(once, key=natural_key) == once
