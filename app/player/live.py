"""Plays live sources: the newest result, and the readings of the last minutes."""

import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.core.hub import Hub
from app.core.pace import Pace
from app.core.pipeline import Pipeline
from app.core.reading import FaceSpan, Reading, Series
from app.core.runner import run
from app.core.stages import FrameSource
from app.core.store import NONE
from app.core.types import FrameResult, SourceInfo
from app.player.analysis import FAREWELL_S
from app.player.base import Offering
from app.player.player import Shown, State, Tell
from app.player.recording import LiveRecording
from models.errors import InputError

KEPT_S = 120.0
RECORDING = "recording"
"""The key under which a recording is attached."""


class Ring:
    """The readings of the last two minutes. Written by one thread and read by others."""

    def __init__(self, labels: tuple[str, ...], kept_s: float = KEPT_S) -> None:
        self.labels = labels
        self._names = list(labels)
        self._kept_s = kept_s
        self._readings: deque[Reading] = deque()
        self._lock = threading.Lock()

    def append(self, reading: Reading) -> None:
        """Add the next reading and drop those that are too old."""
        with self._lock:
            self._readings.append(reading)
            while reading.time_s - self._readings[0].time_s > self._kept_s:
                self._readings.popleft()

    @property
    def covered(self) -> float:
        """Time of the newest reading in seconds."""
        with self._lock:
            return self._readings[-1].time_s if self._readings else 0.0

    def faces(self) -> tuple[FaceSpan, ...]:
        """The faces of the last two minutes, in the order of ids."""
        spans: dict[int, FaceSpan] = {}
        for reading in self._now():
            for face in reading.faces:
                before = spans.get(face.track_id)
                first_s, frames = (reading.time_s, 0) if before is None else (before.first_s, before.frames)
                spans[face.track_id] = FaceSpan(face.track_id, first_s, reading.time_s, frames + 1)
        return tuple(spans[track_id] for track_id in sorted(spans))

    def series(self, track_id: int, start_s: float = -np.inf, end_s: float = np.inf, most: int | None = None) -> Series:
        """As `ReadingStore.series`."""
        found = [
            (reading.time_s, face.raw, face.smooth)
            for reading in self._now()
            if start_s <= reading.time_s <= end_s
            for face in reading.faces
            if face.track_id == track_id
        ]
        found = found[:: 1 if most is None else max(1, -(-len(found) // most))]
        k = len(self.labels)
        raw, smooth = (np.array([row[i] for row in found], np.float32).reshape(-1, k) for i in (1, 2))
        return Series(np.array([row[0] for row in found]), raw, smooth)

    @property
    def names(self) -> tuple[str, ...]:
        """Labels by their code in a strip, as `ReadingStore.names`."""
        return tuple(self._names)

    def strip(self, track_id: int, edges_s: NDArray[np.float64]) -> NDArray[np.int16]:
        """As `ReadingStore.strip`; a frame counts at its time."""
        codes = np.full(len(edges_s) - 1, NONE, np.int16)
        found = [
            (reading.time_s, self._code(face.label))
            for reading in self._now()
            if edges_s[0] <= reading.time_s < edges_s[-1]
            for face in reading.faces
            if face.track_id == track_id
        ]
        if found:
            times, labels = np.array(found[::-1]).T  # backwards, so that the first one of an interval wins
            codes[edges_s.searchsorted(times, side="right") - 1] = labels
        return codes

    def _code(self, label: str) -> int:
        if label not in self._names:
            self._names.append(label)
        return self._names.index(label)

    def _now(self) -> list[Reading]:
        with self._lock:
            return list(self._readings)


class LivePlayer(Offering):
    """Shows a live source. See `Player`.

    Args:
        source: Open; closed with the player.
        pipeline: Fresh; used by this player alone.
        tell: Called with the error that ended it, in another thread.

    Attributes:
        hub: Further sinks may be attached to it while the source runs.
    """

    def __init__(self, source: FrameSource, pipeline: Pipeline, tell: Tell) -> None:
        super().__init__(source.info, Pace())
        self.hub = Hub()
        self._source = source
        self._pipeline = pipeline
        self._tell = tell
        self._stop = threading.Event()
        self._ring = Ring(pipeline.labels)
        self._recording: LiveRecording | None = None
        self._beginning = threading.Lock()  # a recording that began after the end would never end
        self._dropped = 0
        self.hub.attach("window", _Screen(self._take), tell, waiting=1)
        self._thread = threading.Thread(target=self._work, name="player", daemon=True)
        self._thread.start()

    @property
    def position_s(self) -> float:
        return self._ring.covered

    @property
    def duration_s(self) -> float | None:
        return None

    @property
    def readings(self) -> Ring:
        return self._ring

    def time_of(self, index: int) -> float | None:
        return None

    def play(self) -> None:
        if self._state is State.PAUSED:
            self._state = State.PLAYING

    def pause(self) -> None:
        if self._state is State.PLAYING:
            self._state = State.PAUSED
            self._offered.take()

    def seek(self, time_s: float) -> None:
        """A live source has no past."""

    def jump(self, seconds: float) -> None:
        """A live source has no past."""

    def step(self, frames: int) -> None:
        """A live source has no past."""

    def speed(self, factor: float) -> None:
        """A live source has a fixed speed."""

    def loop(self, start_s: float | None, end_s: float | None) -> None:
        """A live source cannot loop."""

    def counts(self) -> tuple[int, int, int]:
        analysed = self._pace.frames
        return analysed + self._dropped, analysed, self._dropped

    def record(self, recording: LiveRecording) -> None:
        """Start recording, also while paused.

        Raises:
            ValueError: If it is already being recorded.
            InputError: If it delivers no more pictures.
        """
        with self._beginning:
            if self._state is State.LOST:
                raise self._lost()
            recording.source = self._source
            self.hub.attach(RECORDING, recording, recording.failed)
            self._recording = recording

    def end_recording(self) -> None:
        """Stop recording; waits for the files."""
        with self._beginning:
            recording, self._recording = self._recording, None
        if recording is not None:
            self.hub.detach(RECORDING)
            recording.close()  # even if it never started

    def close(self) -> None:
        self._stop.set()
        self._source.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(FAREWELL_S)

    def join(self, timeout_s: float) -> bool:
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            stats = run(self._source, self._pipeline, [self.hub], self._stop)
            if not stats.interrupted:
                raise self._lost()
        except Exception as error:
            if not self._stop.is_set():
                self._tell(error)
        finally:
            self._state = State.LOST
            self._offered.close()
            self.end_recording()

    def _lost(self) -> InputError:
        return InputError(f"{self.info.name} delivers no more pictures; open it again")

    def _take(self, result: FrameResult) -> None:
        self._ring.append(Reading.of(result))
        self._pace.add()
        self._dropped = result.dropped
        captured_s = time.monotonic() if self.info.clock_s is None else self.info.clock_s + result.frame.time_s
        if self._state is State.PLAYING:
            self._put(Shown(result, False, captured_s))


class _Screen:
    """The sink that passes results to the screen."""

    def __init__(self, take: Callable[[FrameResult], None]) -> None:
        self._take = take

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        """Nothing to prepare."""

    def write(self, result: FrameResult) -> None:
        self._take(result)

    def close(self) -> None:
        """The last picture remains."""
