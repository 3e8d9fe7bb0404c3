"""A source whose pictures are recorded on their way to the analysis."""

from collections.abc import Callable, Iterator
from typing import Self

from app.core.stages import FrameSource, Tappable
from app.core.types import Damage, Frame, SourceInfo


class RecordedSource:
    """Wraps a source; closing this one closes it. A live one shows all its frames, others those that are taken.

    Args:
        source: Open.
        take: Gets every frame.
        seconds: End this long after the first frame; None for the source's own end.
    """

    def __init__(self, source: FrameSource, take: Callable[[Frame], None], seconds: float | None = None) -> None:
        self.info: SourceInfo = source.info
        self._source = source
        self._take = take
        self._seconds = seconds
        self._first_s: float | None = None
        self._taps = isinstance(source, Tappable)
        if isinstance(source, Tappable):
            source.tap = self._show

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def damage(self) -> Damage:
        return self._source.damage

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            if self._is_over(frame):
                return
            if not self._taps:
                self._show(frame)
            yield frame

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _show(self, frame: Frame) -> None:
        if self._first_s is None:
            self._first_s = frame.time_s
        if not self._is_over(frame):
            self._take(frame)

    def _is_over(self, frame: Frame) -> bool:
        if self._seconds is None or self._first_s is None:
            return False
        return frame.time_s - self._first_s >= self._seconds
