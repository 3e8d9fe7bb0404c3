"""Selection of the video stream, and its times."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.packet import Packet
from av.video.frame import VideoFrame

from app.sources import open_source
from models.errors import InputError
from tests.app.sources.zoo import Spec, number_of, painted, plain_decode, write


def read(path: Path) -> tuple[list[int], list[float], tuple[str, ...]]:
    """Numbers, times and notices."""
    with open_source(str(path)) as source:
        frames = list(source)
        return [number_of(frame.image) for frame in frames], [frame.time_s for frame in frames], source.notices


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mov", "ts"])
def test_the_largest_is_the_film_where_none_is_the_default(tmp_path: Path, suffix: str) -> None:
    extra = (((48, 32), 4, ""), ((64, 48), 3, ""))
    numbers, _, notices = read(write(Spec(f"a.{suffix}", extra=extra), tmp_path))
    assert numbers == list(range(12)) and notices == ()


def test_the_default_is_the_film_though_another_is_larger(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        streams = []
        for size, disposition in (((192, 128), av.stream.Disposition(0)), ((96, 64), av.stream.Disposition.default)):
            stream = container.add_stream("mpeg4", rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.disposition = disposition
            streams.append((stream, size))
        for index in range(6):
            for offset, (stream, size) in enumerate(streams):
                frame = VideoFrame.from_ndarray(painted(index + 100 * (1 - offset), size), "rgb24")
                container.mux(stream.encode(frame.reformat(format="yuv420p")))
        for stream, _ in streams:
            container.mux(stream.encode())
    assert read(path)[0] == list(range(6))


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_a_cover_is_never_the_film(tmp_path: Path, suffix: str) -> None:
    cover = cv2.imencode(".jpg", np.full((256, 192, 3), 255, np.uint8))[1].tobytes()
    path = tmp_path / f"a.{suffix}"
    with av.open(str(write(Spec("film.mp4"), tmp_path))) as source, av.open(str(path), "w") as target:
        track = source.streams.video[0]
        if suffix == "mkv":
            target.add_attachment("cover.jpg", "image/jpeg", cover)
        else:
            picture = target.add_stream("mjpeg", rate=25)
            picture.width, picture.height, picture.pix_fmt = 192, 256, "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
        copy = target.add_stream_from_template(track)
        if suffix != "mkv":
            still = Packet(cover)
            still.stream, still.pts, still.dts, still.time_base = picture, 0, 0, Fraction(1, 25)
            still.is_keyframe = True
            target.mux(still)
        for packet in source.demux(track):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    with av.open(str(path)) as container:
        assert len(container.streams) == 2
    assert read(path)[0] == list(range(12))


@pytest.mark.parametrize("size", [(48, 32), (192, 128)])
def test_a_single_picture_is_never_the_film(tmp_path: Path, size: tuple[int, int]) -> None:
    assert read(write(Spec("a.mp4", extra=((size, 1, ""),)), tmp_path))[0] == list(range(12))


@pytest.mark.parametrize("suffix", ["m4a", "mka", "wav", "mp3", "ogg"])
def test_sound_alone_is_told_so(tmp_path: Path, suffix: str) -> None:
    codec = {"wav": "pcm_s16le", "mp3": "libmp3lame", "ogg": "libopus"}.get(suffix, "aac")
    path = tmp_path / f"song.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 48000), np.int16), "s16", "stereo")
        frame.sample_rate, frame.pts = 48000, 0
        resampler = av.AudioResampler(stream.codec_context.format or "s16", "stereo", 48000, frame_size=960)
        for piece in resampler.resample(frame):
            container.mux(stream.encode(piece))
        container.mux(stream.encode())
    with pytest.raises(InputError, match=rf"song\.{suffix} holds sound but no moving picture"):
        open_source(str(path))


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts"])
def test_thousands_of_other_packets_between_two_pictures(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"still.{suffix}"
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        video.codec_context.time_base = Fraction(1, 25)
        tracks = [container.add_stream("mp2", rate=48000) for _ in range(3)]
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 2304), np.int16), "s16", "stereo")
        silence.sample_rate, silence.time_base = 48000, Fraction(1, 48000)
        written = 0
        for index, second in enumerate((0, 38, 39)):
            while written < second * 48000:
                for track in tracks:
                    silence.pts = written
                    container.mux(track.encode(silence))
                written += 1152
            frame = VideoFrame.from_ndarray(painted(index), "rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = second * 25, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    with open_source(str(path)) as source:
        frames = list(source)
        assert source.damage.frames == 0
    assert [number_of(frame.image) for frame in frames] == [0, 1, 2]
    if suffix != "ts":  # where a long step is a gap rather than a jump of the clock
        assert np.diff([frame.time_s for frame in frames]) == pytest.approx([38, 1], abs=0.01)


def test_what_an_edit_list_hides_is_not_shown_and_not_missing(tmp_path: Path) -> None:
    path = write(Spec("long.mp4", frames=40, options={"g": "40", "bf": "2"}), tmp_path)
    cut = tmp_path / "cut.mp4"
    with av.open(str(path)) as source, av.open(str(cut), "w", options={"avoid_negative_ts": "disabled"}) as target:
        track = source.streams.video[0]
        copy = target.add_stream_from_template(track)
        shift = round(Fraction(15, 25) / track.time_base)
        for packet in source.demux(track):
            if packet.dts is not None:
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = copy
                target.mux(packet)
    with open_source(str(cut)) as film:
        frames = list(film)
        assert film.info.frame_count == len(frames)
        assert (film.damage.frames, film.notices) == (0, ())
    plain = plain_decode(cut)
    assert [number_of(frame.image) for frame in frames] == list(range(15, 40)) == [number_of(p.image) for p in plain]
    assert frames[0].time_s == pytest.approx(0)


def joined(tmp_path: Path, form: str, codec: str, starts: tuple[int, ...]) -> Path:
    """Films of twelve frames joined together, as after cutting and joining files."""
    path = tmp_path / f"joined.{form}"
    parts = [write(Spec(f"{start}.{form}", codec, start=start), tmp_path).read_bytes() for start in starts]
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize(("form", "codec"), [("ts", "libx264"), ("mpg", "mpeg2video"), ("m2t", "mpeg2video")])
@pytest.mark.parametrize("starts", [(0, 25 * 3600), (25 * 3600, 0), (0, 25 * 60, 25 * 7200)], ids=str)
def test_a_jump_of_the_clock_is_closed_and_told(tmp_path: Path, form: str, codec: str, starts: tuple[int, ...]) -> None:
    numbers, times_s, notices = read(joined(tmp_path, "ts" if form == "m2t" else form, codec, starts))
    assert numbers == list(range(12)) * len(starts)
    assert np.diff(times_s) == pytest.approx([1 / 25] * (len(times_s) - 1), abs=0.05)
    assert len(notices) == len(starts) - 1 and "jumps at" in notices[0]


def test_a_small_step_of_the_clock_is_none(tmp_path: Path) -> None:
    _, times_s, notices = read(joined(tmp_path, "ts", "libx264", (0, 12 + 25 * 5)))
    assert notices == () and max(np.diff(times_s)) == pytest.approx(5.04, abs=0.1)


def test_times_rise_where_the_container_repeats_them(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    stamps = (0, 40, 40, 80, 80, 80, 120, 160)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuvj420p"
        stream.time_base = Fraction(1, 1000)
        for index, stamp in enumerate(stamps):
            frame = VideoFrame.from_ndarray(painted(index), "rgb24").reformat(format="yuvj420p")
            for encoded in stream.encode(frame):
                packet = Packet(bytes(encoded))
                packet.stream, packet.time_base = stream, Fraction(1, 1000)
                packet.pts = packet.dts = stamp
                packet.is_keyframe = True
                container.mux(packet)
    numbers, times_s, _ = read(path)
    assert numbers == list(range(8))
    assert all(np.diff(times_s) > 0) and times_s[-1] == pytest.approx(0.16)
