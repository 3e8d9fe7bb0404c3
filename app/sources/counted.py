"""A source that counts its frames, to know whether it was read to its end."""

from collections.abc import Iterator

from app.core.stages import FrameSource
from app.core.types import Frame
from app.core.wrapping import WrappedSource
from app.sources.clock import Jump
from app.sources.film import Film
from app.sources.recording import Recording
from models.errors import InputError


class CountedSource(WrappedSource):
    """Counts the frames of a source, and notes how it ended."""

    def __init__(self, source: FrameSource) -> None:
        super().__init__(source)
        self._delivered = 0
        self._ended = self._closed = False
        self.broke_off = False
        """Whether the source reported that a part of it cannot be read."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences for the user about problems of the source."""
        return self._source.notices if isinstance(self._source, Recording) else ()

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """The jumps of the source's clock so far that its frames' times do not follow."""
        return self._source.jumps if isinstance(self._source, Film) else ()

    def is_all(self, frames: int) -> bool:
        """Whether the source has ended and had exactly this many frames."""
        return self._ended and frames == self._delivered

    def __iter__(self) -> Iterator[Frame]:
        try:
            for frame in self._source:
                self._delivered += 1
                yield frame
        except InputError:
            self.broke_off = True
            raise
        self._ended = not self._closed

    def close(self) -> None:
        self._closed = True
        super().close()
