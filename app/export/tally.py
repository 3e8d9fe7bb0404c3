"""Statistics of each face: its seconds by label and its mean expression."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.types import UNREADABLE
from app.export.content import Content, Moment
from app.sinks.summary import LONGEST_S


@dataclass(slots=True)
class FaceTally:
    """One face.

    Attributes:
        track_id: The face.
        first_s, last_s: Times of its first and last frame.
        total: Sum of the unsmoothed probabilities over the frames in which it could be read, shape (k,).
        frames, read: Number of frames with the face, and of those in which it could be read.
        seconds: Label -> seconds, at most one per frame; a correction counts instead of the label.
        corrected_s: How many of these seconds were corrected.
    """

    track_id: int
    first_s: float
    last_s: float
    total: NDArray[np.float64]
    frames: int = 0
    read: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    corrected_s: float = 0.0

    def add(self, moment: Moment, place: int) -> None:
        reading, face = moment.reading, moment.reading.faces[place]
        self.last_s = reading.time_s
        self.frames += 1
        if face.label != UNREADABLE:
            self.read += 1
            self.total += face.raw
        length_s = min(max(reading.duration_s or 0.0, 0.0), LONGEST_S)
        self.seconds[moment.corrected.get(self.track_id, face.label)] += length_s
        if self.track_id in moment.corrected:
            self.corrected_s += length_s

    @property
    def seen_s(self) -> float:
        return sum(self.seconds.values())

    def mean(self, labels: tuple[str, ...]) -> Mapping[str, float]:
        """Emotion -> mean probability; empty if the face could never be read."""
        shares = self.total / self.read if self.read else ()
        return {name: float(share) for name, share in zip(labels, shares, strict=bool(self.read))}

    def values(self, labels: tuple[str, ...], *, stills: bool) -> Mapping[str, Any]:
        """With the keys of `faces` in `analyze`'s JSON, and `seconds`."""
        mean = self.mean(labels)
        return {
            "id": self.track_id,
            "first_s": round(self.first_s, 6),
            "last_s": round(self.last_s, 6),
            "frames": self.frames,
            "seen_s": None if stills else round(self.seen_s, 6),
            "mean": {name: round(share, 6) for name, share in mean.items()},
            "label": max(mean, key=mean.__getitem__) if mean else UNREADABLE,
            "seconds": None if stills else {label: round(spent, 6) for label, spent in sorted(self.seconds.items())},
        }


@dataclass(slots=True)
class ContentTally:
    """Everything of one content.

    Attributes:
        faces: By id.
        moments: Number of moments.
        first_s, end_s: Time of the first one, and end of the last one.
        empty_s: Seconds without a face, at most one per frame.
    """

    faces: dict[int, FaceTally] = field(default_factory=dict)
    moments: int = 0
    first_s: float = 0.0
    end_s: float = 0.0
    empty_s: float = 0.0

    def add(self, moment: Moment, labels: int) -> None:
        reading = moment.reading
        if not self.moments:
            self.first_s = reading.time_s
        self.moments += 1
        self.end_s = reading.time_s + (reading.duration_s or 0.0)
        if not reading.faces:
            self.empty_s += min(max(reading.duration_s or 0.0, 0.0), LONGEST_S)
        for place, face in enumerate(reading.faces):
            if face.track_id not in self.faces:
                self.faces[face.track_id] = FaceTally(face.track_id, reading.time_s, reading.time_s, np.zeros(labels))
            self.faces[face.track_id].add(moment, place)

    def longest(self) -> tuple[FaceTally, ...]:
        """The faces, those seen longest first."""
        return tuple(sorted(self.faces.values(), key=lambda face: (-face.seen_s, -face.frames, face.track_id)))


def tallied(content: Content, moments: Iterable[Moment]) -> ContentTally:
    """Add up moments."""
    tally = ContentTally()
    for moment in moments:
        tally.add(moment, len(content.labels))
    return tally
