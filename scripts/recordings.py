"""A long recording of a camera on this machine: is everything in sync at its end, and is memory flat?

    python scripts/recordings.py [--minutes 10] [--size 1280x720] [--fps 30]

The camera paints a counter into its pictures, and the time at which it sent each is kept. What is printed is measured;
the exit code is 1 if pictures are not in order, if picture, reading and camera are more than 40 ms apart at the end, or
if memory grew by more than 20 MB from a tenth of the run to its end. Missing pictures mean that the machine was busy
with other work.
"""

import argparse
import csv
import http.server
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import av
import cv2
import numpy as np

APART_S, GROWTH_MB = 0.04, 20
PICTURES, BITS, SIDE = 240, 16, 24


def picture(number: int, size: tuple[int, int]) -> np.ndarray:
    """A noisy background, a counter along the top, and a moving square."""
    width, height = size
    random = np.random.default_rng(number)
    image = cv2.resize(random.integers(30, 120, (height // 16, width // 16, 3), np.uint8), size)
    for bit in range(BITS):
        image[:SIDE, bit * SIDE : (bit + 1) * SIDE] = 230 if number >> bit & 1 else 10
    x = 4 * number % (width - 100)
    image[height // 2 : height // 2 + 100, x : x + 100] = 220
    return image


def number_of(image: np.ndarray) -> int:
    fields = image[4 : SIDE - 4, : BITS * SIDE, 1].reshape(SIDE - 8, BITS, SIDE)[:, :, 6:-6].mean((0, 2))
    return sum(1 << bit for bit in range(BITS) if fields[bit] > 120)


class Camera:
    """Motion JPEG at an address; `sent_s` is when each picture went out."""

    def __init__(self, size: tuple[int, int], fps: float) -> None:
        self.sent_s: list[float] = []
        pictures = [cv2.imencode(".jpg", picture(number, size))[1].tobytes() for number in range(PICTURES)]
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                start_s = time.time()
                camera.sent_s.clear()
                try:
                    while True:
                        number = len(camera.sent_s)
                        data = pictures[number % PICTURES]
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                        camera.sent_s.append(time.time())
                        self.wfile.write(head.encode() + data + b"\r\n")
                        time.sleep(max(start_s + (number + 1) / fps - time.time(), 0))
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{server.server_address[1]}/camera"


def record(camera: Camera, library: Path, seconds: float) -> tuple[Path, list[float]]:
    """The session's folder, and the program's memory in MB, once a second."""
    command = [sys.executable, "-m", "app", "record", camera.address, "--out", str(library), "--seconds", str(seconds)]
    memory: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            time.sleep(1)
            try:
                lines = status.read_text().splitlines()
            except OSError:
                continue
            memory += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")]
        out = process.stdout.read() if process.stdout else ""
    return Path(out.strip().splitlines()[-1]), memory


def compare(folder: Path, camera: Camera) -> bool:
    """Print how well pictures, readings and the camera match; returns whether they do."""
    counts, times = [], []
    with av.open(str(folder / "video.mp4")) as container:
        for frame in container.decode(video=0):
            counts.append(number_of(frame.to_ndarray(format="bgr24")))
            times.append(float(frame.pts * frame.time_base))
    steps = [(after - before) % PICTURES for before, after in itertools.pairwise(counts)]
    missing = sum(step - 1 for step in steps)
    with (folder / "readings.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["frame"]]
    apart_s = max(abs(float(row["time_s"]) - times[int(row["frame"])]) for row in rows)
    # Pictures are counted on from the first one; what the camera sent when, from its own clock.
    places = np.cumsum([counts[0], *steps])
    sent = np.array([camera.sent_s[place] for place in places])
    drift = (np.array(times) - times[0]) - (sent - sent[0])
    tenth = max(len(drift) // 10, 1)
    drift_s = float(np.median(drift[-tenth:]) - np.median(drift[:tenth]))
    print(f"pictures {len(counts)}, missing in between {missing}, readings {len({row['frame'] for row in rows})}")
    print(f"picture and reading apart: {apart_s * 1e3:.1f} ms at most")
    print(f"video and camera, end against start: {drift_s * 1e3:.1f} ms")
    return apart_s < APART_S and abs(drift_s) < APART_S and all(step > 0 for step in steps)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", type=float, default=30)
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    camera = Camera((width, height), args.fps)
    with tempfile.TemporaryDirectory() as name:
        folder, memory = record(camera, Path(name), args.minutes * 60)
        print((folder / "session.json").read_text()[:330])
        print(f"video {(folder / 'video.mp4').stat().st_size / 1e6:.1f} MB")
        fits = compare(folder, camera)
    tenth = max(len(memory) // 10, 1)
    start_mb, end_mb = median(memory[tenth : 2 * tenth]), median(memory[-tenth:])
    course = " ".join(f"{median(memory[i : i + tenth]):.0f}" for i in range(0, len(memory) - tenth + 1, tenth))
    print(f"memory {start_mb:.0f} MB after a tenth, {end_mb:.0f} MB at the end, {max(memory):.0f} MB at most: {course}")
    return 0 if fits and end_mb - start_mb <= GROWTH_MB else 1


if __name__ == "__main__":
    sys.exit(main())
