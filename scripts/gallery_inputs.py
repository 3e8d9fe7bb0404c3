"""Creates the inputs of the screenshots: a camera, pictures and sessions, from the demo clip or at random."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import cv2
import numpy as np

from app.core.stages import FrameSource
from app.core.types import Box, FaceResult, Frame
from app.core.wrapping import WrappedSource
from app.player.cache import Cache
from app.player.messages import CameraEntry
from app.player.parts import Openers, open_any_source
from app.sessions.folder import Session, write_manifest
from app.sinks.csv_file import RowFile, header, rows_of
from app.sources import open_source
from models.emotions import FERPLUS

CAMERA = "0"
SLOW = "slow"  # opens so late that the window can be seen waiting


class PlayedLive(WrappedSource):
    """The demo clip as a camera would deliver it."""

    def __init__(self) -> None:
        super().__init__(open_source("demo"))
        self.info = replace(self._source.info, live=True, frame_count=None, clock_s=time.monotonic())

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            time.sleep(max((self.info.clock_s or 0.0) + frame.time_s - time.monotonic(), 0.0))
            yield frame


def openers_in(folder: Path) -> Openers:
    """Openers of a window that has one camera, and its cache and its sessions below `folder`."""
    return Openers(
        source=_open,
        cameras=lambda: (CameraEntry(0, "Front camera"),),
        cache=lambda: Cache(folder / "cache"),
        library=lambda: library_in(folder),
    )


def _open(spec: str) -> FrameSource:
    if spec == CAMERA:
        return PlayedLive()
    if spec == SLOW:
        time.sleep(1.0)
    return open_any_source(spec, fps=0 if Path(spec).is_dir() else None)


def library_in(folder: Path) -> Path:
    """Where a window with `openers_in(folder)` keeps its sessions."""
    return folder / "library"


def make_photos(folder: Path) -> None:
    """One frame in twenty of the demo clip, each a PNG file."""
    folder.mkdir()
    for number, frame in enumerate(open_source("demo")):
        if number % 20 == 10:
            cv2.imwrite(str(folder / f"photo {number // 20 + 1}.png"), frame.image)


def make_copies(session: Path) -> None:
    """Three copies of a session next to it, with other days and titles; existing ones are kept."""
    for day, (title, tags) in enumerate((("Interview, morning", ("interview",)), ("", ()), ("Pilot", ())), 1):
        copy = session.with_name(f"2026-03-0{day}T09-05-00_camera-0")
        if not copy.exists():
            shutil.copytree(session, copy)
            start = datetime(2026, 3, day, 9, 5, tzinfo=UTC)
            manifest = replace(Session(copy).manifest(), title=title, tags=tags, started_at=start)
            write_manifest(copy / "session.json", manifest)


def make_days(library: Path) -> None:
    """A user's own sessions on most days of a March, with one reading per second; random, of no real person."""
    random = np.random.default_rng(3)
    labels = FERPLUS
    flat = np.full(len(labels), 1 / len(labels), np.float32)
    shares = np.array([0.5, 0.16, 0.06, 0.08, 0.04, 0.02, 0.02, 0.02, 0.1])
    for day in range(1, 21):
        for _ in range(int(random.integers(0, 3))):
            start = datetime(2026, 3, day, int(random.integers(7, 22)), tzinfo=timezone(timedelta(hours=1)))
            folder = library / f"{start:%Y-%m-%dT%H-%M-%S}_camera-{random.integers(1000)}"
            folder.mkdir(parents=True)
            table = RowFile(folder / "readings.csv")
            table.put([header(labels)])
            second = 0
            while second < random.integers(1200, 6000):
                label = str(random.choice([*labels, "uncertain"], p=shares))
                faces = [] if random.random() < 0.06 else [FaceResult(0, Box(0, 0, 9, 9), 1, flat, flat, label)]
                for _ in range(int(random.integers(60, 400))):
                    table.put(rows_of(second, float(second), faces, labels))
                    second += 1
            table.close()
            manifest = {"format": 1, "state": "complete", "source": "camera", "own": True}
            (folder / "session.json").write_text(json.dumps({**manifest, "started_at": start.isoformat()}))
