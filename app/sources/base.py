"""The one interface of everything that delivers frames."""

from collections.abc import Iterator
from typing import Protocol, Self

from app.core.types import Frame, SourceInfo


class FrameSource(Protocol):
    """An open source of frames. Opening happens in the constructor and raises `InputError`.

    Iterating yields frames in order until the source ends. A source that breaks off (truncated file, unplugged camera)
    yields what it has and then raises `InputError`. A source is iterated once.
    """

    info: SourceInfo

    @property
    def dropped(self) -> int:
        """Frames lost so far because nobody took them in time; always 0 for files."""
        ...

    def __iter__(self) -> Iterator[Frame]: ...

    def close(self) -> None:
        """Release the device or file; ends a running iteration soon. May be called twice and from another thread."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
