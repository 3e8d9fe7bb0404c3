from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.types import Frame, FrameResult, SourceInfo
from app.sinks.video import VideoSink, fit, video_size
from models.errors import InputError

Results = Callable[..., FrameResult]


def info(size: tuple[int, int] = (64, 48), *, frames: int | None = None, live: bool = False) -> SourceInfo:
    return SourceInfo("x", size[0], size[1], 25.0, frames, live)


def write(sink: VideoSink, source: SourceInfo, results: list[FrameResult]) -> None:
    sink.open(source, ())
    for result in results:
        sink.write(result)
    sink.close()
    sink.close()


def times(path: Path, kind: str = "video") -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.pts * frame.time_base) for frame in container.decode(**{kind: 0})]


def sounding(path: Path, codec: str, *, seconds: int = 2, rate: int = 48_000) -> Path:
    """A film of 25 pictures a second with a tone."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4" if path.suffix == ".avi" else "libx264", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        tone = container.add_stream(codec, rate=rate, layout="mono")
        count = rate // 25
        for i in range(25 * seconds):
            image = av.VideoFrame.from_ndarray(np.full((48, 64, 3), i, np.uint8), format="bgr24")
            image.pts, image.time_base = i, Fraction(1, 25)
            container.mux(pictures.encode(image))
            wave = np.sin(np.arange(i * count, (i + 1) * count) * 0.06) * 8000
            sound = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None], format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = rate, i * count, Fraction(1, rate)
            container.mux(tone.encode(sound))
        container.mux(pictures.encode(None))
        container.mux(tone.encode(None))
    return path


def test_h264_in_colours_that_every_player_knows(tmp_path: Path, result: Results) -> None:
    path = tmp_path / "a.mp4"
    write(VideoSink(path), info(), [result(i, i / 25, ((5, 5, 20, 20),)) for i in range(5)])
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 64, 48)
        assert not container.streams.audio


def test_times_are_kept(tmp_path: Path, result: Results) -> None:
    shown = [0.0, 0.04, 0.5, 0.52, 2.0]
    write(VideoSink(tmp_path / "a.mp4"), info(), [result(i, time_s) for i, time_s in enumerate(shown)])
    assert times(tmp_path / "a.mp4") == pytest.approx(shown, abs=1e-4)


def test_a_live_source_begins_at_zero_and_time_never_stands_still(tmp_path: Path, result: Results) -> None:
    results = [result(i, time_s) for i, time_s in enumerate([5.0, 5.1, 5.1, 5.05, 6.0])]
    write(VideoSink(tmp_path / "a.mp4"), info(live=True), results)
    shown = times(tmp_path / "a.mp4")
    assert (shown[0], shown[-1]) == (0, pytest.approx(1))
    assert all(now < then for now, then in pairwise(shown))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1, 1), (16, 16)), ((16000, 2), (4096, 16)), ((2, 3000), (16, 3000)), ((641, 481), (642, 482))],
)
def test_any_size(tmp_path: Path, result: Results, size: tuple[int, int], expected: tuple[int, int]) -> None:
    path = tmp_path / "a.mp4"
    write(VideoSink(path), info(size), [result(i, i / 25, ((0, 0, 5, 5),), size=size) for i in range(2)])
    with av.open(str(path)) as container:
        assert [(frame.width, frame.height) for frame in container.decode(video=0)] == [expected] * 2
    assert video_size(*size) == expected


def test_pictures_of_other_sizes_are_fitted_into_the_first() -> None:
    wide = fit(np.full((50, 200, 3), 255, np.uint8), (100, 100))
    assert wide.shape == (100, 100, 3)
    assert (wide[40:60] > 250).all()
    assert not wide[:37].any()
    assert not wide[63:].any()
    same = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    assert (fit(same, (64, 48)) == same).all()
    assert (fit(same[:47, :63], (64, 48))[:47, :63] == same[:47, :63]).all()


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "aac"), ("a.avi", "pcm_s16le"), ("a.mkv", "libopus")])
def test_sound_goes_along(tmp_path: Path, name: str, codec: str) -> None:
    film = sounding(tmp_path / name, codec)
    told: list[str] = []
    sink = VideoSink(tmp_path / "out.mp4", film, told.append)
    images = [Frame(i, i / 25, np.zeros((48, 64, 3), np.uint8)) for i in range(50)]
    write(sink, info(frames=50), [FrameResult(image, (), (), {}) for image in images])
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        loud = [abs(frame.to_ndarray()).max() for frame in container.decode(audio=0)]
    assert max(loud) > 0.1
    shown = times(tmp_path / "out.mp4", "audio")
    assert shown[0] == pytest.approx(0, abs=0.05)
    assert shown[-1] == pytest.approx(2, abs=0.1)
    assert told == []


@pytest.mark.parametrize("rate", [5_000, 192_000])
def test_sound_of_a_rate_that_aac_lacks_is_resampled(tmp_path: Path, rate: int) -> None:
    film = sounding(tmp_path / "a.avi", "pcm_s16le", seconds=1, rate=rate)
    told: list[str] = []
    images = [Frame(i, i / 25, np.zeros((48, 64, 3), np.uint8)) for i in range(25)]
    sink = VideoSink(tmp_path / "out.mp4", film, told.append)
    write(sink, info(frames=25), [FrameResult(image, (), (), {}) for image in images])
    assert times(tmp_path / "out.mp4", "audio")[-1] == pytest.approx(1, abs=0.1)
    assert told == []


def test_a_film_whose_name_has_a_colon_keeps_its_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Results
) -> None:
    monkeypatch.chdir(tmp_path)
    film = sounding(tmp_path / "a.mkv", "aac", seconds=1).rename("12:30.mkv")
    write(VideoSink(tmp_path / "out.mp4", film), info(), [result(i, i / 25) for i in range(10)])
    assert times(tmp_path / "out.mp4", "audio")


def test_sound_ends_with_the_pictures_of_an_interrupted_run(tmp_path: Path) -> None:
    film = sounding(tmp_path / "a.mkv", "aac")
    images = [Frame(i, i / 25, np.zeros((48, 64, 3), np.uint8)) for i in range(10)]
    write(VideoSink(tmp_path / "out.mp4", film), info(frames=50), [FrameResult(image, (), (), {}) for image in images])
    assert times(tmp_path / "out.mp4", "audio")[-1] == pytest.approx(0.4, abs=0.06)


def test_a_source_without_sound_or_that_only_opencv_reads(tmp_path: Path, result: Results) -> None:
    (tmp_path / "b.txt").write_text("no film")
    write(VideoSink(tmp_path / "a.mp4", tmp_path / "b.txt"), info(), [result()])
    assert len(times(tmp_path / "a.mp4")) == 1


def test_a_missing_folder_is_told_and_no_frames_make_no_file(tmp_path: Path, result: Results) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write(VideoSink(tmp_path / "none" / "a.mp4"), info(), [result()])
    write(VideoSink(tmp_path / "a.mp4"), info(), [])
    assert list(tmp_path.iterdir()) == []
