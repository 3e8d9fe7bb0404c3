"""Cuts a long film into parts that are read in parallel, and joins their readings."""

import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.anchors import ANCHOR_S
from app.core.assignment import assign
from app.core.geometry import iou
from app.core.types import FaceResult, FrameResult

OVERLAP_S = 10.0
"""Each part starts this long before the seam from which its readings count."""
_BEHIND_S = 7.5
"""A seam is this long after an anchor. A part begins 2.5 s before the anchor and knows the faces by then; from the
anchor on it finds the same as the whole film, and by the seam the smoothed values have converged."""
_LEAST_S = 30.0
"""Shortest part that is worth the overlap."""
_ROUNDING_S = 1e-4
_SAME_IOU = 0.4
"""Overlap of boxes from which two readings of one frame belong to one face."""


class SeamError(Exception):
    """Two parts do not fit together, so the film has to be read in one piece."""


@dataclass(frozen=True, slots=True)
class FilmPart:
    """A part of a film.

    Attributes:
        start_s: Start of reading; None for the film's beginning.
        seam_s: The time from which readings count; None for the film's beginning.
        end_s: The part's end; None for the film's.
    """

    start_s: float | None
    seam_s: float | None
    end_s: float | None

    def counts(self, time_s: float) -> bool:
        """Whether a moment belongs to this part and no other."""
        after = self.seam_s is None or time_s >= self.seam_s - _ROUNDING_S
        return after and (self.end_s is None or time_s < self.end_s - _ROUNDING_S)


def stretches(
    first_s: float, last_s: float, parts: int, *, start_s: float | None = None, end_s: float | None = None
) -> tuple[FilmPart, ...]:
    """Cut a film into parts of about the same length.

    Args:
        first_s: Start of the film, in the clock of its frames.
        last_s: End of the film.
        parts: Requested number; a short film gets fewer.
        start_s: `start_s` of the first part.
        end_s: `end_s` of the last part.

    Returns:
        At least one part, in order.

    >>> [(one.start_s, one.seam_s, one.end_s) for one in stretches(0, 600, 2)]
    [(None, None, 297.5), (287.5, 297.5, None)]
    >>> len(stretches(0, 65, 8)), len(stretches(0, 40, 8))
    (2, 1)
    """
    parts = min(parts, max(1, math.floor((last_s - first_s) / _LEAST_S)))
    seams: list[float | None] = []
    for number in range(1, parts):
        ideal_s = first_s + number * (last_s - first_s) / parts
        seam_s = round((ideal_s - _BEHIND_S) / ANCHOR_S) * ANCHOR_S + _BEHIND_S
        if first_s + OVERLAP_S < seam_s < last_s - OVERLAP_S and seam_s not in seams:
            seams.append(seam_s)
    ends = [*seams, end_s]
    starts = [start_s, *(seam_s - OVERLAP_S for seam_s in seams if seam_s is not None)]
    return tuple(FilmPart(*times) for times in zip(starts, [None, *seams], ends, strict=True))


def joined(parts: Sequence[Iterable[FrameResult]], cut: Sequence[FilmPart]) -> Iterator[FrameResult]:
    """The readings of a whole film, from those of its parts: each frame once, with the ids of one run.

    A face seen in both parts during their overlap keeps its id; a new face gets the next one, in the order of
    appearance. Frame numbers continue from part to part. No more than an overlap is held in memory.

    Args:
        parts: The readings of each part, in order, from its start to its end.
        cut: The parts.

    Raises:
        SeamError: If two parts did not read the same frames in their overlap.
    """
    tail: deque[FrameResult] = deque()
    ids = _Ids()
    offset = 0
    for number, (part, stretch) in enumerate(zip(parts, cut, strict=True)):
        results = iter(part)
        if number:
            head: list[FrameResult] = []
            after: list[FrameResult] = []
            for result in results:
                if stretch.counts(result.frame.time_s):
                    after.append(result)
                    break
                head.append(result)
            offset = _offset(tail, head)
            ids.begin(_same_faces(tail, head))
            results = _chained(after, results)
        for result in results:
            frame = replace(result.frame, index=result.frame.index + offset)
            whole = replace(result, frame=frame, faces=tuple(map(ids.renamed, result.faces)))
            tail.append(whole)
            while frame.time_s - tail[0].frame.time_s > OVERLAP_S + 1.0:
                tail.popleft()
            yield whole


class _Ids:
    """Ids of one part to those of the whole film."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}
        self._next = 0

    def begin(self, same: dict[int, int]) -> None:
        self._known = dict(same)

    def renamed(self, face: FaceResult) -> FaceResult:
        if face.track_id not in self._known:
            self._known[face.track_id] = self._next
        track_id = self._known[face.track_id]
        self._next = max(self._next, track_id + 1)
        return replace(face, track_id=track_id)


def _offset(tail: Iterable[FrameResult], head: Sequence[FrameResult]) -> int:
    """The offset of the next part's frame numbers from those of the whole film."""
    if not head:
        raise SeamError("no frame in the overlap")
    before = {_stamp(result): result.frame.index for result in tail if _stamp(result) >= _stamp(head[0])}
    if list(before) != [_stamp(result) for result in head]:
        raise SeamError("other frames in the overlap")
    offsets = {index - result.frame.index for index, result in zip(before.values(), head, strict=True)}
    if len(offsets) != 1:
        raise SeamError("other numbers in the overlap")
    return offsets.pop()


def _same_faces(tail: Iterable[FrameResult], head: Sequence[FrameResult]) -> dict[int, int]:
    """Ids of the next part -> ids of the whole film, by how often their boxes coincide in the overlap."""
    before = {_stamp(result): result for result in tail}
    together: Counter[tuple[int, int]] = Counter()
    for result in head:
        for face in result.faces:
            for other in before[_stamp(result)].faces:
                together[face.track_id, other.track_id] += iou(face.box, other.box) > _SAME_IOU
    new, old = (sorted({pair[place] for pair in together}) for place in (0, 1))
    most = max(together.values(), default=0)
    costs = [[1.0 - together[a, b] / (most + 1) if together[a, b] else math.inf for b in old] for a in new]
    return {new[row]: old[column] for row, column in assign(costs, unmatched=1.0)}


def _stamp(result: FrameResult) -> int:
    return round(result.frame.time_s * 1e6)


def _chained(first: Sequence[FrameResult], rest: Iterator[FrameResult]) -> Iterator[FrameResult]:
    yield from first
    yield from rest
