"""`bench --film`: how soon the window shows a requested moment of a film, and how fast the analysis runs ahead."""

import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.commands.bench_window import window_figures
from app.core.pace import Pace
from app.core.runner import run as run_pipeline
from app.core.types import FrameResult, SourceInfo
from app.headless.parts import opened
from app.options import Options
from app.player.analysis import step_back
from app.sources.open import open_source
from models.errors import InputError
from models.files import scratch_folder

_LIMIT_S = 300
_ALONE_S = 6.0
_ROOT = Path(__file__).resolve().parents[2]


def bench_film(film: str, options: Options, *, as_json: bool) -> None:
    """Measure and print.

    Raises:
        InputError: If the film cannot be opened or shown, or Qt is missing.
    """
    before_fps = _alone(film, options)
    figures = _window(film, options)
    alone_fps = (before_fps + _alone(film, options)) / 2  # the load of the machine varies
    ahead_fps = figures.pop("ahead_fps")
    result = {"film": {**figures, "ahead_ratio": round(ahead_fps / alone_fps, 3)}}
    print(json.dumps(result, indent=2) if as_json else table(result["film"]))


def table(film: Mapping[str, Any]) -> str:
    """The figures for people."""
    lookup = film["lookup_us"]
    return "\n".join(
        (
            f"a seek is painted after {film['seek_ms']:.0f} ms, a step after {film['step_ms']:.0f} ms (medians)",
            f"a drag paints {film['drag_fps']:.0f} pictures a second",
            f"a reading is found in {lookup['start']:.0f} µs at the start and {lookup['end']:.0f} µs at the end",
            f"while the film plays, the analysis runs at {film['ahead_ratio']:.0%} of its speed alone",
            f"of the {film['played_frames']} frames played meanwhile, {film['unpainted_frames']} were not painted",
        )
    )


def _alone(film: str, options: Options) -> float:
    """Frames per second of the analysis with nothing else running, over the first seconds.

    Counted as the window's own analysis counts them, from the first frame that has been read to the last, and at its
    priority, so that other programs slow down both alike.
    """
    counter = _Counter()
    with opened(options) as parts, open_source(film) as source:
        if source.info.live:
            raise InputError(f"{source.info.name} has no end; name a video file.")
        stop = threading.Event()
        timer = threading.Timer(_ALONE_S, stop.set)
        timer.daemon = True
        with ThreadPoolExecutor(1, initializer=step_back) as executor:
            timer.start()
            try:
                executor.submit(run_pipeline, source, parts.pipeline(), [counter], stop).result()
            finally:
                stop.set()
        timer.cancel()
    if counter.pace.fps is None:
        raise InputError(f"{film} has too few frames, or is analysed too slowly, to be measured; name another film.")
    return counter.pace.fps


class _Counter:
    """A sink that only counts."""

    def __init__(self) -> None:
        self.pace = Pace()

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        """Nothing to prepare."""

    def write(self, result: FrameResult) -> None:
        self.pace.add()

    def close(self) -> None:
        """Nothing to end."""


def _window(film: str, options: Options) -> dict[str, Any]:
    """Drive the window on the film in a new process with an empty cache."""
    with scratch_folder() as folder:
        path = folder / "film.json"
        return window_figures(film, options, {"MIMIK_FILM_TRIAL": str(path)}, path, _LIMIT_S)
