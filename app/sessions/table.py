"""Writes the readings of a recording into `readings.csv`, each after its picture."""

import os
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.core.types import FaceResult
from app.sessions.tally import SessionTally
from app.sinks.csv_file import RowFile, header, rows_of

_MOST_HELD = 4096


@dataclass(frozen=True, slots=True)
class _Held:
    number: int | None
    time_s: float
    faces: tuple[FaceResult, ...]
    picture: str


class ReadingsWriter:
    """Holds readings until their pictures are in the video for good, then writes them.

    So what a killed program leaves has no reading of a picture that is not there. Readings come in the order of time;
    one whose picture the video lacks is written without a number.

    Args:
        path: The file.
        labels: Emotions in the order of the probabilities.

    Attributes:
        written: Number of readings in the file.
        tally: The statistics for the list of sessions.

    Raises:
        InputError: From every method but `add`, if the file cannot be written.
    """

    def __init__(self, path: Path, labels: tuple[str, ...]) -> None:
        self.written = 0
        self.tally = SessionTally()
        self._labels = labels
        self._held: deque[_Held] = deque()
        self._lock = threading.Lock()
        self._file = RowFile(path)
        self._file.put([header(labels)])

    @property
    def size(self) -> int:
        """Size of the file in bytes."""
        return self._file.size

    def add(self, number: int | None, time_s: float, faces: Sequence[FaceResult], picture: str = "") -> None:
        """Add the next reading. Never waits.

        Args:
            number: Number of its picture in the video; None if the video lacks it.
            time_s: Seconds in the session's time.
            faces: What was read.
            picture: Name of the file of a picture that has its own.
        """
        with self._lock:
            self._held.append(_Held(number, time_s, tuple(faces), picture))

    def flush(self, pictures: int, *, ended: bool) -> None:
        """Write the readings whose pictures are safe.

        Args:
            pictures: Number of pictures safely in the video.
            ended: Whether there will be no more pictures, so that all readings can be written.
        """
        rows: list[list[str]] = []
        ready: list[_Held] = []
        with self._lock:
            while self._held and (ended or len(self._held) > _MOST_HELD or _is_there(self._held[0], pictures)):
                ready.append(self._held.popleft())
        for held in ready:
            lost = ended and not _is_there(held, pictures)
            rows += rows_of(None if lost else held.number, held.time_s, held.faces, self._labels, held.picture)
        if rows:
            self._file.put(rows)
        for held in ready:
            self.written += 1
            self.tally.add(held.time_s, ((face.track_id, face.label) for face in held.faces))

    def sync(self) -> None:
        """Sync the file to disk."""
        with suppress(OSError):  # writing will report it
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def _is_there(held: _Held, pictures: int) -> bool:
    return held.number is None or held.number < pictures
