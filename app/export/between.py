"""Where faces are in every picture of a film, including those that were not read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.core.columns import Columns
from app.core.reading import Reading
from app.core.store import ReadingStore
from app.core.types import Box, FaceResult, Frame, FrameResult
from app.export.content import Content, Moment

_SAME_S = 4e-4
_CARRIED_S = 0.5
"""A picture that was not read shows the previous reading if that is no older than this."""

HELD_S, BRIDGED_S = 0.5, 3.0
"""A face counts as present this long before and after it was seen, and throughout a gap no longer than that."""


class Joined:
    """Finds the faces for a picture.

    Args:
        content: The readings, all of which are read into memory.
        by_index: As of `Footage`.
    """

    def __init__(self, content: Content, *, by_index: bool) -> None:
        self.labels = content.labels
        self._by_index = by_index
        self._numbers = Columns({"frame": (np.int64, ()), "row": (np.int64, ())})
        self._store = ReadingStore(content.labels)
        self._corrected: dict[int, Mapping[int, str]] = {}
        self.tracks = Tracks()
        for moment in content.moments():
            self._add(moment)
        self._store.finish()

    def _add(self, moment: Moment) -> None:
        self._store.append(moment.reading)
        self.tracks.add(moment.reading.time_s, moment.reading.faces)
        if moment.corrected:
            self._corrected[moment.reading.index] = moment.corrected
        if moment.frame is not None:
            self._numbers.append(frame=moment.frame, row=moment.reading.index)

    def result(self, frame: Frame) -> FrameResult:
        """A picture with its reading; one without gets the faces of the last reading, moved to their interpolated
        places."""
        reading = self._reading(frame)
        if reading is not None:
            return FrameResult(frame, reading.faces, self.labels, reading.stage_ms)
        before = None if frame.still else self._before(frame.time_s)
        places = {} if before is None else self.tracks.at(frame.time_s)
        faces = () if before is None else before.faces
        carried = tuple(replace(face, box=places[face.track_id]) for face in faces if face.track_id in places)
        return FrameResult(frame, carried, self.labels, {})

    def corrected(self, frame: Frame) -> Mapping[int, str]:
        """Face -> the label that a person gave it in this picture, or in the last one that was read."""
        reading = self._reading(frame) or (None if frame.still else self._before(frame.time_s))
        return {} if reading is None else self._corrected.get(reading.index, {})

    def _reading(self, frame: Frame) -> Reading | None:
        if self._by_index:
            row = self._row(frame.index)
            return None if row is None else self._store.at(row)
        reading = self._store.at_time(frame.time_s + _SAME_S / 2)
        return reading if reading is not None and abs(reading.time_s - frame.time_s) <= _SAME_S else None

    def _before(self, time_s: float) -> Reading | None:
        reading = self._store.at_time(time_s)
        return reading if reading is not None and time_s - reading.time_s <= _CARRIED_S else None

    def _row(self, frame: int) -> int | None:
        frames = self._numbers["frame"]
        place = int(frames.searchsorted(frame))
        return int(self._numbers["row"][place]) if place < len(frames) and frames[place] == frame else None


class Tracks:
    """The places of each face over time."""

    def __init__(self) -> None:
        self._columns: dict[int, Columns] = {}
        self._firsts = self._lasts = np.empty(0)
        self._ids: tuple[int, ...] = ()

    def add(self, time_s: float, faces: Sequence[FaceResult]) -> None:
        """Add the faces of the next reading."""
        for face in faces:
            if face.track_id not in self._columns:
                self._columns[face.track_id] = Columns({"time_s": (np.float64, ()), "box": (np.float64, (4,))})
            box = face.box
            self._columns[face.track_id].append(time_s=time_s, box=(box.x, box.y, box.w, box.h))
        self._ids = ()

    def at(self, time_s: float) -> Mapping[int, Box]:
        """Face -> its measured or interpolated place at a moment."""
        if not self._ids:
            self._ids = tuple(self._columns)
            self._firsts = np.array([rows["time_s"][0] for rows in self._columns.values()])
            self._lasts = np.array([rows["time_s"][-1] for rows in self._columns.values()])
        near = np.flatnonzero((self._firsts - HELD_S <= time_s) & (time_s <= self._lasts + HELD_S))
        places = ((self._ids[place], self._box(self._columns[self._ids[place]], time_s)) for place in near)
        return {track_id: box for track_id, box in places if box is not None}

    @staticmethod
    def _box(rows: Columns, time_s: float) -> Box | None:
        times, boxes = rows["time_s"], rows["box"]
        after = int(times.searchsorted(time_s, side="right"))
        if after in (0, len(times)):
            return Box(*boxes[max(after - 1, 0)].tolist())
        before_s, after_s = times[after - 1], times[after]
        if after_s - before_s <= BRIDGED_S:
            share = (time_s - before_s) / (after_s - before_s)
            return Box(*(boxes[after - 1] * (1 - share) + boxes[after] * share).tolist())
        if time_s - before_s <= HELD_S:
            return Box(*boxes[after - 1].tolist())
        return Box(*boxes[after].tolist()) if after_s - time_s <= HELD_S else None
