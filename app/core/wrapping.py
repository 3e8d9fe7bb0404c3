"""The base of sources that wrap another one."""

from collections.abc import Iterator
from typing import Self

from app.core.stages import FrameSource
from app.core.types import Damage, Frame, SourceInfo


class WrappedSource:
    """Delivers the frames of another source; closing this one closes that one. See `FrameSource`.

    Args:
        source: Open.
    """

    def __init__(self, source: FrameSource) -> None:
        self.info: SourceInfo = source.info
        self._source = source

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def damage(self) -> Damage:
        return self._source.damage

    def __iter__(self) -> Iterator[Frame]:
        yield from self._source

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
