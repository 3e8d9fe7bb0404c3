"""A simulated camera: frames of a film at a camera's pace, to measure whether the program keeps up with one."""

import threading
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

import cv2

from app.core.types import Image
from app.sources.live import LiveSource
from app.sources.open import open_source
from models.errors import InputError

_FRAMES = 60
"""Number of frames kept in memory and played forwards and backwards, so that no decoder is involved."""


class SimulatedCamera(LiveSource):
    """Shows the first frames of a film as a camera would: at its own pace, whether they are taken or not.

    Args:
        clip: The film.
        fps: Frames per second.

    Raises:
        InputError: If the film cannot be read.
    """

    def __init__(self, clip: str, fps: float) -> None:
        with open_source(clip) as source:
            if source.info.live:
                raise InputError(f"{clip} is live already; name a video file.")
            images = [frame.image for frame in islice(source, _FRAMES)]
        replay = _Replay(images, fps)
        super().__init__(
            f"simulated camera of {fps:g} frames/s",
            lambda: cast(cv2.VideoCapture, replay),
            lost="the simulated camera has ended",
        )


class _Replay:
    """The part of `cv2.VideoCapture` that a live source needs."""

    def __init__(self, images: Sequence[Image], fps: float) -> None:
        self._fps = fps
        self._images = self._forwards_and_backwards(images)
        self._next_s = 0.0
        self._released = threading.Event()

    @staticmethod
    def _forwards_and_backwards(images: Sequence[Image]) -> Iterator[Image]:
        while True:
            yield from images
            yield from images[-2:0:-1]

    def get(self, what: int) -> float:
        return self._fps if what == cv2.CAP_PROP_FPS else 0.0

    def read(self) -> tuple[bool, Image]:
        """Wait until the next frame is due. Frames are copied, as a driver's are."""
        now_s = time.perf_counter()
        self._next_s = max(self._next_s + 1 / self._fps, now_s - 1 / self._fps)
        self._released.wait(max(self._next_s - now_s, 0.0))
        return True, next(self._images).copy()

    def release(self) -> None:
        self._released.set()
