"""Random films, some of them damaged: no crash, the frames that plain PyAV decodes, and correct messages.

A few dozen in every run; `make fuzz` makes 500, or as many as MIMIK_FUZZ says, from the seed MIMIK_FUZZ_SEED on.
"""

import itertools
import os
import random
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import pytest

from app.sources import open_source
from app.sources.film import Film
from app.sources.recording import Recording
from models.errors import InputError
from tests.app.sources.zoo import Spec, painted, plain_decode, write

COUNT = int(os.environ.get("MIMIK_FUZZ", "36"))
SEED = int(os.environ.get("MIMIK_FUZZ_SEED", "0"))

H264, H265 = "libx264", "libx265"
KINDS = {
    "mp4": (H264, H265, "mpeg4", "libvpx-vp9", "mjpeg"),
    "mov": (H264, "mpeg4", "prores_ks", "qtrle", "mjpeg"),
    "mkv": (H264, H265, "mpeg4", "libvpx", "ffv1", "mpeg2video"),
    "webm": ("libvpx", "libvpx-vp9"),
    "ts": (H264, "mpeg2video"),
    "mpg": ("mpeg1video", "mpeg2video"),
    "avi": ("mpeg4", "mjpeg", "huffyuv"),
    "flv": (H264, "flv"),
    "nut": (H264, "mpeg4"),
    "wmv": ("wmv2",),
    "gif": ("gif",),
    "h264": (H264,),
    "mjpeg": ("mjpeg",),
}
PIXELS = {"mjpeg": "yuvj420p", "prores_ks": "yuv422p10le", "qtrle": "rgb24", "huffyuv": "yuv422p", "gif": "rgb8"}
RATES = (Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(50), Fraction(30), Fraction(60))
OLD = ("mpg", "ts", "wmv", "flv", "gif", "avi", "h264", "mjpeg")
"""Containers that are written with regular times only; some of them cannot store others."""


@dataclass(frozen=True)
class Made:
    """A film, its damage, and its original content."""

    path: Path
    spec: Spec
    harm: str


def make(seed: int, folder: Path) -> Made:
    """Make one film; the same seed gives the same film."""
    rng = random.Random(seed)
    suffix = rng.choice(sorted(KINDS))
    codec = rng.choice(KINDS[suffix])
    size = rng.choice([(64, 48), (96, 64), (160, 120), (66, 50), (48, 96)])
    if codec == H265:  # whose encoder corrupts the heap with narrow frames
        size = rng.choice([(96, 64), (160, 120)])
    options = {H265: {"x265-params": "log-level=none"}}.get(codec, {})
    if codec in (H264, "mpeg4", "mpeg2video"):
        options |= {"g": rng.choice(["1", "5", "12", "250"])}
        options |= {"bf": rng.choice(["0", "2"])} if suffix != "avi" else {"bf": "0"}
    uneven = suffix not in OLD and codec not in ("mpeg4", "mpeg2video") and rng.random() < 0.4
    sound = suffix in ("mp4", "mov", "mkv", "ts") and rng.random() < 0.5
    turned = suffix in ("mp4", "mov", "mkv") and rng.random() < 0.4
    several = suffix in ("mp4", "mov", "mkv", "ts") and rng.random() < 0.25
    spec = Spec(
        f"film.{suffix}",
        codec,
        frames=rng.randint(10, 40),
        rate=rng.choice(RATES) if codec not in ("mpeg1video", "mpeg2video", "gif") else Fraction(25),
        size=size,
        pix=PIXELS.get(codec, "yuv420p"),
        options=options,
        tick=Fraction(1, 1000) if uneven else None,
        steps=tuple(rng.randint(15, 120) for _ in range(7)) if uneven else (),
        start=rng.choice([0, 0, 5, 20]) if suffix in ("mp4", "mkv", "ts") else 0,
        aspect=rng.choice([None, None, Fraction(2), Fraction(8, 9)]) if suffix in ("mp4", "mkv") else None,
        turn=(rng.choice([0, 90, 180, 270]), rng.random() < 0.3, False) if turned else None,
        sound=(rng.uniform(0, 0.5), rng.uniform(0.2, 3)) if sound else None,
        extra=(((32, 32), 2, ""),) if several else (),
        mux={"movflags": "faststart"} if suffix in ("mp4", "mov") and rng.random() < 0.5 else {},
        paint=painted,
    )
    path = write(spec, folder)
    harm = rng.choice(["none", "none", "cut", "flips", "zeros"])
    data = bytearray(path.read_bytes())
    if harm == "cut":
        data = data[: rng.randint(len(data) // 3, len(data) - 1)]
    elif harm == "flips":
        for _ in range(rng.randint(1, 12)):
            data[rng.randrange(len(data) // 8, len(data))] ^= 1 << rng.randrange(8)
    elif harm == "zeros":
        begin = rng.randrange(len(data) // 8, len(data))
        length = min(rng.randint(1, 2000), len(data) - begin)
        data[begin : begin + length] = bytes(length)
    path.write_bytes(data)
    return Made(path, spec, harm)


def film_index(path: Path) -> int:
    """Index of the film's stream: the one with the film's frame size, here never the smallest."""
    with av.open(str(path)) as container:
        usable = [stream for stream in container.streams.video if stream.codec_context is not None]
        return max(usable, key=lambda stream: stream.width * stream.height).index


@pytest.mark.timeout(60)
@pytest.mark.parametrize("seed", range(SEED, SEED + COUNT))
def test_a_film_made_at_random(tmp_path: Path, drain, seed: int) -> None:
    made = make(seed, tmp_path)
    frames, sentence, source = [], "", None
    try:
        source = open_source(str(made.path))
    except InputError as error:
        sentence = str(error)
        assert str(made.path) in sentence and "\n" not in sentence
    if source is None:
        assert made.harm != "none"
        return
    assert isinstance(source, Recording)
    with source:
        frames, sentence = drain(source)
        damage, notices, total = source.damage, source.notices, source.info.frame_count
    assert all(after.time_s > before.time_s for before, after in itertools.pairwise(frames))
    assert [frame.index for frame in frames] == list(range(len(frames)))
    if made.harm == "none":
        assert (len(frames), sentence, notices) == (made.spec.frames, "", ())
        assert total in (None, made.spec.frames)
    if not isinstance(source, Film):
        return
    plain = plain_decode(made.path, film_index(made.path))
    assert len(frames) == len(plain)
    times_s = [raw.time_s for raw in plain]
    rising = None not in times_s and all(a < b for a, b in itertools.pairwise(times_s))
    if rising and not any("jumps" in notice for notice in notices):
        assert [frame.time_s for frame in frames] == pytest.approx(times_s, abs=1e-6)
    if made.harm in ("cut", "zeros", "flips"):
        lost = made.spec.frames - len(frames)
        assert damage.frames == len(damage.at_s) and damage.at_s == tuple(sorted(damage.at_s))
        assert damage.frames <= max(lost, 0)
        assert not sentence or "breaks off after" in sentence
        assert not sentence or made.harm == "cut" or lost > 0
