"""Films that flash and beep once a second: flashes and beeps stay in sync in the annotated video."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.core.types import Frame, FrameResult, SourceInfo
from app.sinks.video import VideoSink, VideoStretch
from app.sources.counted import CountedSource
from app.sources.open import open_source

FPS = 25
TOLERANCE_S = 0.04
Span = tuple[float, float]


def film(
    path: Path,
    codec: str,
    *,
    picture_s: Span = (0.0, 3.0),
    sounds_s: tuple[Span, ...] = ((0.0, 3.0),),
    rate: int = 48_000,
    layout: str = "mono",
    tracks: int = 1,
    offset_s: float = 0.0,
) -> Path:
    """Write a film with picture and sound in these time spans; all timestamps are shifted by `offset_s`."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=FPS)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        pictures.gop_size = 5
        tones = [container.add_stream(codec, rate=rate, layout=layout) for _ in range(tracks)]
        for i in range(round(picture_s[0] * FPS), round(picture_s[1] * FPS)):
            level = 255 if i % FPS == 0 else 40
            image = av.VideoFrame.from_ndarray(np.full((48, 64, 3), level, np.uint8), format="bgr24")
            image.pts, image.time_base = i + round(offset_s * FPS), Fraction(1, FPS)
            container.mux(pictures.encode(image))
        for tone in tones:
            for start_s, end_s in sounds_s:
                for at in range(round(start_s * rate), round(end_s * rate), rate // 50):
                    container.mux(tone.encode(beep(at, rate // 50, rate, layout, offset_s)))
            container.mux(tone.encode(None))
        container.mux(pictures.encode(None))
    return path


def beep(at: int, count: int, rate: int, layout: str, offset_s: float) -> av.AudioFrame:
    steps = np.arange(at, at + count)
    wave = np.where(steps % rate < rate // 10, np.sin(steps * 2 * np.pi * 800 / rate) * 12_000, 0).astype(np.int16)
    channels = av.AudioLayout(layout).nb_channels
    sound = av.AudioFrame.from_ndarray(np.repeat(wave, channels)[None], format="s16", layout=layout)
    sound.sample_rate, sound.pts, sound.time_base = rate, at + round(offset_s * rate), Fraction(1, rate)
    return sound


def paint(source: Path, target: Path, *, start_s: float | None = None, end_s: float | None = None) -> list[str]:
    """Write the annotated video as `analyze` does; returns the messages."""
    with av.open(str(source.absolute())) as container:
        frames = [
            Frame(i, float(frame.pts * frame.time_base), frame.to_ndarray(format="bgr24"), duration_s=1 / FPS)
            for i, frame in enumerate(container.decode(video=0))
        ]
    frames = [frame for frame in frames if (start_s or 0) <= frame.time_s < (end_s or 1e9)]
    messages: list[str] = []
    sink = VideoSink(target, VideoStretch(source, start_s, end_s, lambda n: n == len(frames)), messages.append)
    write(sink, frames)
    return messages


def write(sink: VideoSink, frames: Iterable[Frame]) -> None:
    sink.open(SourceInfo("x", 64, 48, FPS, None, False), ())
    for frame in frames:
        sink.write(FrameResult(frame, (), (), {}))
    sink.close()


def flashes(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [
            float(frame.pts * frame.time_base)
            for frame in container.decode(video=0)
            if frame.to_ndarray(format="gray")[24].mean() > 150
        ]


def loudness(path: Path, track: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Times and levels of the samples in a track's first channel."""
    times, levels = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=track):
            samples = np.abs(frame.to_ndarray().astype(float))[0]
            times.append(float(frame.pts * frame.time_base) + np.arange(len(samples)) / frame.sample_rate)
            levels.append(samples)
    return np.concatenate(times), np.concatenate(levels)


def beeps(path: Path, track: int = 0) -> list[float]:
    times, levels = loudness(path, track)
    loud = times[levels > 0.15 * levels.max()]
    return [float(loud[0]), *(float(at) for at, gap in zip(loud[1:], np.diff(loud), strict=True) if gap > 0.5)]


def together(path: Path, count: int, *, track: int = 0) -> None:
    """Assert that the last flashes and beeps are at the same times."""
    seen, heard = flashes(path)[-count:], beeps(path, track)[-count:]
    assert len(seen) == len(heard) == count
    assert seen == pytest.approx(heard, abs=TOLERANCE_S)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mkv", "aac"), ("a.avi", "pcm_s16le"), ("a.mkv", "libopus"), ("a.ts", "aac"), ("a.mkv", "mp3")],
)
def test_sound_goes_along(tmp_path: Path, name: str, codec: str) -> None:
    assert paint(film(tmp_path / name, codec), tmp_path / "out.mp4") == []
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.audio[0].codec_context.name in ("aac", "mp3float", "mp3")
    together(tmp_path / "out.mp4", 3)


@pytest.mark.parametrize(
    ("rate", "layout"), [(5_000, "mono"), (8_000, "stereo"), (44_100, "5.1"), (96_000, "mono"), (192_000, "stereo")]
)
def test_any_rate_and_layout(tmp_path: Path, rate: int, layout: str) -> None:
    source = film(tmp_path / "a.mkv", "pcm_s16le", rate=rate, layout=layout)
    assert paint(source, tmp_path / "out.mp4") == []
    with av.open(str(tmp_path / "out.mp4")) as container:
        track = container.streams.audio[0].codec_context
        assert track.sample_rate == (rate if rate in (8_000, 44_100, 96_000) else 48_000)
        assert track.layout.nb_channels == av.AudioLayout(layout).nb_channels
    together(tmp_path / "out.mp4", 3)


def test_mp3_of_a_rate_that_an_mp4_refuses_is_encoded_anew(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mkv", "mp3", rate=8_000)
    assert paint(source, tmp_path / "out.mp4") == []
    assert beeps(tmp_path / "out.mp4") == pytest.approx(beeps(source), abs=TOLERANCE_S)


@pytest.mark.parametrize("codec", ["aac", "libopus"])
@pytest.mark.parametrize(
    ("picture_s", "sound_s"),
    [
        ((0.0, 2.0), (0.0, 4.0)),  # sound outlasts the picture
        ((0.72, 3.0), (0.0, 3.0)),  # starts before it
        ((0.0, 4.0), (1.0, 3.0)),  # is shorter
    ],
)
def test_sound_and_picture_have_their_own_spans(tmp_path: Path, codec: str, picture_s: Span, sound_s: Span) -> None:
    source = film(tmp_path / "a.mkv", codec, picture_s=picture_s, sounds_s=(sound_s,))
    assert paint(source, tmp_path / "out.mp4") == []
    times, _ = loudness(tmp_path / "out.mp4")
    assert times[0] < sound_s[0] + TOLERANCE_S  # or silence before it
    assert times[-1] == pytest.approx(sound_s[1], abs=2 * TOLERANCE_S)
    seen = flashes(tmp_path / "out.mp4")
    assert seen == pytest.approx(flashes(source), abs=TOLERANCE_S)
    assert beeps(tmp_path / "out.mp4") == pytest.approx(beeps(source), abs=TOLERANCE_S)


@pytest.mark.parametrize(("sound_s", "start_s"), [((7.0, 10.0), None), ((0.0, 2.0), 4.0)])
def test_sound_that_is_not_there_yet_holds_nothing_up(tmp_path: Path, sound_s: Span, start_s: float | None) -> None:
    source = film(tmp_path / "a.mkv", "aac", picture_s=(0.0, 10.0), sounds_s=(sound_s,))
    out = tmp_path / "out.mp4"
    sizes: list[int] = []

    def frames() -> Iterator[Frame]:
        with open_source(str(source), **({} if start_s is None else {"start_s": start_s})) as opened:
            for frame in opened:
                yield frame
                sizes.append(out.stat().st_size if out.exists() else 0)

    write(VideoSink(out, VideoStretch(source, start_s, is_all=lambda _: True)), frames())
    assert sizes[140] > 1000  # while it is being written
    if start_s is None:
        together(out, 3)


@pytest.mark.parametrize("codec", ["aac", "flac"])
def test_a_gap_in_the_sound_moves_nothing(tmp_path: Path, codec: str) -> None:
    source = film(tmp_path / "a.mkv", codec, picture_s=(0.0, 6.0), sounds_s=((0.0, 1.5), (3.5, 6.0)))
    paint(source, tmp_path / "out.mp4")
    together(tmp_path / "out.mp4", 2)


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "aac"), ("a.mkv", "libopus"), ("a.ts", "aac")])
def test_a_stretch_has_the_sound_of_that_stretch(tmp_path: Path, name: str, codec: str) -> None:
    source = film(tmp_path / name, codec, picture_s=(0.0, 6.0), sounds_s=((0.0, 6.0),))
    first_s = flashes(source)[0]
    paint(source, tmp_path / "out.mp4", start_s=first_s + 2.4, end_s=first_s + 4.6)
    assert flashes(tmp_path / "out.mp4") == pytest.approx([0.6, 1.6], abs=TOLERANCE_S)
    together(tmp_path / "out.mp4", 2)
    times, _ = loudness(tmp_path / "out.mp4")
    assert times[0] > -0.05
    assert times[-1] == pytest.approx(2.2, abs=2 * TOLERANCE_S)


def test_a_clock_that_begins_late_is_no_wait(tmp_path: Path) -> None:
    paint(film(tmp_path / "a.ts", "aac", offset_s=300.0), tmp_path / "out.mp4")
    assert flashes(tmp_path / "out.mp4")[0] < 2
    together(tmp_path / "out.mp4", 3)


@pytest.mark.parametrize("offsets_s", [(0.0, 90_000.0), (50_000.0, 3.0), (0.0, 90_000.0, 7.0)])
def test_sound_follows_the_pictures_past_jumps_of_the_clock(tmp_path: Path, offsets_s: tuple[float, ...]) -> None:
    """As in joined transport streams: the times of the frames continue without the jump."""
    parts = [film(tmp_path / f"{offset_s}.ts", "aac", offset_s=offset_s) for offset_s in offsets_s]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    messages: list[str] = []
    with open_source(str(joined)) as opened:
        source = CountedSource(opened)
        sink = VideoSink(
            tmp_path / "out.mp4",
            VideoStretch(joined, is_all=source.is_all, jumps=lambda: source.jumps),
            messages.append,
        )
        write(sink, source)
    assert messages == []
    assert len(source.jumps) == len(offsets_s) - 1
    together(tmp_path / "out.mp4", 3 * len(offsets_s) - 1)
    times, _ = loudness(tmp_path / "out.mp4")
    assert times[-1] == pytest.approx(3 * len(offsets_s), abs=0.3)


def test_every_track_is_kept(tmp_path: Path) -> None:
    assert paint(film(tmp_path / "a.mkv", "aac", tracks=3), tmp_path / "out.mp4") == []
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert len(container.streams.audio) == 3
    for track in range(3):
        together(tmp_path / "out.mp4", 3, track=track)


def test_sound_ends_with_the_pictures_of_an_interrupted_run(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mkv", "aac")
    images = [Frame(i, i / FPS, np.zeros((48, 64, 3), np.uint8)) for i in range(10)]
    write(VideoSink(tmp_path / "out.mp4", VideoStretch(source)), images)
    assert loudness(tmp_path / "out.mp4")[0][-1] == pytest.approx(0.4, abs=0.06)


def test_damage_in_the_sound_is_told_and_the_rest_kept(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mkv", "flac", picture_s=(0.0, 6.0), sounds_s=((0.0, 6.0),))
    with av.open(str(source)) as container:
        packets = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    hurt = packets[len(packets) // 2 :][:3]
    data = source.read_bytes()
    for packet in hurt:
        assert data.count(packet) == 1
        data = data.replace(packet, bytes(len(packet)))
    source.write_bytes(data)
    assert paint(source, tmp_path / "out.mp4") == [f"The sound of {source} is damaged: 3 packets of it are left out."]
    together(tmp_path / "out.mp4", 2)


def test_a_name_with_a_colon_and_a_source_without_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Callable[..., FrameResult]
) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "a.mkv", "aac").rename("12:30.mkv")
    assert paint(Path("12:30.mkv"), tmp_path / "out.mp4") == []
    together(tmp_path / "out.mp4", 3)
    (tmp_path / "b.txt").write_text("no film")
    write(VideoSink(tmp_path / "b.mp4", VideoStretch(tmp_path / "b.txt")), [result().frame])
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert not container.streams.audio


def test_sound_that_cannot_be_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("its rate is unknown")

    monkeypatch.setattr("app.sinks.sound.track_of", refuse)
    (sentence,) = paint(film(tmp_path / "a.mkv", "aac"), tmp_path / "out.mp4")
    assert sentence == f"Sound track 1 of {tmp_path / 'a.mkv'} cannot be kept: its rate is unknown."
    assert len(flashes(tmp_path / "out.mp4")) == 3
