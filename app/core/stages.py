"""The interfaces of the replaceable stages. Implementations live in their own packages, above this one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.core.types import Box, Damage, Detection, Frame, FrameResult, Image, SourceInfo


class FrameSource(Protocol):
    """An open source of frames. Opening happens in the constructor and raises `InputError`.

    Iterating yields frames in order until the source ends. A source that breaks off (truncated file, unplugged camera)
    yields what it has and then raises `InputError`. A source is iterated once.
    """

    info: SourceInfo

    @property
    def dropped(self) -> int:
        """Number of frames dropped so far because they were not taken in time; always 0 for files."""
        ...

    @property
    def damage(self) -> Damage:
        """The damage found so far; none for live sources. Complete once the iteration has ended."""
        ...

    def __iter__(self) -> Iterator[Frame]: ...

    def close(self) -> None:
        """Release the device or file; ends a running iteration soon. May be called twice and from another thread."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


@runtime_checkable
class Seekable(FrameSource, Protocol):
    """A source that can be read from any time, repeatedly; iteration continues from there."""

    def seek(self, time_s: float, *, exact: bool = True) -> None:
        """Seek to a time: the next frame is the one shown then, the same picture as when reading up to it.

        Args:
            time_s: As `Frame.time_s`; before the first frame means that one, after the last one the last.
            exact: False begins with a frame at or before it that is decoded soonest, such as the last key picture.

        Raises:
            InputError: If the source cannot be read any more.
        """
        ...


@runtime_checkable
class Tappable(FrameSource, Protocol):
    """A live source that shows every frame to one listener, including those dropped because nothing takes them.

    `tap` is called in the source's own thread before the frame can be taken; it must not wait.
    """

    tap: Callable[[Frame], None] | None


class Detector(Protocol):
    """Finds faces in single pictures; keeps no memory between them.

    `name` is its name in `models.detectors` and the key of its crop geometry in a bundle.
    """

    name: str

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """Find the faces of one picture, any size from 1x1, strongest first."""
        ...

    def close(self) -> None:
        """Free the detector's resources. May be called twice."""
        ...


@runtime_checkable
class ViewDetector(Protocol):
    """A detector that can also look at prepared views of a picture."""

    def look(self, views: NDArray[np.uint8]) -> Sequence[Sequence[Detection]]:
        """Find the faces of views, RGB uint8 (n, 128, 128, 3), n may be 0: for each its faces, in its own pixels."""
        ...


@runtime_checkable
class NearDetector(Protocol):
    """A detector that can search around a place, at much less cost than the whole picture."""

    def detect_near(self, image: Image, box: Box) -> Sequence[Detection]:
        """Find faces of about a box's size around its place, in pixels of the picture."""
        ...


@runtime_checkable
class PartDetector(Protocol):
    """A detector that searches one part of each picture with another detector; `offset` is the part's corner x, y."""

    @property
    def detector(self) -> Detector: ...

    @property
    def offset(self) -> tuple[int, int]: ...

    def part(self, image: Image) -> Image:
        """The part of a picture, contiguous; empty if the picture ends before it."""
        ...


class Verifier(Protocol):
    """Tells faces from false detections."""

    @property
    def threshold(self) -> float:
        """Least probability of a face that is shown, 0..1."""
        ...

    def verify(self, image: Image, detections: Sequence[Detection]) -> NDArray[np.float32]:
        """How probably each detection is a face, 0..1, shape (n,); n may be 0."""
        ...

    def verified(self, image: Image, detections: Sequence[Detection]) -> tuple[Detection, ...]:
        """The detections in a single picture that are faces, with poorly placed boxes corrected."""
        ...

    def close(self) -> None:
        """Free the verifier's resources. May be called twice."""
        ...


class Sink(Protocol):
    """Takes the results of one source in order.

    The runner calls `open` once, `write` for each frame, and `close` always, also after an error or an interrupt: what
    was written by then must be complete and readable.
    """

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None: ...

    def write(self, result: FrameResult) -> None: ...

    def close(self) -> None: ...
