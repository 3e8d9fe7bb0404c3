import math
import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.sources.file import open_film
from app.sources.rates import sane_fps
from models.errors import InputError


def encode(
    path: Path, *, frames: int = 60, options: dict[str, str] | None = None, steps: list[int] | None = None
) -> Path:
    """Write H.264 with PyAV, which supports fragments and uneven times (in 1/600 s), unlike OpenCV's writer."""
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        noise = np.random.default_rng(0)
        for index in range(frames):
            image = noise.integers(0, 255, (120, 160, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image, "bgr24")
            if steps:
                frame.pts, frame.time_base = sum(steps[:index]), Fraction(1, 600)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


@pytest.mark.parametrize(("fourcc", "suffix"), [("mp4v", "mp4"), ("MJPG", "avi"), ("XVID", "avi"), ("mp4v", "mkv")])
def test_every_frame_comes_once_with_its_time(tmp_path: Path, make_clip, fourcc: str, suffix: str) -> None:
    with open_film(make_clip(tmp_path / f"clip.{suffix}", frames=50, fourcc=fourcc)) as source:
        frames = list(source)
    assert len(frames) == 50
    assert source.info.frame_count == (None if suffix == "mkv" else 50)
    assert source.info.fps == pytest.approx(25, abs=0.1)
    for index, frame in enumerate(frames):
        assert frame.time_s == pytest.approx(index / 25, abs=0.002)
        assert frame.image.mean() == pytest.approx(4 * index, abs=6)


def test_uneven_presentation_times_are_kept(tmp_path: Path) -> None:
    steps = [20, 60, 20, 100] * 5
    path = encode(tmp_path / "clip.mp4", frames=20, steps=steps)
    with open_film(path) as source:
        times_s = [frame.time_s for frame in source]
    assert times_s == pytest.approx([sum(steps[:index]) / 600 for index in range(20)], abs=0.002)


def test_rotation_in_the_metadata_is_honoured(tmp_path: Path, make_clip) -> None:
    path = make_clip(tmp_path / "clip.mp4", size=(160, 96))
    data = bytearray(path.read_bytes())
    identity = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    track = data.index(identity, data.index(b"tkhd"))
    data[track : track + 36] = quarter
    path.write_bytes(data)
    with open_film(path) as source:
        assert (source.info.width, source.info.height) == (96, 160)
        assert next(iter(source)).image.shape == (160, 96, 3)


@pytest.mark.parametrize("suffix", ["avi", "mkv"])
@pytest.mark.parametrize("share", [0.9, 0.5])
def test_truncated_delivers_what_it_has_and_says_so(tmp_path: Path, drain, suffix: str, share: float) -> None:
    path = cut(encode(tmp_path / f"clip.{suffix}"), share)
    with open_film(path) as source:
        frames, sentence = drain(source)
    delivered = len(frames)
    assert 0 < delivered < 60
    assert f"{path} breaks off after {delivered} of 60 frames" in sentence


@pytest.mark.parametrize("flags", ["faststart", "frag_keyframe+empty_moov"])
def test_truncated_mp4_with_its_index_in_front(tmp_path: Path, drain, flags: str) -> None:
    path = cut(encode(tmp_path / "clip.mp4", options={"movflags": flags}), 0.6)
    with open_film(path) as source:
        frames, sentence = drain(source)
    delivered = len(frames)
    assert 0 < delivered < 60
    assert f"breaks off after {delivered} of 60 frames" in sentence


def test_truncated_mp4_that_lost_its_index_cannot_be_opened(tmp_path: Path, make_clip) -> None:
    path = cut(make_clip(tmp_path / "clip.mp4"), 0.8)
    with pytest.raises(InputError, match=r"clip\.mp4 is not a video that can be played"):
        open_film(path)


def test_an_end_lost_in_a_file_of_full_length_is_noticed(tmp_path: Path, make_clip, drain) -> None:
    path = make_clip(tmp_path / "clip.avi", frames=100, fourcc="MJPG")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3] + bytes(len(data) - len(data) // 3))
    with open_film(path) as source:
        frames, sentence = drain(source)
    delivered = len(frames)
    assert 20 < delivered < 50
    assert f"breaks off after {delivered} of 100" in sentence


def test_a_name_with_a_colon_is_no_protocol(tmp_path: Path, make_clip, monkeypatch: pytest.MonkeyPatch) -> None:
    make_clip(tmp_path / "a.avi", frames=3).rename(tmp_path / "2026-01-01T12:30:00.avi")
    monkeypatch.chdir(tmp_path)
    with open_film("2026-01-01T12:30:00.avi") as source:
        assert len(list(source)) == 3
        assert source.info.name == "2026-01-01T12:30:00.avi"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("noise.mp4", bytes(range(256)) * 40, "is not a video that can be played"),
        ("empty.mp4", b"", "is empty"),
        ("notes.mp4", b"Dear diary,\nnothing was filmed.\n", "is a text, not a video"),
        ("list.mp4", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n", "is a text, not a video"),
    ],
)
def test_what_is_no_video_is_refused_by_name_and_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_film(path)
    assert str(path) in str(caught.value) and reason in str(caught.value)


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "PNG"), (".jpg", "JPEG"), (".webp", "WebP"), (".gif", "GIF")])
def test_an_image_named_mp4_is_refused(tmp_path: Path, suffix: str, kind: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(cv2.imencode(suffix, np.zeros((40, 40, 3), np.uint8))[1].tobytes())
    with pytest.raises(InputError, match=f"clip.mp4 is a {kind} picture, not a video"):
        open_film(path)


def test_missing_and_forbidden_files(tmp_path: Path, make_clip, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"nothing\.mp4 does not exist"):
        open_film(tmp_path / "nothing.mp4")
    path = make_clip(tmp_path / "clip.mp4")

    def forbid(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "open", forbid)
    with pytest.raises(InputError, match=r"clip\.mp4 cannot be read: Permission denied"):
        open_film(path)


def test_a_file_that_is_deleted_while_it_plays_is_read_to_its_end(tmp_path: Path, make_clip) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=10)
    with open_film(path) as source:
        frames = iter(source)
        next(frames)
        path.unlink()
        assert len(list(frames)) == 9


def test_names_with_any_letters(tmp_path: Path, make_clip) -> None:
    path = make_clip(tmp_path / "clip.mp4", frames=3).rename(tmp_path / "Gänge 笑顔 %03d.mp4")
    with open_film(path) as source:
        assert len(list(source)) == 3


def test_native_libraries_stay_silent(tmp_path: Path, make_clip, capfd: pytest.CaptureFixture[str]) -> None:
    path = cut(make_clip(tmp_path / "clip.mp4"), 0.5)
    with pytest.raises(InputError):
        open_film(path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("said", "believed"), [(25.0, 25.0), (0.0, None), (-1.0, None), (90000.0, None), (math.nan, None)]
)
def test_only_believable_rates_are_reported(said: float, believed: float | None) -> None:
    assert sane_fps(said) == believed
