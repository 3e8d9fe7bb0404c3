"""Goes on with the analysis of a film that was ended early."""

from collections.abc import Sequence
from dataclasses import replace

from app.core.geometry import iou
from app.core.reading import Reading
from app.core.stages import FrameSource, Seekable
from app.core.store import ReadingStore
from app.core.types import FaceResult

WARM_S = 10.0
"""An analysis that goes on reads so much again before: nothing that tracker, smoother and search remember of a face in
the picture is older, or weighs."""
_SAME_S = 4e-4
_SAME_IOU = 0.5


class Joint:
    """Where an analysis goes on with what an earlier one left.

    The stretch before is read again, and the faces found there get their previous ids; a face that comes later
    gets new ones.

    Args:
        kept: What the earlier one left; the readings that are given continue it.
        offset: What is added to the numbers of frames.
    """

    def __init__(self, kept: ReadingStore, offset: int) -> None:
        self._kept = kept
        self._offset = offset
        self._until_s = kept.last_s
        self._ids: dict[int, int] = {}
        self._next_id = max((face.track_id for face in kept.faces()), default=-1) + 1

    @classmethod
    def of(cls, source: FrameSource, kept: ReadingStore) -> "Joint | None":
        """Place a source before the end of what is kept.

        None, with the source at any position, if that is not worth it, or if the source's times have changed.
        """
        from_s = kept.covered - WARM_S
        if kept.complete or from_s < WARM_S or not isinstance(source, Seekable):
            return None
        source.seek(from_s)
        first = next(iter(source), None)
        known = None if first is None else kept.at_time(first.time_s + _SAME_S / 2)
        if first is None or known is None or abs(known.time_s - first.time_s) > _SAME_S:
            return None
        source.seek(from_s)
        return cls(kept, known.index - first.index)

    def joined(self, reading: Reading) -> Reading | None:
        """A reading as the earlier analysis would have given it; None for what is kept already."""
        if reading.time_s <= self._until_s + _SAME_S:
            known = self._kept.at_time(reading.time_s + _SAME_S / 2)
            if known is not None and abs(known.time_s - reading.time_s) <= _SAME_S:
                self._recognise(reading.faces, known.faces)
            return None
        faces = tuple(replace(face, track_id=self._id(face.track_id)) for face in reading.faces)
        return replace(reading, index=reading.index + self._offset, faces=faces)

    def _recognise(self, faces: Sequence[FaceResult], known: Sequence[FaceResult]) -> None:
        for face in faces:
            best = max(known, key=lambda other: iou(face.box, other.box), default=None)
            if best is not None and iou(face.box, best.box) > _SAME_IOU:
                # No other face has this id now, even if it was given to another one before.
                self._ids = {new: old for new, old in self._ids.items() if old != best.track_id}
                self._ids[face.track_id] = best.track_id

    def _id(self, track_id: int) -> int:
        if track_id not in self._ids:
            self._ids[track_id] = self._next_id
            self._next_id += 1
        return self._ids[track_id]
