"""Handmade readings, and the film with sound that they belong to."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import av
import numpy as np
import pytest

from app.core.reading import Reading
from app.core.types import UNCERTAIN, UNREADABLE, Box, FaceResult
from app.export.content import Content, ContentNote, Moment
from models.emotions import FERPLUS

FPS, FRAMES, SIZE = 25, 75, (160, 120)
RATE, TONE_S = 48_000, (1.0, 1.2)
HOSTILE = '<script>alert("x")</script>&\u202e\x07\ud800 "\' =1+1'


def face(track_id: int, label: str = "happiness", share: float = 0.6, x: float = 40.0) -> FaceResult:
    smooth = np.full(len(FERPLUS), (1 - share) / (len(FERPLUS) - 1), np.float32)
    smooth[FERPLUS.index(label) if label in FERPLUS else 0] = share
    return FaceResult(track_id, Box(x, 30.0, 30.0, 40.0), 0.9, np.roll(smooth, 1), smooth, label)


def moment(index: int, time_s: float, *faces: FaceResult, picture: str = "") -> Moment:
    return Moment(Reading(index, time_s, None, faces, FERPLUS, MappingProxyType({})), index, picture)


def moments() -> list[Moment]:
    """Three seconds at 25 fps: a moving face that is unreadable once, a second face, and a second of nobody."""
    made = []
    for index in range(FRAMES):
        time_s = index / FPS
        faces = []
        if not 1.0 <= time_s < 2.0:
            label = UNREADABLE if index == 3 else UNCERTAIN if index == 4 else "happiness"
            faces.append(face(0, label, x=20.0 + index))
        if time_s >= 2.0:
            faces.append(face(7, "sadness", 0.9, x=10.0))
        made.append(moment(index, time_s, *faces))
    return made


NOTES = (
    ContentNote(0.4, 0.8, 0, "label", "surprise"),
    ContentNote(0.52, 0.52, None, "mark", ""),
    ContentNote(1.0, 1.5, None, "note", HOSTILE),
    ContentNote(2.5, 2.5, 7, "label", "not sure"),
)


@pytest.fixture
def content() -> Content:
    """The results of `analyze`."""
    facts = {"source": "a.mp4", "frames": FRAMES, "duration_s": 3.0, "model": {"name": "student"}, "complete": True}
    return Content("a.mp4", "a", FERPLUS, moments, facts)


@pytest.fixture
def session(content: Content) -> Content:
    """The same with a title that needs escaping, and with notes."""
    return replace(content, title=HOSTILE, notes=NOTES)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of noise (a face could be anywhere), white for 0.2 s while a tone sounds; read-only."""
    path = tmp_path_factory.mktemp("films") / "a.mp4"
    random = np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"crf": "10", "preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        for index in range(FRAMES):
            bright = TONE_S[0] <= index / FPS < TONE_S[1]
            noise = random.integers(0, 256, (SIZE[1] // 2, SIZE[0] // 2, 1), np.uint8).repeat(2, 0).repeat(2, 1)
            picture = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8) if bright else noise.repeat(3, 2)
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(video.encode())
        samples = np.zeros((1, 3 * RATE), np.float32)
        tone = slice(int(TONE_S[0] * RATE), int(TONE_S[1] * RATE))
        samples[0, tone] = 0.8 * np.sin(2 * np.pi * 440 * np.arange(tone.stop - tone.start) / RATE)
        for start in range(0, 3 * RATE, 1024):
            frame = av.AudioFrame.from_ndarray(samples[:, start : start + 1024].copy(), "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    return path


@pytest.fixture
def results(tmp_path: Path, film: Path, content: Content) -> Callable[..., Path]:
    """`results()`: the CSV that `analyze` writes for the film, with its JSON next to it."""
    from app.export.delimited import write_long
    from app.export.reporter import Reporter
    from models.bundle import sha256_of

    def make(name: str = "a", **facts: object) -> Path:
        path = tmp_path / f"{name}.csv"
        write_long(content, path, Reporter())
        summary = {**content.facts, "source": str(film), "source_sha256": sha256_of(film), "options": {}, **facts}
        path.with_suffix(".json").write_text(json.dumps(summary))
        return path

    return make
