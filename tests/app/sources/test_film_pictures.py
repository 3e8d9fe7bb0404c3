"""The frames of films: upright, with the right aspect ratio, complete, in plausible colours."""

import gc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from app.core.types import Frame
from app.sources import open_source
from tests.app.sources.zoo import Spec, number_of, painted, plain_decode, write

TURNS = {
    (0, False, False): lambda a: a,
    (90, False, False): lambda a: np.rot90(a, -1),
    (180, False, False): lambda a: a[::-1, ::-1],
    (270, False, False): lambda a: np.rot90(a),
    (0, True, False): lambda a: a[:, ::-1],
    (0, False, True): lambda a: a[::-1],
}


def frames_of(path: Path) -> list[Frame]:
    with open_source(str(path)) as source:
        frames = list(source)
        assert source.notices == ()
        assert (source.info.height, source.info.width) == frames[0].image.shape[:2]
    return frames


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_turned_and_mirrored_as_the_container_says(tmp_path: Path, suffix: str, turn: tuple[int, bool, bool]) -> None:
    path = write(Spec(f"turned.{suffix}", turn=turn, frames=5), tmp_path)
    for frame, plain in zip(frames_of(path), plain_decode(path), strict=True):
        assert np.array_equal(frame.image, TURNS[turn](plain.image))


def test_turned_and_mirrored_at_once(tmp_path: Path) -> None:
    path = write(Spec("both.mp4", turn=(90, True, False), frames=3), tmp_path)
    plain = plain_decode(path)[0].image
    seen = frames_of(path)[0].image
    assert any(np.array_equal(seen, turned) for turned in (np.rot90(plain, -1)[:, ::-1], np.rot90(plain[:, ::-1], -1)))


@pytest.mark.parametrize(
    ("aspect", "width"), [(Fraction(2), 192), (Fraction(1, 2), 48), (Fraction(8, 9), 85), (Fraction(64, 45), 137)]
)
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.h264"])
def test_pixels_that_are_not_square(tmp_path: Path, name: str, aspect: Fraction, width: int) -> None:
    frames = frames_of(write(Spec(name, aspect=aspect, frames=4), tmp_path))
    assert [frame.image.shape for frame in frames] == [(64, width, 3)] * 4
    assert [number_of(frame.image) for frame in frames] == [0, 1, 2, 3]


@pytest.mark.parametrize("aspect", [Fraction(0), Fraction(1), Fraction(1000)])
def test_proportions_that_cannot_be_are_not_believed(tmp_path: Path, aspect: Fraction) -> None:
    assert frames_of(write(Spec("a.mp4", aspect=aspect, frames=2), tmp_path))[0].image.shape == (64, 96, 3)


def test_proportions_and_a_quarter_turn(tmp_path: Path) -> None:
    path = write(Spec("a.mp4", aspect=Fraction(2), turn=(90, False, False), frames=2), tmp_path)
    assert frames_of(path)[0].image.shape == (192, 64, 3)


FIELDS = {"flags": "+ilme+ildct"}


@pytest.mark.parametrize(
    ("name", "codec", "frames"),
    [
        ("a.mp4", "libx264", 12),
        ("a.ts", "libx264", 12),
        ("a.mpg", "mpeg2video", 12),
        ("a.mts", "mpeg2video", 5),
        ("one.mp4", "libx264", 1),
        ("two.mp4", "libx264", 2),
    ],
)
def test_interlaced_films_come_whole(tmp_path: Path, name: str, codec: str, frames: int) -> None:
    options = {**FIELDS, **({"x264-params": "tff=1"} if codec == "libx264" else {})}
    form = "mpegts" if name.endswith("mts") else None
    path = write(Spec(name, codec, form, frames=frames, options=options), tmp_path)
    plain = plain_decode(path)
    seen = frames_of(path)
    assert [number_of(frame.image) for frame in seen] == list(range(frames))
    assert [frame.time_s for frame in seen] == pytest.approx([raw.time_s for raw in plain])
    assert all(np.abs(frame.image.astype(int) - raw.image).mean() < 8 for frame, raw in zip(seen, plain, strict=True))


