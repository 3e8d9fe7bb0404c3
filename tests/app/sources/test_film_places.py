"""Seeking, and parts of films: the same frames as by sequential reading."""

import itertools
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.stages import Seekable
from app.core.types import Frame
from app.sources import open_source
from models.errors import InputError
from tests.app.sources.test_film_damage import blot, noisy
from tests.app.sources.zoo import Spec, write

KEYS = {"g": "12", "bf": "0"}
GOP = {"g": "12", "bf": "3"}
FIELDS = {"flags": "+ilme+ildct", "x264-params": "tff=1", "g": "12"}

FILMS = (
    Spec("a.mp4", frames=60, options=GOP),
    Spec("a.mkv", frames=60, options=GOP),
    Spec("a.ts", frames=60, options=GOP),
    Spec("late.ts", frames=60, options=GOP, start=40, sound=(0, 3)),
    Spec("open.ts", frames=60, options={**GOP, "x264-params": "open-gop=1"}),
    Spec("open.mkv", frames=60, options={**GOP, "x264-params": "open-gop=1"}),
    Spec("refresh.mp4", frames=60, options={"g": "12", "x264-params": "intra-refresh=1"}),
    Spec("one.mp4", frames=60, options={"g": "600"}),
    Spec("uneven.mp4", frames=60, tick=Fraction(1, 600), steps=(20, 60, 20, 100), options=GOP),
    Spec("late.mp4", frames=60, start=18, sound=(0, 1), options=GOP),
    Spec("ntsc.mkv", frames=60, rate=Fraction(30000, 1001), options=GOP),
    Spec("turned.mov", frames=60, turn=(90, False, False), options=GOP),
    Spec("fragments.mp4", frames=60, options=GOP, mux={"movflags": "frag_keyframe+empty_moov"}),
    Spec("a.avi", "mpeg4", frames=60, options={"g": "12"}),
    Spec("a.mpg", "mpeg2video", frames=60, options={"g": "12", "bf": "2"}),
    Spec("a.webm", "libvpx", frames=60, options={"g": "12"}),
    Spec("a.flv", "flv", frames=60, options={"g": "12"}),
    Spec("a.wmv", "wmv2", frames=60, options={"g": "12"}),
    Spec("a.gif", "gif", pix="rgb8", frames=60),
    Spec("a.h264", frames=60, options=GOP),
    Spec("a.mjpeg", "mjpeg", pix="yuvj420p", frames=60),
    Spec("a.y4m", "wrapped_avframe", "yuv4mpegpipe", frames=60),
    Spec("fields.mp4", frames=60, options=FIELDS),
    Spec("fields.ts", frames=60, options=FIELDS),
)
INDEXED = frozenset(("a.mp4", "refresh.mp4", "one.mp4", "uneven.mp4", "late.mp4", "turned.mov", "a.avi", "fields.mp4"))


def whole(path: Path) -> list[Frame]:
    with open_source(str(path)) as source:
        return list(source)


@pytest.mark.parametrize("spec", FILMS, ids=lambda spec: spec.name)
def test_a_seek_shows_what_reading_up_to_there_shows(tmp_path: Path, spec: Spec) -> None:
    path = write(spec, tmp_path)
    frames = whole(path)
    rng = np.random.default_rng(1)
    wanted = [0, 59, 12, 11, 13, *rng.integers(0, 60, 5)]
    with open_source(str(path)) as source:
        assert isinstance(source, Seekable)
        for number in wanted:
            right = frames[number]
            source.seek(right.time_s + (right.duration_s or 0) * 0.4)
            seen = list(itertools.islice(source, 3))
            assert [frame.time_s for frame in seen] == pytest.approx([f.time_s for f in frames[number : number + 3]])
            for frame, same in zip(seen, frames[number:], strict=False):
                assert np.array_equal(frame.image, same.image)
                if spec.name in INDEXED:
                    assert frame.index == same.index


def require_same_pictures(path: Path) -> None:
    """Seek to every frame in random order, and compare time and pixels with sequential reading."""
    frames = whole(path)
    with open_source(str(path)) as source:
        assert isinstance(source, Seekable)
        for number in np.random.default_rng(2).permutation(len(frames)):
            right = frames[number]
            source.seek(right.time_s + (right.duration_s or 0) * 0.4)
            seen = next(iter(source))
            assert seen.time_s == pytest.approx(right.time_s)
            assert np.array_equal(seen.image, right.image)


@pytest.mark.parametrize(
    "spec",
    [
        Spec("a.mp4", frames=36, options=KEYS, paint=noisy),
        Spec("a.mkv", frames=36, options=KEYS, paint=noisy),
        Spec("a.avi", "mpeg4", frames=36, options={"g": "12"}, paint=noisy),
        Spec("a.mkv", "libvpx", frames=36, options={"g": "12"}, paint=noisy),
    ],
    ids=lambda spec: f"{spec.name}-{spec.codec}",
)
@pytest.mark.parametrize("damaged", [range(11, 12), range(11, 14), range(12, 13), range(17, 19)], ids=str)
def test_a_seek_behind_damage(tmp_path: Path, spec: Spec, damaged: range) -> None:
    path = write(spec, tmp_path)
    blot(path, damaged, 0.6, begin=0.3)
    require_same_pictures(path)


