"""Damage is reported correctly: skipped and counted, or reported as a file that breaks off."""

import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.sources import open_source
from app.sources.container import GuardedFile
from tests.app.sources.zoo import Spec, number_of, painted, plain_decode, write


def noisy(index: int, size: tuple[int, int]) -> np.ndarray:
    """A frame that needs many bytes and encodes its number."""
    noise = np.random.default_rng(index).integers(-40, 40, (size[1], size[0], 1))
    return np.clip(painted(index, size) + noise, 0, 255).astype(np.uint8)


def positions(path: Path) -> list[tuple[int, int]]:
    """Byte position and size of the film's packets."""
    with av.open(str(path)) as container:
        return [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]


def blot(path: Path, packets: range, share: float = 1.0, begin: float = 0.0) -> None:
    """Overwrite `share` of the bytes of some of a film's packets with zeros, from the fraction `begin` of each on."""
    data = bytearray(path.read_bytes())
    for pos, size in positions(path)[packets.start : packets.stop]:
        length = int(size * share)
        start = pos + int(size * begin)
        data[start : start + length] = bytes(length)
    path.write_bytes(data)


HOLED = (
    ("a.mp4", "libx264", "yuv420p"),
    ("a.mkv", "libx264", "yuv420p"),
    ("a.mov", "mjpeg", "yuvj420p"),
    ("a.mp4", "mpeg4", "yuv420p"),
    ("a.mkv", "libx265", "yuv420p"),
    ("a.webm", "libvpx-vp9", "yuv420p"),
)


@pytest.mark.parametrize(("name", "codec", "pix"), HOLED)
@pytest.mark.parametrize("where", ["middle", "end"])
def test_a_hole_is_passed_over_and_counted(tmp_path: Path, drain, name: str, codec: str, pix: str, where: str) -> None:
    options = {"x265-params": "log-level=none:keyint=10"} if codec == "libx265" else {"g": "10"}
    path = write(Spec(name, codec, frames=40, pix=pix, options=options, paint=noisy), tmp_path)
    blot(path, range(20, 23) if where == "middle" else range(37, 39))
    plain = plain_decode(path)
    with open_source(str(path)) as source:
        frames, sentence = drain(source)
        damage, notices = source.damage, source.notices
    assert sentence == ""
    assert [frame.time_s for frame in frames] == pytest.approx([raw.time_s for raw in plain])
    assert damage.frames == 40 - len(frames) == len(damage.at_s)
    times_s = {round(frame.time_s, 3) for frame in frames} | {round(at_s, 3) for at_s in damage.at_s}
    assert times_s == {round(index / 25, 3) for index in range(40)}
    assert len(notices) == (1 if damage.frames else 0)
    for frame, raw in zip(frames, plain, strict=True):
        assert np.array_equal(frame.image, raw.image)


def test_the_sentence_says_what_and_where(tmp_path: Path) -> None:
    path = write(Spec("a.mov", "mjpeg", frames=12, pix="yuvj420p", paint=noisy), tmp_path)
    blot(path, range(5, 6))
    with open_source(str(path)) as source:
        assert len(list(source)) == 11
        assert source.damage.at_s == pytest.approx((0.2,))
        assert source.notices == (f"{path} is damaged: 1 frame at 0.20 s could not be decoded.",)
    blot(path, range(7, 8))
    with open_source(str(path)) as source:
        list(source)
        assert source.notices == (f"{path} is damaged: 2 frames between 0.20 and 0.28 s could not be decoded.",)


def test_damage_after_long_is_gone_over_from_nearby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sources.reader._REDO_PICTURES", 20)
    monkeypatch.setattr("app.sources.reader._REDO_S", 1.0)
    path = write(Spec("a.mp4", frames=100, options={"g": "10"}, paint=noisy), tmp_path)
    blot(path, range(71, 73))
    plain = plain_decode(path)
    with open_source(str(path)) as source:
        frames = list(source)
        assert source.damage.frames == 100 - len(frames)
    assert [frame.time_s for frame in frames] == pytest.approx([raw.time_s for raw in plain])
    assert [frame.index for frame in frames] == list(range(len(frames)))


