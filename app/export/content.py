"""What is exported: readings in time order, what people wrote about them, and the film they were read from."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.core.reading import Reading
from app.core.stages import FrameSource
from app.core.store import ReadingStore
from app.core.types import UNCERTAIN
from models.errors import InputError

NOTE, MARK, LABEL = "note", "mark", "label"
NOT_SURE = "not sure"
"""A correction without a definite emotion; counted as `uncertain`."""

_SAME_S = 4e-4


@dataclass(frozen=True, slots=True)
class ContentNote:
    """A row of a session's notes.

    Attributes:
        start_s, end_s: The stretch in the readings' seconds; equal for a moment.
        face_id: The face concerned, or None for the moment as a whole, or for every face of it.
        kind: `note`, `mark` or `label`, whose text is an emotion or `not sure`.
        text: What was written.
    """

    start_s: float
    end_s: float
    face_id: int | None
    kind: str
    text: str

    @property
    def label(self) -> str:
        """The label that a correction gives."""
        return UNCERTAIN if self.text in (NOT_SURE, UNCERTAIN) else self.text

    def covers(self, start_s: float, end_s: float) -> bool:
        """Whether the note is about a frame that is shown from `start_s` until before `end_s`."""
        if self.end_s > self.start_s:
            return self.start_s - _SAME_S <= start_s < self.end_s - _SAME_S
        return start_s - _SAME_S <= self.start_s < max(end_s - _SAME_S, start_s + _SAME_S)


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading with its notes, corrections and picture.

    Attributes:
        reading: By the network, never changed by a correction. Its `index` counts the moments.
        frame: Number of the picture; None if the video lacks it.
        picture: The name of the frame's own file, if it has one.
        corrected: Face id -> the label that a person gave.
        notes: The notes about this moment.
    """

    reading: Reading
    frame: int | None
    picture: str = ""
    corrected: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footage:
    """The pictures that belong to readings.

    Attributes:
        open: Opens them, of the whole film or from `start_s` to before `end_s`.
        sound_of: The file with the sound, or None.
        by_index: Whether readings and pictures are matched by number instead of time.
    """

    open: Callable[[float | None, float | None], FrameSource]
    sound_of: Path | None
    by_index: bool = False


def no_footage() -> Footage:
    """Placeholder for missing pictures.

    Raises:
        InputError: Always.
    """
    raise InputError("There are no pictures for these readings; export a table or a page instead.")


@dataclass(frozen=True)
class Content:
    """Everything that can be exported of one source.

    Attributes:
        title: Title for people.
        stem: Base name of its files, without suffix.
        labels: Emotions in the order of the probabilities.
        read: Returns the moments from the start, any number of times; without corrections and notes.
        facts: Facts about the run, with the keys of `analyze`'s JSON, as far as known.
        notes: The notes, by start; None if there cannot be any.
        footage: Finds the pictures, which may take as long as reading the film; raises `InputError` if there are none.
        files: Its files, which nothing may replace.
        stills: Whether it consists of single pictures, so that no face has a duration.
    """

    title: str
    stem: str
    labels: tuple[str, ...]
    read: Callable[[], Iterable[Moment]]
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[ContentNote, ...] | None = None
    footage: Callable[[], Footage] = no_footage
    files: tuple[Path, ...] = ()
    stills: bool = False
    start_s: float | None = None
    end_s: float | None = None

    def between(self, start_s: float | None, end_s: float | None) -> "Content":
        """The same, restricted to frames with start_s <= time < end_s."""
        return replace(self, start_s=start_s, end_s=end_s)

    @property
    def length_s(self) -> float:
        """Time of the last reading in seconds, as far as known; for the progress of an export."""
        known = self.facts.get("duration_s")
        whole = float(known) if isinstance(known, int | float) else 0.0
        return min(whole, self.end_s) if self.end_s is not None else whole

    def moments(self) -> Iterator[Moment]:
        """The moments of the stretch in order, with corrections and notes; each reading has a duration.

        Raises:
            InputError: If the readings cannot be read, or a stretch was chosen in which there are none.
        """
        start_s, end_s = self.start_s or 0.0, math.inf if self.end_s is None else self.end_s
        notes = _Upcoming(self.notes or ())
        last_s, some = 0.0, self.start_s is None and self.end_s is None
        for moment in timed(self.read()):
            last_s = moment.reading.time_s
            if last_s >= end_s - _SAME_S:
                break
            if last_s >= start_s - _SAME_S:
                some = True
                yield notes.added(moment)
        if not some:
            raise InputError(f"{self.title} has no readings in that stretch; the nearest is at {last_s:.2f} s.")

    def store(self) -> ReadingStore:
        """The readings of the stretch, with random access by time."""
        return stored(self.labels, self.moments())


def stored(labels: tuple[str, ...], moments: Iterable[Moment]) -> ReadingStore:
    """A store of the readings of moments."""
    store = ReadingStore(labels)
    for moment in moments:
        store.append(moment.reading)
    store.finish()
    return store


class _Upcoming:
    """Finds the notes of moments in time order, without scanning all notes for each moment."""

    def __init__(self, notes: Iterable[ContentNote]) -> None:
        self._ahead = sorted(notes, key=lambda note: note.start_s, reverse=True)
        self._open: list[ContentNote] = []

    def added(self, moment: Moment) -> Moment:
        reading = moment.reading
        start_s, end_s = reading.time_s, reading.time_s + (reading.duration_s or 0.0)
        while self._ahead and self._ahead[-1].start_s < end_s + _SAME_S:
            self._open.append(self._ahead.pop())
        self._open = [note for note in self._open if max(note.end_s, note.start_s) >= start_s - 2 * _SAME_S]
        here = [note for note in self._open if note.covers(start_s, end_s)]
        if not here:
            return moment
        corrected: dict[int, str] = {}
        for note in here:  # a later correction replaces an earlier one
            if note.kind == LABEL:
                faces = [face.track_id for face in reading.faces if note.face_id in (None, face.track_id)]
                corrected |= dict.fromkeys(faces, note.label)
        texts = tuple(note.text or note.kind for note in here if note.kind != LABEL)
        return replace(moment, corrected=MappingProxyType(corrected), notes=texts)


def timed(moments: Iterable[Moment]) -> Iterator[Moment]:
    """Give each reading without a duration the time to the next one; the last one lasts as long as the one before."""
    waiting: Moment | None = None
    length_s = 0.0
    for moment in moments:
        if waiting is not None:
            length_s = moment.reading.time_s - waiting.reading.time_s
            yield _lasting(waiting, length_s)
        waiting = moment
    if waiting is not None:
        yield _lasting(waiting, length_s)


def _lasting(moment: Moment, length_s: float) -> Moment:
    reading = moment.reading
    return moment if reading.duration_s is not None else replace(moment, reading=replace(reading, duration_s=length_s))
