"""Statistics of one source: its frames, its duration, and each face's time and mean expression."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.reservoir import Reservoir
from app.core.types import UNREADABLE, FaceResult, FrameResult

LONGEST_S = 1.0
"""Most seconds that one frame counts for its faces, so that a long still picture does not count as presence."""


@dataclass(slots=True)
class _Seen:
    first_s: float
    last_s: float
    total: NDArray[np.float64]
    frames: int = 0
    read: int = 0
    seconds: float = 0.0
    quality: Counter[str] = field(default_factory=Counter)


class Summary:
    """The statistics so far; memory grows only with the faces and the names of pictures.

    A frame lasts for its duration or, if unknown, until the next one; the last one for the mean of the others or, if
    unknown, for `period_s`.
    """

    def __init__(self, labels: tuple[str, ...], period_s: float | None = None) -> None:
        self._labels = labels
        self._period_s = period_s
        self.frames = 0
        self.pictures: list[str] = []
        self._first_s = self._last_s = 0.0
        self._last_length_s: float | None = None
        self._waiting: tuple[int, ...] = ()  # faces of the last frame while its duration is unknown
        self._stills = False
        self._seen: dict[int, _Seen] = {}
        self._stage_ms: defaultdict[str, Reservoir] = defaultdict(Reservoir)

    def add(self, result: FrameResult) -> None:
        """Count the next frame."""
        frame = result.frame
        if not self.frames:
            self._first_s = frame.time_s
        elif self._last_length_s is None:
            self._count(self._waiting, frame.time_s - self._last_s)
        self.frames += 1
        self._last_s, self._last_length_s = frame.time_s, frame.duration_s
        self._stills = self._stills or frame.still
        if frame.name is not None:
            self.pictures.append(frame.name)
        for stage, spent_ms in result.stage_ms.items():
            self._stage_ms[stage].add(spent_ms)
        for face in result.faces:
            self._see(face, frame.time_s)
        self._waiting = tuple(face.track_id for face in result.faces)
        if frame.duration_s is not None:
            self._count(self._waiting, frame.duration_s)

    def _see(self, face: FaceResult, time_s: float) -> None:
        seen = self._seen.setdefault(face.track_id, _Seen(time_s, time_s, np.zeros(len(self._labels))))
        seen.last_s = time_s
        seen.frames += 1
        seen.quality.update(face.quality)
        if face.label != UNREADABLE:
            seen.read += 1
            seen.total += face.raw

    def _count(self, faces: Iterable[int], seconds: float) -> None:
        for track_id in faces:
            self._seen[track_id].seconds += min(max(seconds, 0.0), LONGEST_S)

    @property
    def duration_s(self) -> float:
        """From the first frame's time to the end of the last one."""
        return self._last_s - self._first_s + self._last_s_long() if self.frames else 0.0

    @property
    def fps(self) -> float | None:
        """Frames per second as they were shown; None if unknown."""
        duration_s = self.duration_s
        return self.frames / duration_s if duration_s > 0 else None

    def _last_s_long(self) -> float:
        if self._last_length_s is not None:
            return self._last_length_s
        if self.frames > 1 and self._last_s > self._first_s:
            return (self._last_s - self._first_s) / (self.frames - 1)
        return self._period_s or 0.0

    def values(self) -> dict[str, Any]:
        """`pictures` (where frames have names), `frames`, `fps`, `duration_s`, `faces` and `stage_ms` of the JSON."""
        fps = self.fps
        return {
            **({"pictures": list(self.pictures)} if self.pictures else {}),
            "frames": self.frames,
            "fps": None if fps is None else round(fps, 3),
            "duration_s": round(self.duration_s, 6),
            "faces": [self._face(track_id, seen) for track_id, seen in sorted(self._seen.items())],
            "stage_ms": {stage: _rounded(times) for stage, times in self._stage_ms.items()},
        }

    def _face(self, track_id: int, seen: _Seen) -> Mapping[str, Any]:
        """Of one face; its `mean` is over unsmoothed probabilities of the frames in which it could be read.

        `quality` gives the share of its frames with each problem.
        """
        shares = seen.total / seen.read if seen.read else ()
        mean = {name: round(float(share), 6) for name, share in zip(self._labels, shares, strict=bool(seen.read))}
        quality = {word: round(count / seen.frames, 6) for word, count in sorted(seen.quality.items())}
        seconds = seen.seconds
        if self._last_length_s is None and track_id in self._waiting:
            seconds += min(self._last_s_long(), LONGEST_S)
        return {
            "id": track_id,
            "first_s": round(seen.first_s, 6),
            "last_s": round(seen.last_s, 6),
            "frames": seen.frames,
            "seen_s": None if self._stills else round(seconds, 6),
            "mean": mean,
            "label": max(mean, key=mean.__getitem__) if mean else UNREADABLE,
            **({"quality": quality} if quality else {}),
        }


def _rounded(times_ms: Reservoir) -> dict[str, float]:
    p50, p95 = times_ms.percentiles()
    return {"p50": round(p50, 4), "p95": round(p95, 4)}
