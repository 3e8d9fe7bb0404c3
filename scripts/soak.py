"""A long film through `analyze --video`: are sound and picture in sync at its end, and is memory flat?

    python scripts/soak.py [--minutes 60] [--size 1280x720] [--fps 25]

The film flashes and beeps once a second. What is printed is measured; the exit code is 1 if the last flash and beep of
the painted video are more than 40 ms apart, or memory grew by more than 64 MB from a tenth of the run to its end.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from statistics import median

import av
import numpy as np

RATE = 48_000
APART_S = 0.04
GROWTH_MB = 64
LOOP_S = 20


def make_film(path: Path, seconds: int, size: tuple[int, int], fps: int) -> None:
    """Encode some seconds once and repeat their packets."""
    width, height = size
    with av.open(str(path), "w") as film:
        pictures = film.add_stream("libx264", rate=fps, options={"preset": "veryfast", "bf": "0"})
        pictures.width, pictures.height, pictures.pix_fmt = width, height, "yuv420p"
        pictures.gop_size = fps
        tone = film.add_stream("pcm_s16le", rate=RATE, layout="mono")
        loop, beep = picture_packets(pictures, size, fps), beeps(fps)
        base = Fraction(1, fps)
        for i in range(seconds * fps):
            packet = av.Packet(loop[i % len(loop)])
            packet.stream, packet.time_base = pictures, base
            packet.pts = packet.dts = i
            packet.duration, packet.is_keyframe = 1, i % fps == 0
            film.mux(packet)
            samples = beep[i % fps]
            sound = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = RATE, i * len(samples), Fraction(1, RATE)
            film.mux(tone.encode(sound))


def picture_packets(stream: av.VideoStream, size: tuple[int, int], fps: int) -> list[bytes]:
    width, height = size
    random = np.random.default_rng(0)
    ground = np.kron(random.integers(20, 90, (height // 8, width // 8), np.uint8), np.ones((8, 8), np.uint8))
    ground = np.pad(ground, ((0, height - ground.shape[0]), (0, width - ground.shape[1])), mode="edge")
    packets = []
    for i in range(LOOP_S * fps):
        gray = np.full_like(ground, 250) if i % fps == 0 else np.roll(ground, 2 * i, axis=1)
        frame = av.VideoFrame.from_ndarray(np.repeat(gray[..., None], 3, axis=2), format="bgr24")
        frame.pts, frame.time_base = i, Fraction(1, fps)
        packets += stream.encode(frame)
    packets += stream.encode(None)
    return [bytes(packet) for packet in packets]


def beeps(fps: int) -> list[np.ndarray]:
    steps = np.arange(RATE)
    second = np.where(steps < RATE // 10, np.sin(steps * 2 * np.pi * 800 / RATE) * 12_000, 0).astype(np.int16)
    return list(second.reshape(fps, RATE // fps))


def analyse(film: Path, out: Path) -> list[float]:
    """Run the program; resident megabytes over time."""
    words = ["analyze", str(film), "--out", str(out), "--video", "--detector", "haar"]
    sizes = []
    with subprocess.Popen([sys.executable, "-m", "app", *words]) as process:
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            lines = status.read_text().splitlines() if status.exists() else []
            sizes += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")]
            time.sleep(1)
    if process.returncode:
        raise SystemExit(f"analyze ended with {process.returncode}")
    return sizes


def last_flash_s(film: Path) -> float:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        container.seek(max(0, stream.duration - 5 * stream.time_base.denominator), stream=stream)
        frames = [(f.time, f.to_ndarray(format="gray")[::8, ::8].mean()) for f in container.decode(stream)]
    return max(time_s for time_s, level in frames if level > 200)


def last_beep_s(film: Path) -> float:
    with av.open(str(film)) as container:
        stream = container.streams.audio[0]
        assert stream.duration is not None
        container.seek(max(0, stream.duration - 5 * stream.time_base.denominator), stream=stream)
        parts = [(f.time, np.abs(f.to_ndarray()[0]), f.sample_rate) for f in container.decode(stream)]
    times = np.concatenate([start_s + np.arange(len(levels)) / rate for start_s, levels, rate in parts])
    levels = np.concatenate([levels for _, levels, _ in parts])
    loud = times[levels > 0.15 * levels.max()]
    return float(loud[1:][np.diff(loud) > 0.5][-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", type=int, default=25)
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        film = Path(name) / "film.mkv"
        make_film(film, round(args.minutes * 60), (width, height), args.fps)
        start_s = time.monotonic()
        sizes = analyse(film, Path(name) / "out")
        wall_s = time.monotonic() - start_s
        painted = Path(name) / "out" / "film.mp4"
        flash_s, beep_s = last_flash_s(painted), last_beep_s(painted)
    tenth = max(1, len(sizes) // 10)
    early_mb, late_mb = median(sizes[tenth : 2 * tenth]), median(sizes[-tenth:])
    print(f"{args.minutes:g} minutes of {args.size} at {args.fps} a second, analysed in {wall_s:.0f} s")
    print(f"last flash {flash_s:.3f} s, last beep {beep_s:.3f} s: {abs(flash_s - beep_s) * 1000:.0f} ms apart")
    print(f"memory {early_mb:.0f} MB early, {late_mb:.0f} MB at the end, at most {max(sizes):.0f} MB")
    return int(abs(flash_s - beep_s) > APART_S or late_mb - early_mb > GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())