def test_lines_of_two_moments_are_not_shown_in_one(tmp_path: Path) -> None:
    def comb(index: int, size: tuple[int, int]) -> np.ndarray:
        image = np.full((size[1], size[0], 3), 40, np.uint8)
        image[::2, 8 * index : 8 * index + 24] = 220
        image[1::2, 8 * index + 4 : 8 * index + 28] = 220
        return image

    options = {**FIELDS, "x264-params": "tff=1", "crf": "5"}
    seen = frames_of(write(Spec("a.mp4", options=options, frames=6, paint=comb), tmp_path))

    def combing(image: np.ndarray) -> float:
        gray = image[..., 1].astype(int)
        return float(np.abs(gray[1:-1] - (gray[:-2] + gray[2:]) / 2).mean())

    plain = plain_decode(tmp_path / "a.mp4")
    assert combing(seen[3].image) < 0.5 * combing(plain[3].image)


MATRICES = (*range(1, 15), 255)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("full", [False, True])
def test_plausible_colours_whatever_the_matrix(tmp_path: Path, matrix: int, full: bool) -> None:
    def skin(index: int, size: tuple[int, int]) -> np.ndarray:
        return np.full((size[1], size[0], 3), (200, 150, 120), np.uint8)

    tags = {"colorspace": matrix % 255, "color_range": 2 if full else 1}
    path = write(Spec("a.mp4", frames=2, paint=skin, options={"crf": "1"}), tmp_path)
    _retag(path, tmp_path / "b.mp4", tags)
    blue, green, red = frames_of(tmp_path / "b.mp4")[0].image.reshape(-1, 3).mean(0)
    assert (red, green, blue) == pytest.approx((200, 150, 120), abs=26)
    assert red > green > blue


def _retag(path: Path, target: Path, tags: dict[str, int]) -> None:
    """Write the same packets with other colour tags, in a container that stores them."""
    with av.open(str(path)) as source, av.open(str(target), "w", options={"movflags": "write_colr"}) as container:
        track = source.streams.video[0]
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = track.width, track.height, "yuv420p"
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
        for frame in source.decode(track):
            for name, value in tags.items():
                setattr(frame, name, value)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.mark.parametrize(("transfer", "skin_level"), [(16, 0.45), (18, 0.5)], ids=["PQ", "HLG"])
def test_high_dynamic_range_is_brought_into_what_can_be_shown(tmp_path: Path, transfer: int, skin_level: float) -> None:
    path = tmp_path / "hdr.mkv"
    tags = {"colorspace": 9, "color_range": 1, "color_trc": transfer, "color_primaries": 9}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p10le"
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
        ramp = np.linspace(0, 1, 96)[None, :, None].repeat(64, 0).repeat(3, 2)
        ramp[:32] = skin_level
        frame = VideoFrame.from_ndarray((ramp * 65535).astype(np.uint16), "rgb48le")
        frame.color_range = 2
        frame = frame.reformat(format="yuv420p10le", dst_colorspace="bt2020", dst_color_range="MPEG")
        for name, value in tags.items():
            setattr(frame, name, value)
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    image = frames_of(path)[0].image
    assert 95 < image[16].mean() < 190
    row = image[48].mean(1)
    assert row[:4].mean() < 25 and row[-4:].mean() > 235
    assert all(np.diff(row) >= -2)


def test_alpha_lies_over_neutral_gray(tmp_path: Path) -> None:
    path = tmp_path / "alpha.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("qtrle", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "argb"
        image = np.full((64, 96, 4), 255, np.uint8)
        image[:, :48, 0] = 0
        container.mux(stream.encode(VideoFrame.from_ndarray(image, "argb")))
        container.mux(stream.encode())
    seen = frames_of(path)[0].image
    assert np.abs(seen[:, :48].astype(int) - 128).max() <= 1 and seen[:, 48:].min() == 255


def test_each_frame_has_its_own_size(tmp_path: Path) -> None:
    small, large = Spec("s.ts", size=(64, 48), frames=10), Spec("l.ts", start=10, frames=10)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(write(small, tmp_path).read_bytes() + write(large, tmp_path).read_bytes())
    seen = frames_of(joined)
    assert [frame.image.shape for frame in seen] == [(48, 64, 3)] * 10 + [(64, 96, 3)] * 10
    assert [number_of(frame.image) for frame in seen] == list(range(10)) * 2


def test_decoded_frames_do_not_wait_for_the_collection_of_garbage(tmp_path: Path) -> None:
    path = write(Spec("a.mp4", turn=(90, False, False), frames=60), tmp_path)
    gc.collect()
    gc.disable()
    try:
        with open_source(str(path)) as source:
            assert sum(1 for _ in source) == 60
        assert gc.collect() < 60
    finally:
        gc.enable()


def test_the_paint_can_be_read() -> None:
    assert [number_of(painted(index)) for index in range(256)] == list(range(256))
