"""A source whose pictures are recorded on their way to the analysis."""

from collections.abc import Callable, Iterator

from app.core.stages import FrameSource, Tappable
from app.core.types import Frame
from app.core.wrapping import WrappedSource


class TappedSource(WrappedSource):
    """Passes every frame of a source to a recorder too: of a live one also frames that the analysis drops.

    Args:
        source: Open.
        take: Gets every frame.
        seconds: End this long after the first frame; None for the source's own end.
    """

    def __init__(self, source: FrameSource, take: Callable[[Frame], None], seconds: float | None = None) -> None:
        super().__init__(source)
        self._take = take
        self._seconds = seconds
        self._first_s: float | None = None
        self._taps = isinstance(source, Tappable)
        if isinstance(source, Tappable):
            source.tap = self._show

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            if self._is_over(frame):
                return
            if not self._taps:
                self._show(frame)
            yield frame

    def _show(self, frame: Frame) -> None:
        if self._first_s is None:
            self._first_s = frame.time_s
        if not self._is_over(frame):
            self._take(frame)

    def _is_over(self, frame: Frame) -> bool:
        if self._seconds is None or self._first_s is None:
            return False
        return frame.time_s - self._first_s >= self._seconds
