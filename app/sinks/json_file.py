"""Writes a summary of one source: what ran, how long it took, and each face's mean expression."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.reservoir import Reservoir
from app.core.types import FrameResult, SourceInfo
from app.sinks.output import writing
from models.files import replacing


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What made the results, as the summary names it.

    Attributes:
        model: The bundle's name.
        sha256: Digest of the bundle's network.
        detector: Its name in `models.detectors`.
        engine: `litert` or `keras`.
        version: Mimik's own.
    """

    model: str
    sha256: str
    detector: str
    engine: str
    version: str


@dataclass(slots=True)
class _Seen:
    first_s: float
    last_s: float
    frames: int
    total: NDArray[np.float64]


class JsonSink:
    """Collects one source's summary and writes it whole at `close`, so that a reader never meets half a file.

    Of a folder, `pictures` names the file of each frame; those that could not be read are not among them.

    A face's `mean` is over its unsmoothed probabilities, each frame counting the same; its `label` is the strongest
    of them.

    Raises:
        InputError: From `close`, if the file cannot be written.
    """

    def __init__(self, path: Path, facts: RunFacts) -> None:
        self.path = path
        self._facts = facts
        self._info: SourceInfo | None = None
        self._is_open = False
        self._labels: tuple[str, ...] = ()
        self._frames = 0
        self._first_s = self._last_s = 0.0
        self._pictures: list[str] = []
        self._seen: dict[int, _Seen] = {}
        self._stage_ms: defaultdict[str, Reservoir] = defaultdict(Reservoir)

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._info, self._labels, self._is_open = info, labels, True

    def write(self, result: FrameResult) -> None:
        time_s = result.frame.time_s
        if not self._frames:
            self._first_s = time_s
        self._frames += 1
        self._last_s = time_s
        if result.frame.name is not None:
            self._pictures.append(result.frame.name)
        for stage, spent_ms in result.stage_ms.items():
            self._stage_ms[stage].add(spent_ms)
        for face in result.faces:
            seen = self._seen.setdefault(face.track_id, _Seen(time_s, time_s, 0, np.zeros(len(self._labels))))
            seen.last_s = time_s
            seen.frames += 1
            seen.total += face.raw

    def close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        text = json.dumps(self.summary(), indent=2, ensure_ascii=False) + "\n"
        with writing(self.path), replacing(self.path) as part:
            part.write_text(text, encoding="utf-8")

    @property
    def opened(self) -> bool:
        """True from `open` on."""
        return self._info is not None

    def summary(self) -> dict[str, Any]:
        """What the file says, with the keys of the file; also valid after `close`."""
        facts = self._facts
        fps = self._fps()
        return {
            "source": self._info.name if self._info else "",
            **({"pictures": list(self._pictures)} if self._pictures else {}),
            "frames": self._frames,
            "fps": fps,
            "duration_s": self._duration_s(fps),
            "model": {"name": facts.model, "sha256": facts.sha256},
            "detector": facts.detector,
            "engine": facts.engine,
            "emotions": list(self._labels),
            "faces": [self._face(track_id, seen) for track_id, seen in sorted(self._seen.items())],
            "stage_ms": {stage: _rounded(times) for stage, times in self._stage_ms.items()},
            "version": facts.version,
        }

    def _fps(self) -> float | None:
        if self._info is not None and self._info.fps and not self._info.live:  # a live source may have dropped some
            return self._info.fps
        span_s = self._last_s - self._first_s
        return round((self._frames - 1) / span_s, 3) if span_s > 0 else None

    def _duration_s(self, fps: float | None) -> float:
        """From the first frame's time to the end of the last one, which is shown for one period."""
        if not self._frames:
            return 0.0
        return round(self._last_s - self._first_s + (1 / fps if fps else 0.0), 6)

    def _face(self, track_id: int, seen: _Seen) -> Mapping[str, Any]:
        mean = {
            name: round(float(share), 6) for name, share in zip(self._labels, seen.total / seen.frames, strict=True)
        }
        return {
            "id": track_id,
            "first_s": round(seen.first_s, 6),
            "last_s": round(seen.last_s, 6),
            "frames": seen.frames,
            "mean": mean,
            "label": max(mean, key=mean.__getitem__),
        }


def _rounded(times_ms: Reservoir) -> dict[str, float]:
    p50, p95 = times_ms.percentiles()
    return {"p50": round(p50, 4), "p95": round(p95, 4)}
