"""Statistics of a recording's readings for the list of sessions: the number of people, and a strip of labels over
time."""

from collections import Counter
from collections.abc import Iterable

MOST_PARTS = 96
EMPTY = ""

_FEW = 3
_GAP_S = 1.0


class SessionTally:
    """Counts the labels in each time span; when there are too many spans, they are joined in pairs."""

    def __init__(self) -> None:
        self._part_s = 0.25
        self._parts: list[Counter[str]] = []
        self._readings: Counter[int] = Counter()
        self._start_s: float | None = None

    @property
    def people(self) -> int:
        """Number of distinct faces with at least three readings."""
        return sum(count >= _FEW for count in self._readings.values())

    def add(self, time_s: float, seen: Iterable[tuple[int, str]]) -> None:
        """Count ids and labels of the next reading."""
        if self._start_s is None:
            self._start_s = time_s
        since_s = max(time_s - self._start_s, 0.0)
        while since_s >= MOST_PARTS * self._part_s:
            self._join()
        place = int(since_s / self._part_s)
        self._parts += [Counter() for _ in range(place + 1 - len(self._parts))]
        pairs = tuple(seen)
        self._parts[place].update([label for _, label in pairs] or [EMPTY])
        self._readings.update(track_id for track_id, _ in pairs)

    def strip(self) -> tuple[str, ...]:
        """The label seen most in each part, `EMPTY` if no face was; between 48 and 96 parts for long times.

        Gaps of less than a second keep the previous label.
        """
        labels: list[str] = []
        empty = 0
        for part in self._parts:
            empty = 0 if part else empty + 1
            if part:
                labels.append(part.most_common(1)[0][0])
            else:
                labels.append(labels[-1] if labels and empty * self._part_s < _GAP_S else EMPTY)
        return tuple(labels)

    def _join(self) -> None:
        self._parts += [Counter()] * (len(self._parts) % 2)
        self._parts = [one + other for one, other in zip(self._parts[::2], self._parts[1::2], strict=True)]
        self._part_s *= 2