def test_a_seek_to_a_picture_that_is_cut_short(tmp_path: Path) -> None:
    path = write(Spec("a.mjpeg", "mjpeg", pix="yuvj420p", frames=24, paint=noisy), tmp_path)
    path.write_bytes(path.read_bytes()[:-400])
    require_same_pictures(path)


@pytest.mark.parametrize("overlap", [0, 1])
def test_a_seek_about_a_join_where_size_and_clock_change(tmp_path: Path, overlap: int) -> None:
    first = write(Spec("1.ts", frames=20, options=GOP), tmp_path)
    second = write(Spec("2.ts", frames=20, options=GOP, start=20 - overlap, size=(96, 160)), tmp_path)
    path = tmp_path / "joined.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    require_same_pictures(path)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_seek_beyond_the_ends_shows_the_ends_and_reading_goes_on(tmp_path: Path, suffix: str) -> None:
    path = write(Spec(f"a.{suffix}", frames=30, options=GOP), tmp_path)
    frames = whole(path)
    with open_source(str(path)) as source:
        assert isinstance(source, Seekable)
        assert len(list(source)) == 30
        source.seek(-5)
        assert [frame.time_s for frame in source] == [frame.time_s for frame in frames]
        source.seek(1e6)
        assert [frame.time_s for frame in source] == [frames[-1].time_s]


@pytest.mark.parametrize("spec", FILMS[:14], ids=lambda spec: spec.name)
def test_a_part_begins_and_ends_at_its_times(tmp_path: Path, spec: Spec) -> None:
    path = write(spec, tmp_path)
    frames = whole(path)
    start_s, end_s = frames[20].time_s - 0.001, frames[31].time_s
    with open_source(str(path), start_s=start_s, end_s=end_s) as source:
        part = list(source)
        assert source.notices == ()
    assert [frame.time_s for frame in part] == pytest.approx([frame.time_s for frame in frames[20:31]])
    assert all(np.array_equal(a.image, b.image) for a, b in zip(part, frames[20:], strict=False))
    if spec.name in INDEXED:
        assert [frame.index for frame in part] == list(range(20, 31))


def test_a_seek_behind_a_jump_of_the_clock(tmp_path: Path) -> None:
    first, second = Spec("1.ts", frames=20), Spec("2.ts", frames=20, start=25 * 3600)
    path = tmp_path / "joined.ts"
    path.write_bytes(write(first, tmp_path).read_bytes() + write(second, tmp_path).read_bytes())
    frames = whole(path)
    with open_source(str(path)) as source:
        assert isinstance(source, Seekable)
        list(source)
        source.seek(frames[30].time_s)
        assert [frame.time_s for frame in source] == [frame.time_s for frame in frames[30:]]


def test_a_part_of_an_animated_webp(tmp_path: Path) -> None:
    path = write(Spec("a.webp", "libwebp_anim", "webp", rate=Fraction(10)), tmp_path)
    with open_source(str(path), start_s=0.3, end_s=0.6) as source:
        assert [(frame.index, round(frame.time_s, 3)) for frame in source] == [(3, 0.3), (4, 0.4), (5, 0.5)]


def test_parts_that_cannot_be_are_sentences(tmp_path: Path) -> None:
    path = str(write(Spec("a.mp4"), tmp_path))
    with pytest.raises(InputError, match=r"1 s is not after 2 s"):
        open_source(path, start_s=2, end_s=1)
    with pytest.raises(InputError, match=r"a\.mp4 has its last frame at 0\.44 s; start before it"):
        open_source(path, start_s=100)
    folder = tmp_path / "p"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(InputError, match="is not a film, so it has no start and end"):
        open_source(str(folder / "a.png"), start_s=1)
    with pytest.raises(InputError, match="lasts 2 s and has no picture in the stretch asked for"):
        open_source(str(folder), start_s=2)


@pytest.mark.parametrize(
    "spec",
    [
        Spec("slow.mp4", rate=Fraction(1, 10)),
        Spec("late.mkv", start=750),
        Spec("slow.webp", "libwebp_anim", "webp", rate=Fraction(1, 10)),
    ],
    ids=lambda spec: spec.name,
)
def test_a_part_between_two_frames_is_a_sentence(tmp_path: Path, spec: Spec) -> None:
    path = write(spec, tmp_path)
    next_s = min(frame.time_s for frame in whole(path) if frame.time_s > 1)
    with pytest.raises(InputError, match=rf"{spec.name} has no frame from 1 to 2 s; the next one is at {next_s:.2f} s"):
        open_source(str(path), start_s=1, end_s=2)
    if next_s == 30:
        with pytest.raises(InputError, match="has no frame before 2 s"):
            open_source(str(path), end_s=2)
    with pytest.raises(InputError, match="has its last frame at"):
        open_source(str(path), start_s=1e5)
