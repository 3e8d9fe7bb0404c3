"""A source that is watched: whether it was read to its end."""

from collections.abc import Iterator
from typing import Self

from app.core.stages import FrameSource
from app.core.types import Damage, Frame, SourceInfo
from app.sources.clock import Jump
from app.sources.film import Film
from app.sources.recording import Recording
from models.errors import InputError


class Watched:
    """Wraps a source and counts what it delivers; closing this one closes it."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._delivered = 0
        self._ended = self._closed = False
        self.broke_off = False
        """Whether the source itself said that something of it cannot be read."""
        self.info: SourceInfo = source.info

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def damage(self) -> Damage:
        return self._source.damage

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about what is not as the source says."""
        return self._source.notices if isinstance(self._source, Recording) else ()

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """Jumps of the source's clock so far that its frames' times do not make."""
        return self._source.jumps if isinstance(self._source, Film) else ()

    def is_all(self, frames: int) -> bool:
        """Whether the source has ended and this many frames are all that it had."""
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
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
