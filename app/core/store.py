"""Stores the readings of a film in time order; look-ups are as fast at its end as at its start."""

import threading
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.core.columns import Columns
from app.core.pipeline import STAGES
from app.core.reading import FaceSpan, Reading, Series
from app.core.types import Box, FaceResult

_T = TypeVar("_T")

NONE = -1
"""Code in a strip for an absent face."""


class ReadingStore:
    """Append-only, in time order, in arrays; every look-up is a binary search. One thread appends while others read.

    Args:
        labels: Emotions in the order of the probabilities.
    """

    def __init__(self, labels: tuple[str, ...]) -> None:
        k = len(labels)
        self.labels = labels
        self._frames = Columns(
            {
                "index": (np.int64, ()),
                "time_s": (np.float64, ()),
                "duration_s": (np.float64, ()),
                "first": (np.int32, ()),
                "stage_ms": (np.float32, (len(STAGES),)),
            }
        )
        self._faces = Columns(
            {
                "id": (np.int32, ()),
                "box": (np.float64, (4,)),
                "score": (np.float64, ()),
                "raw": (np.float32, (k,)),
                "smooth": (np.float32, (k,)),
                "label": (np.int16, ()),
                "quality": (np.int16, ()),
            }
        )
        self._rows: dict[int, Columns] = {}
        self._names = list(labels)
        self._qualities: list[tuple[str, ...]] = [()]
        self._complete = False
        self._lock = threading.RLock()

    def __len__(self) -> int:
        """Number of frames."""
        return len(self._frames)

    @property
    def nbytes(self) -> int:
        """Bytes held in arrays."""
        with self._lock:
            return self._frames.nbytes + self._faces.nbytes + sum(rows.nbytes for rows in self._rows.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Labels by their code in a strip: first the emotions, then all other labels that occur."""
        return tuple(self._names)

    @property
    def complete(self) -> bool:
        """Whether the film was read to its end."""
        return self._complete

    @property
    def covered(self) -> float:
        """Seconds up to which the film has been read: the last frame's end, or its time where that is unknown."""
        with self._lock:
            if not len(self._frames):
                return 0.0
            last_s, duration_s = self._frames["time_s"][-1], self._frames["duration_s"][-1]
            return float(last_s if np.isnan(duration_s) else last_s + duration_s)

    @property
    def last_s(self) -> float:
        """Presentation time of the last frame in seconds; minus infinity if there is none."""
        with self._lock:
            return float(self._frames["time_s"][-1]) if len(self._frames) else -np.inf

    def append(self, reading: Reading) -> None:
        """Add the reading of the next frame.

        Raises:
            ValueError: If it is not later than the last one, by index and by time, or has other labels.
        """
        with self._lock:
            if reading.labels != self.labels:
                raise ValueError(f"a store of {self.labels} takes no readings of {reading.labels}")
            frames = self._frames
            number, first = len(frames), len(self._faces)
            if number and (reading.index <= frames["index"][-1] or reading.time_s <= frames["time_s"][-1]):
                raise ValueError(f"frame {reading.index} at {reading.time_s} s is not later than the last one")
            for row, face in enumerate(reading.faces, first):
                self._add_face(face)
                if face.track_id not in self._rows:
                    self._rows[face.track_id] = Columns({"frame": (np.int32, ()), "row": (np.int32, ())})
                self._rows[face.track_id].append(frame=number, row=row)
            frames.append(
                index=reading.index,
                time_s=reading.time_s,
                duration_s=np.nan if reading.duration_s is None else reading.duration_s,
                first=first,
                stage_ms=[reading.stage_ms.get(stage, np.nan) for stage in STAGES],
            )

    def _add_face(self, face: FaceResult) -> None:
        box = face.box
        self._faces.append(
            id=face.track_id,
            box=(box.x, box.y, box.w, box.h),
            score=face.score,
            raw=face.raw,
            smooth=face.smooth,
            label=_code(self._names, face.label),
            quality=_code(self._qualities, face.quality),
        )

    def finish(self) -> None:
        """Mark the film as read to its end."""
        self._complete = True

    def at(self, index: int) -> Reading | None:
        """The reading of the frame with an index, or None if that frame was not read."""
        with self._lock:
            number = int(self._frames["index"].searchsorted(index))
            found = number < len(self._frames) and self._frames["index"][number] == index
            return self._reading(number) if found else None

    def at_time(self, time_s: float) -> Reading | None:
        """The reading of the frame shown at a time; None before the first frame and beyond `covered`."""
        with self._lock:
            number = int(self._frames["time_s"].searchsorted(time_s, side="right")) - 1
            if number < 0 or (number == len(self) - 1 and time_s > max(self.covered, self._frames["time_s"][-1])):
                return None
            return self._reading(number)

    def between(self, start_s: float, end_s: float) -> Iterator[Reading]:
        """The readings of the frames with start_s <= time < end_s, in order."""
        with self._lock:
            first, last = self._frames["time_s"].searchsorted((start_s, end_s))
        for number in range(int(first), int(last)):
            with self._lock:
                reading = self._reading(number)
            yield reading

    def faces(self) -> tuple[FaceSpan, ...]:
        """Every face, in the order of ids."""
        with self._lock:
            times = self._frames["time_s"]
            return tuple(
                FaceSpan(i, float(times[rows["frame"][0]]), float(times[rows["frame"][-1]]), len(rows))
                for i, rows in sorted(self._rows.items())
            )

    def series(self, track_id: int, start_s: float = -np.inf, end_s: float = np.inf, most: int | None = None) -> Series:
        """A face's probabilities with start_s <= time <= end_s, empty if it is unknown.

        Args:
            track_id: The face.
            start_s, end_s: Seconds.
            most: Return at most this many values, evenly spread over the interval; all by default.
        """
        with self._lock:
            rows = self._rows.get(track_id)
            if rows is None:
                none = np.empty((0, len(self.labels)), np.float32)
                return Series(np.empty(0), none, none)
            times = self._frames["time_s"]
            low, high = times.searchsorted(start_s), times.searchsorted(end_s, side="right")
            first, last = rows["frame"].searchsorted((low, high))
            step = 1 if most is None else max(1, -(-int(last - first) // most))
            place = slice(int(first), int(last), step)
            frames, faces = rows["frame"][place], rows["row"][place]
            return Series(times[frames], self._faces["raw"][faces], self._faces["smooth"][faces])

    def strip(self, track_id: int, edges_s: NDArray[np.float64]) -> NDArray[np.int16]:
        """A face's label in each of n intervals: the code in `names` of its first frame there, else `NONE`.

        Args:
            track_id: The face.
            edges_s: Shape (n + 1,), rising: the bounds of the intervals.
        """
        with self._lock:
            codes = np.full(len(edges_s) - 1, NONE, np.int16)
            rows = self._rows.get(track_id)
            if rows is None:
                return codes
            start, end = self._stretches(edges_s)
            frames = rows["frame"]
            place = frames.searchsorted(start)
            seen = np.flatnonzero(place < len(frames))
            seen = seen[frames[place[seen]] < end[seen]]
            codes[seen] = self._faces["label"][rows["row"][place[seen]]]
            return codes

    def peopled(self, edges_s: NDArray[np.float64]) -> NDArray[np.int16]:
        """Whether anyone is seen in each of n intervals: 1 yes, 0 no, `NONE` if nothing was read."""
        with self._lock:
            counts = np.full(len(edges_s) - 1, NONE, np.int16)
            if not len(self._frames):
                return counts
            start, end = self._stretches(edges_s)
            read = (edges_s[:-1] < self.covered) & (start < end)
            firsts = np.append(self._frames["first"], len(self._faces))
            counts[read] = firsts[end[read]] > firsts[start[read]]
            return counts

    def _stretches(self, edges_s: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Numbers of the first frame shown in each interval, and of the first one after it."""
        times = self._frames["time_s"]
        start = np.maximum(times.searchsorted(edges_s[:-1], side="right") - 1, 0)
        end = times.searchsorted(edges_s[1:])
        beyond = edges_s[:-1] >= self.covered
        return np.where(beyond, len(times), start), np.maximum(end, np.where(beyond, 0, start + 1))

    def _reading(self, number: int) -> Reading:
        frames, faces = self._frames, self._faces
        first = int(frames["first"][number])
        last = int(frames["first"][number + 1]) if number + 1 < len(frames) else len(faces)
        duration_s = float(frames["duration_s"][number])
        return Reading(
            int(frames["index"][number]),
            float(frames["time_s"][number]),
            None if np.isnan(duration_s) else duration_s,
            tuple(self._face(row) for row in range(first, last)),
            self.labels,
            MappingProxyType(dict(zip(STAGES, frames["stage_ms"][number].tolist(), strict=True))),
        )

    def _face(self, row: int) -> FaceResult:
        faces = self._faces
        return FaceResult(
            int(faces["id"][row]),
            Box(*faces["box"][row].tolist()),
            float(faces["score"][row]),
            faces["raw"][row],
            faces["smooth"][row],
            self._names[faces["label"][row]],
            self._qualities[faces["quality"][row]],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The content as arrays, for a file; `filled` restores them."""
        with self._lock:
            arrays = {f"frame_{name}": self._frames[name].copy() for name in self._frames}
            arrays |= {f"face_{name}": self._faces[name].copy() for name in self._faces}
            arrays["labels"] = np.array(self.labels)
            arrays["names"] = np.array(self._names)
            arrays["qualities"] = np.array([",".join(words) for words in self._qualities])
            arrays["complete"] = np.array(self._complete)
            return arrays

    @classmethod
    def filled(cls, arrays: dict[str, NDArray[Any]]) -> "ReadingStore":
        """A store from what `arrays` gave.

        Raises:
            ValueError, KeyError: If the arrays are not such.
        """
        store = cls(tuple(map(str, arrays["labels"])))
        frames, faces = len(arrays["frame_index"]), len(arrays["face_id"])
        store._frames.extend(frames, {name: arrays[f"frame_{name}"] for name in store._frames})
        store._faces.extend(faces, {name: arrays[f"face_{name}"] for name in store._faces})
        store._names = [*map(str, arrays["names"])]
        store._qualities = [tuple(filter(None, str(words).split(","))) for words in arrays["qualities"]]
        store._complete = bool(arrays["complete"])
        firsts = store._frames["first"]
        if frames and (np.any(np.diff(firsts) < 0) or firsts[0] != 0 or firsts[-1] > faces):
            raise ValueError("the faces of the frames are not in order")
        frame_of = np.repeat(np.arange(frames), np.diff(np.append(firsts, faces)))
        order = np.argsort(store._faces["id"], kind="stable")
        ids, starts = np.unique(store._faces["id"][order], return_index=True)
        # without faces there is still one empty chunk
        for track_id, rows in zip(ids.tolist(), np.split(order, starts[1:]), strict=False):
            table = Columns({"frame": (np.int32, ()), "row": (np.int32, ())})
            table.extend(len(rows), {"frame": frame_of[rows], "row": rows})
            store._rows[track_id] = table
        return store


def _code(known: list[_T], value: _T) -> int:
    """The position of a value in a short list, to which it is added if missing."""
    if value not in known:
        known.append(value)
    return known.index(value)