def test_an_overstated_count_is_no_alarm(tmp_path: Path, drain) -> None:
    path = write(Spec("a.avi", "mpeg4", frames=12), tmp_path)
    data = bytearray(path.read_bytes())
    for header in (data.index(b"avih") + 8 + 16, data.index(b"strh") + 8 + 32):
        data[header : header + 4] = (5000).to_bytes(4, "little")
    path.write_bytes(data)
    with open_source(str(path)) as source:
        frames, sentence = drain(source)
    assert (len(frames), sentence, source.notices) == (12, "", ())


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mov", "avi"])
def test_sound_that_outlasts_the_picture_is_no_break(tmp_path: Path, drain, suffix: str) -> None:
    path = write(Spec(f"a.{suffix}", "mpeg4", sound=(0, 4)), tmp_path)
    with open_source(str(path)) as source:
        frames, sentence = drain(source)
    assert (len(frames), sentence, source.notices) == (12, "", ())


def test_empty_packets_do_not_end_a_film(tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    with av.open(str(write(Spec("b.avi", "mpeg4"), tmp_path))) as source, av.open(str(path), "w") as target:
        track = source.streams.video[0]
        copy = target.add_stream_from_template(track)
        copy.time_base = Fraction(1, 25)
        for packet in source.demux(track):
            if packet.dts is None:
                continue
            stamp = packet.dts if packet.dts < 6 else packet.dts + 8  # the muxer fills the gap with empty packets
            packet.stream, packet.pts, packet.dts, packet.time_base = copy, stamp, stamp, Fraction(1, 25)
            target.mux(packet)
    with open_source(str(path)) as source:
        assert [number_of(frame.image) for frame in source] == list(range(12))
        assert source.notices == ()


def test_a_film_ends_where_asked_without_a_word(tmp_path: Path, drain) -> None:
    path = write(Spec("a.mp4", frames=40, mux={"movflags": "faststart"}, paint=noisy), tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    with open_source(str(path), end_s=0.4) as source:
        frames, sentence = drain(source)
    assert ([frame.index for frame in frames], sentence) == (list(range(10)), "")


def test_a_file_in_which_a_demuxer_goes_round_in_circles_ends(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(1 << 20))
    with path.open("rb") as opened:
        file = GuardedFile(opened, 1 << 20, threading.Event())
        rounds = 0
        while file.read(1 << 20):
            file.seek(0)
            rounds += 1
            if rounds == 50:
                file.found_something()
        assert 100 < rounds < 150


def test_a_closed_file_is_at_its_end(tmp_path: Path) -> None:
    path, closed = tmp_path / "a", threading.Event()
    path.write_bytes(bytes(99))
    with path.open("rb") as opened:
        file = GuardedFile(opened, 99, closed)
        assert file.read(9)
        closed.set()
        assert not file.read(9)


@pytest.mark.parametrize("cut", [0.45, 0.6, 0.75, 0.9, 0.99])
def test_a_lost_tail_of_a_nut_file_is_told(tmp_path: Path, drain, cut: float) -> None:
    """NUT stores no sizes but ends with an index; in a truncated file the supposed index may lie outside it."""
    path = write(Spec("a.nut", frames=120), tmp_path)
    data = path.read_bytes()
    with open_source(str(path)) as source:
        whole = [frame.image for frame in source]
    assert len(whole) == 120
    path.write_bytes(data[: int(cut * len(data))])
    with open_source(str(path)) as source:
        frames, sentence = drain(source)
    assert len(frames) > cut * 70
    assert all(np.array_equal(frame.image, whole[frame.index]) for frame in frames[:-2])
    assert f"breaks off after {len(frames)} frames" in sentence
