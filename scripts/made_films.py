"""Make many short, different films with faces from the demo clip.

python scripts/made_films.py FOLDER [--films 200] [--frames 50] [--width 320]
"""

import argparse
import random
import sys
from pathlib import Path

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.core.types import Image  # noqa: E402  (scripts run from anywhere)
from app.sources.demo import demo_path  # noqa: E402
from app.sources.open import open_source  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--frames", type=int, default=50)
    parser.add_argument("--width", type=int, default=320)
    args = parser.parse_args()
    make(args.folder, films=args.films, frames=args.frames, width=args.width)
    return 0


def make(folder: Path, *, films: int, frames: int, width: int) -> None:
    """Write `film-000.mp4` and so on: stretches of the demo from different moments, some mirrored, smaller."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_source(str(demo_path())) as source:
        scene = [frame.image for frame in source]
    for number in range(films):
        dice = random.Random(number)
        start, mirrored = dice.randrange(len(scene)), dice.random() < 0.5
        pictures = [scene[(start + i) % len(scene)] for i in range(frames)]
        write(folder / f"film-{number:03}.mp4", [one[:, ::-1] if mirrored else one for one in pictures], width=width)


def write(path: Path, pictures: list[Image], *, width: int, fps: int = 25) -> None:
    """Write pictures of one size as a film of a width."""
    height = round(pictures[0].shape[0] * width / pictures[0].shape[1] / 2) * 2
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
            container.mux(stream.encode(frame.reformat(width, height, "yuv420p")))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    sys.exit(main())
