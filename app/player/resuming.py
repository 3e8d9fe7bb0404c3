"""Resumes the analysis of a film that was ended early."""

from collections.abc import Sequence
from dataclasses import replace

from app.core.geometry import iou
from app.core.reading import Reading
from app.core.stages import FrameSource, Seekable
from app.core.store import ReadingStore
from app.core.types import FaceResult

WARM_S = 10.0
"""How much is read again before the point of resumption: tracker, smoother and search remember nothing older that
matters."""
_SAME_S = 4e-4
_SAME_IOU = 0.5


class Joint:
    """The seam between an earlier analysis and its continuation.

    The stretch before it is read again, and the faces found there get their previous ids; faces that appear later get
    new ones.

    Args:
        kept: The earlier readings, which the new ones continue.
        offset: Offset of the frame numbers.
    """

    def __init__(self, kept: ReadingStore, offset: int) -> None:
        self._kept = kept
        self._offset = offset
        self._until_s = kept.last_s
        self._ids: dict[int, int] = {}
        self._next_id = max((face.track_id for face in kept.faces()), default=-1) + 1

    @classmethod
    def of(cls, source: FrameSource, kept: ReadingStore) -> "Joint | None":
        """Seek a source to before the end of the earlier readings.

        None, with the source at any position, if that is not worthwhile, or if the source's times have changed.
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
        """A reading as the earlier analysis would have given it; None if that has the reading already."""
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
                # no other face keeps this id, even if it was given to another one before
                self._ids = {new: old for new, old in self._ids.items() if old != best.track_id}
                self._ids[face.track_id] = best.track_id

    def _id(self, track_id: int) -> int:
        if track_id not in self._ids:
            self._ids[track_id] = self._next_id
            self._next_id += 1
        return self._ids[track_id]
