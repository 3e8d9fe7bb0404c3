"""The contract of every kind of source."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.stages import FrameSource
from app.sources import demo_path, open_source

RECORDED = ("video", "picture", "folder", "demo")
LIVE = ("camera", "stream")


@pytest.fixture(params=RECORDED + LIVE)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(kind: str, tmp_path: Path, make_clip, fake_capture, mjpeg_address) -> Callable[[], FrameSource]:
    """A function that opens a new source of the kind."""

    def picture(name: str) -> Path:
        path = tmp_path / name
        cv2.imwrite(str(path), np.full((40, 60, 3), 90, np.uint8))
        return path

    def open_kind() -> FrameSource:
        if kind == "video":
            return open_source(str(make_clip(tmp_path / "clip.mp4")))
        if kind == "picture":
            return open_source(str(picture("face.png")))
        if kind == "folder":
            for name in ("a.png", "b.jpg", "c.bmp"):
                picture(name)
            return open_source(str(tmp_path))
        if kind == "demo":
            if not demo_path().is_file():
                pytest.skip("the demo clip is not built yet: python -m training demo")
            return open_source("demo")
        if kind == "camera":
            fake_capture()
            return open_source("0")
        return open_source(mjpeg_address())

    return open_kind


def test_frames_are_in_order_and_well_formed(opened: Callable[[], FrameSource]) -> None:
    with opened() as source:
        frames = list(itertools.islice(source, 5))
        info = source.info
    assert frames
    assert info.name
    for frame in frames:
        assert frame.image.dtype == np.uint8 and frame.image.shape[2] == 3
    assert (info.height, info.width) == frames[0].image.shape[:2]
    for before, after in itertools.pairwise(frames):
        assert after.index > before.index
        assert after.time_s >= before.time_s
    assert info.fps is None or info.fps > 0


def test_live_is_said_and_only_live_drops(kind: str, opened: Callable[[], FrameSource]) -> None:
    with opened() as source:
        assert source.info.live is (kind in LIVE)
        frames = list(itertools.islice(source, 3))
        if kind in LIVE:
            assert source.info.frame_count is None
            assert source.dropped >= frames[-1].index + 1 - len(frames)
        else:
            assert source.dropped == 0
            assert frames[0].index == 0


def test_recorded_delivers_every_frame_once(kind: str, opened: Callable[[], FrameSource]) -> None:
    with opened() as source:
        if kind in LIVE:
            assert source.info.live
            return
        frames = list(source)
        assert [frame.index for frame in frames] == list(range(len(frames)))
        assert source.info.frame_count == len(frames)


def test_close_may_be_called_twice_and_ends_an_iteration(opened: Callable[[], FrameSource]) -> None:
    source = opened()
    iterator = iter(source)
    next(iterator)
    source.close()
    source.close()
    assert list(iterator) == []


def test_close_from_another_thread_ends_the_iteration(opened: Callable[[], FrameSource]) -> None:
    source = opened()
    started = threading.Event()

    def consume() -> None:
        for _ in source:
            started.set()

    thread = threading.Thread(target=consume, daemon=True)
    thread.start()
    assert started.wait(20)
    source.close()
    thread.join(20)
    assert not thread.is_alive()


def test_frames_do_not_share_memory(opened: Callable[[], FrameSource]) -> None:
    with opened() as source:
        frames = list(itertools.islice(source, 3))
    assert len(frames) > 1 or frames[0].still
    for before, after in itertools.pairwise(frames):
        assert not np.shares_memory(before.image, after.image)
