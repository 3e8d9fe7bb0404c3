from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.types import Frame, FrameResult, SourceInfo
from app.sinks.video import VideoSink, letterboxed, video_size
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
    wide = letterboxed(np.full((50, 200, 3), 255, np.uint8), (100, 100))
    assert wide.shape == (100, 100, 3)
    assert (wide[40:60] > 250).all()
    assert not wide[:37].any()
    assert not wide[63:].any()
    same = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    assert (letterboxed(same, (64, 48)) == same).all()
    assert (letterboxed(same[:47, :63], (64, 48))[:47, :63] == same[:47, :63]).all()


def test_a_missing_folder_is_told_and_no_frames_make_no_file(tmp_path: Path, result: Results) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write(VideoSink(tmp_path / "none" / "a.mp4"), info(), [result()])
    write(VideoSink(tmp_path / "a.mp4"), info(), [])
    assert list(tmp_path.iterdir()) == []


def test_a_late_start_is_kept_and_the_last_picture_lasts(tmp_path: Path, result: Results) -> None:
    late = [replace(one, frame=replace(one.frame, duration_s=0.5)) for one in (result(0, 0.7), result(1, 1.2))]
    write(VideoSink(tmp_path / "a.mp4"), info(), late)
    assert times(tmp_path / "a.mp4") == pytest.approx([0.7, 1.2], abs=1e-4)
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.start_time + container.duration == pytest.approx(1.7 * av.time_base, abs=2000)


def test_pictures_that_stand_alone_are_shown_for_two_seconds(tmp_path: Path, result: Results) -> None:
    still = replace(result(), frame=replace(result().frame, still=True))
    write(VideoSink(tmp_path / "a.mp4"), info(), [still])
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.duration == pytest.approx(2 * av.time_base, abs=2000)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=40))
def test_any_times_are_kept(gaps_us: list[int]) -> None:
    shown_s = list(accumulate(gap / 1e6 for gap in gaps_us))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        image = np.zeros((16, 16, 3), np.uint8)
        write(
            VideoSink(path),
            info((16, 16)),
            [FrameResult(Frame(i, time_s, image), (), (), {}) for i, time_s in enumerate(shown_s)],
        )
        assert len(times(path)) == len(shown_s)
        assert times(path) == pytest.approx(shown_s, abs=len(shown_s) * 2e-5)


def test_what_is_read_before_the_end_can_be_played(tmp_path: Path) -> None:
    """As after a crash: the first fragments of a file that was not closed."""
    noise = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    sink = VideoSink(tmp_path / "a.mp4")
    sink.open(info(), ())
    for i in range(200):
        sink.write(FrameResult(Frame(i, i / 25, np.roll(noise, i, axis=1)), (), (), {}))
    (tmp_path / "crash.mp4").write_bytes((tmp_path / "a.mp4").read_bytes())
    sink.close()
    assert 50 < len(times(tmp_path / "crash.mp4")) < 200
    assert len(times(tmp_path / "a.mp4")) == 200
