"""A film whose audio samples encode their time, and a fake sound device controlled by the test."""

import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from app.player.soundtrack import RATE

LENGTH_S = 6


def write_film(path: Path) -> None:
    """Write six seconds; each sample encodes its time."""
    with av.open(str(path), "w", format="matroska") as container:
        pictures = container.add_stream("mpeg4", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        tone = container.add_stream("pcm_f32le", rate=RATE, layout="stereo")
        for index in range(25 * LENGTH_S):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), index, np.uint8), "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(pictures.encode(frame))
            start = index * RATE // 25
            times = np.arange(start, start + RATE // 25) / RATE
            both = np.repeat(times * 0.9 / 10, 2).astype(np.float32)[None]
            sound = av.AudioFrame.from_ndarray(both, "flt", "stereo")
            sound.sample_rate, sound.pts, sound.time_base = RATE, start, Fraction(1, RATE)
            container.mux(tone.encode(sound))
        container.mux(pictures.encode())
        container.mux(tone.encode())


def times_in(samples: np.ndarray) -> np.ndarray:
    """The times that samples of the film encode, in seconds."""
    return samples[:, 0].astype(float) / 0.9 * 10


class FakeSpeaker:
    """A sound device that pulls samples only when the test does."""

    latency_s = 0.06

    def __init__(self) -> None:
        self.pull = None
        self.started = threading.Event()
        self.closed = False

    def start(self, pull) -> None:
        self.pull = pull
        self.started.set()

    def stop(self) -> None:
        self.started.clear()

    def close(self) -> None:
        self.closed = True
