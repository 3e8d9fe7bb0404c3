"""A source seen through a tap: it counts what flows, knows when a frame was captured, and can be shut."""

import time
from collections.abc import Callable, Iterator
from typing import Self

from app.core.stages import FrameSource
from app.core.types import Damage, Frame, SourceInfo
from app.sources.paced import Paced


class Tap:
    """Wraps a source. While shut, the frames of a live source are thrown away; a file is paused by its pacing."""

    def __init__(self, source: FrameSource | Paced, clock: Callable[[], float] = time.perf_counter) -> None:
        self._source = source
        self._clock = clock
        self._epoch_s: float | None = None
        self.info: SourceInfo = source.info
        self.delivered = 0
        self.shut = False

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def damage(self) -> Damage:
        return self._source.damage

    def captured_s(self, frame: Frame) -> float:
        """When a live frame was captured, on the tap's clock.

        A live frame's time counts from an unknown moment; the least delay seen so far dates it.
        """
        return self._clock() if self._epoch_s is None else self._epoch_s + frame.time_s

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            start_s = self._clock() - frame.time_s
            self._epoch_s = start_s if self._epoch_s is None else min(self._epoch_s, start_s)
            self.delivered += 1
            if not self.shut:
                yield frame

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
