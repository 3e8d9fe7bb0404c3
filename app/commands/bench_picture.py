"""`bench --window`: how long painting takes, and how long a large picture blocks the window."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2

from app.commands.bench_window import window_figures
from app.options import Options
from app.sources.open import open_source
from models.errors import InputError
from models.files import scratch_folder

SIZE = (12_000, 9_000)
_LIMIT_S = 300


def bench_picture(options: Options, *, as_json: bool) -> None:
    """Measure and print.

    Raises:
        InputError: If the window cannot be shown, or Qt is missing.
    """
    with scratch_folder() as folder:
        picture = folder / "large.jpg"
        make_picture(picture, SIZE)
        path = folder / "picture.json"
        asked = json.dumps({"path": str(path), "picture": str(picture)})
        figures = window_figures("demo", options, {"MIMIK_PICTURE_TRIAL": asked}, path, _LIMIT_S)
    figures["picture"] = list(SIZE)
    print(json.dumps({"window": figures}, indent=2) if as_json else table(figures))


def make_picture(path: Path, size: tuple[int, int]) -> None:
    """Write a frame of the demo clip, enlarged to a size (width, height), as a JPEG.

    Raises:
        InputError: If it cannot be written.
    """
    with open_source("demo") as source:
        frame = next(iter(source))
    if not cv2.imwrite(str(path), cv2.resize(frame.image, size, interpolation=cv2.INTER_LINEAR)):
        raise InputError(f"{path} cannot be written; make room there.")


def table(figures: Mapping[str, Any]) -> str:
    """The figures for people."""
    paint, gap, idle = figures["paint_ms"], figures["gap_ms"], figures["idle_gap_ms"]
    width, height = figures["picture"]
    return "\n".join(
        (
            f"a frame of 1280x720 with four faces is painted in {paint['p50']:.1f} ms (median), {paint['p95']:.1f} ms "
            f"(95 %); the window's own thread works {paint['work']:.1f} ms",
            f"a picture of {width}x{height} is shown after {figures['picture_s']:.1f} s; meanwhile the window is held "
            f"up by at most {gap['most']:.1f} ms ({gap['p99']:.1f} ms for 99 % of its turns), of which its own thread "
            f"works {gap['work']:.1f} ms",
            f"at rest by at most {idle['most']:.1f} ms ({idle['p99']:.1f} ms), works {idle['work']:.1f} ms",
        )
    )
