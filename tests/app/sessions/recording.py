"""A recorder in a folder, with frames and results for it."""

import csv
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from app.core.types import Box, FaceResult, Frame, FrameResult, SourceInfo
from app.sessions.folder import Session
from app.sessions.recorder import Recorder, RecordingPlan
from app.sinks.json_file import RunFacts
from tests.app.sessions.counting import counted

FACTS = RunFacts("fake", "0" * 64, "haar", "fake", "0.1.0")
LABELS = ("anger", "happiness")
INFO = SourceInfo("camera 0", 320, 240, 30.0, None, live=True)


def frame_of(number: int) -> Frame:
    return Frame(number, 5.0 + number / 30, counted(number))


def result_of(frame: Frame, faces: int = 1) -> FrameResult:
    share = np.array([0.25, 0.75], np.float32)
    box = Box(2 * frame.index % 240, 80, 60, 60)  # where the square is
    found = tuple(FaceResult(i, box, 0.9, share, share, "happiness") for i in range(faces))
    return FrameResult(frame, found, LABELS, {})


class Recording:
    """A recorder in a folder, with its messages."""

    def __init__(self, library: Path, **plan: object) -> None:
        self.messages: list[str] = []
        self.ended = threading.Event()
        self.recorder = Recorder(
            RecordingPlan(library, "camera-0", FACTS, **plan),  # type: ignore[arg-type]
            INFO,
            self.messages.append,
            self.ended.set,
        )

    def begin(self) -> None:
        self.recorder.take(frame_of(0))
        self.recorder.open(INFO, LABELS)

    def run(self, numbers: Iterator[int] | range, read: Callable[[int], bool] = lambda _: True) -> None:
        for number in numbers:
            frame = frame_of(number)
            if number:
                self.recorder.take(frame)
            if read(number):
                self.recorder.write(result_of(frame))

    @property
    def session(self) -> Session:
        assert self.recorder.session is not None
        return self.recorder.session

    def rows(self) -> list[dict[str, str]]:
        with self.session.readings.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
