"""Frames by time, on synthetic films: the same as by sequential reading, forwards and backwards."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.types import Frame
from app.player.decoding import Decoder
from app.sources.open import open_source

Make = Callable[[Path], None]


def encode(path: Path, size: tuple[int, int], stamps: list[int], *, first: int = 0, codec: str = "mpeg4") -> None:
    """A film whose frames differ in gray level; timestamps in 25ths of a second."""
    options = {"bf": "2", "g": "12"} if codec == "mpeg4" else {"g": "12"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number, stamp in enumerate(stamps):
            level = 20 + (number * 37 + first) % 200
            frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), level, np.uint8), "bgr24")
            frame.pts = stamp
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def steady(path: Path) -> None:
    encode(path, (160, 120), list(range(60)))


def uneven(path: Path) -> None:
    encode(path, (160, 120), [number * 2 + number % 2 for number in range(40)])


def two_sizes(path: Path) -> None:
    """A stream whose frame size changes in the middle, as in broadcasts."""
    parts = path.with_name("first.ts"), path.with_name("second.ts")
    encode(parts[0], (320, 240), list(range(30)), codec="mpeg2video")
    encode(parts[1], (160, 120), list(range(30, 60)), first=90, codec="mpeg2video")
    path.write_bytes(parts[0].read_bytes() + parts[1].read_bytes())


KINDS: dict[str, Make] = {"a.mp4": steady, "b.mkv": uneven, "c.ts": steady, "d.avi": steady, "e.ts": two_sizes}


@pytest.fixture(scope="module", params=KINDS)
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / request.param
    KINDS[request.param](path)
    return path


def everything(path: Path) -> list[Frame]:
    with open_source(str(path)) as source:
        return list(source)


def opened(path: Path) -> Decoder:
    return Decoder(open_source(str(path)), partial(open_source, str(path)))


def same(found: Frame | None, wanted: Frame) -> bool:
    return found is not None and np.array_equal(found.image, wanted.image) and abs(found.time_s - wanted.time_s) < 1e-3


def test_any_moment_shows_what_reading_up_to_it_shows(film: Path) -> None:
    frames = everything(film)
    for fresh in (True, False):
        decoder = opened(film)
        for at_s in np.random.default_rng(7).uniform(0, frames[-1].time_s + 0.3, 12):
            wanted = next((frame for frame in reversed(frames) if frame.time_s <= at_s), frames[0])
            assert same(decoder.at(float(at_s)), wanted), (at_s, wanted.time_s)
            if fresh:
                decoder.close()
                decoder = opened(film)
        decoder.close()


def test_stepping_goes_through_every_frame_both_ways(film: Path) -> None:
    frames = everything(film)
    decoder = opened(film)
    decoder._kept_bytes = 0  # only the last eight are kept, so that most frames must be sought again
    frame = decoder.at(frames[-1].time_s + 0.01)
    for wanted in reversed(frames):
        assert same(frame, wanted)
        last, frame = frame, decoder.previous(frame)
    assert frame is None
    frame = last
    for wanted in frames:
        assert same(frame, wanted)
        frame = decoder.next(frame)
    assert frame is None
    decoder.close()


def test_a_glance_is_at_or_before_the_moment(film: Path) -> None:
    frames = everything(film)
    decoder = opened(film)
    for at_s in (frames[-1].time_s, frames[len(frames) // 2].time_s + 0.01):
        glance = decoder.glance(at_s)
        assert glance is not None
        assert glance.time_s <= at_s + 1e-3
        assert any(same(glance, frame) for frame in frames)
        assert same(decoder.at(at_s), next(frame for frame in reversed(frames) if frame.time_s <= at_s))
    decoder.close()
