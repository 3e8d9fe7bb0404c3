"""The base of cameras and streams: a thread that keeps only the newest frame."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Self, cast

import cv2

from app.core.types import Damage, Frame, Image, SourceInfo
from app.sources.rates import sane_fps
from models.errors import InputError

_FAREWELL_S = 0.5
"""How long `close` waits for the device; a driver that blocks longer is left to its daemon thread."""


class LiveSource:
    """Reads a device or address in its own thread; iteration yields the newest frame, and older ones are dropped.

    Opening runs in that thread too, so that a hanging driver blocks the caller for at most `patience_s`. The thread
    releases the device itself, because OpenCV must not be released during a read.

    Args:
        name: What messages and results call it.
        open_capture: Opens it; raises `InputError` if that fails.
        lost: The sentence if it stops delivering.
        patience_s: How long to wait for the first frame, and later for the next one.

    Attributes:
        tap: Called in the reading thread with every frame, including dropped ones; must not wait.

    Raises:
        InputError: If it cannot be opened or delivers no frame in time. While iterating: when it stops delivering.
    """

    info: SourceInfo
    tap: Callable[[Frame], None] | None = None

    def __init__(
        self,
        name: str,
        open_capture: Callable[[], cv2.VideoCapture],
        *,
        lost: str,
        patience_s: float = 10.0,
    ) -> None:
        self._open_capture = open_capture
        self._lost = lost
        self._patience_s = patience_s
        self._opened_s = time.monotonic()
        started_at = datetime.now(UTC)
        self._news = threading.Condition()
        self._newest: Frame | None = None
        self._fps: float | None = None
        self._dropped = 0
        self._ended = False
        self._closed = False
        self._error: InputError | None = None
        self._thread = threading.Thread(target=self._work, name=f"capture {name}", daemon=True)
        self._thread.start()
        first = self._wait_for_first()
        height, width = first.image.shape[:2]
        self.info = SourceInfo(name, width, height, self._fps, None, True, self._opened_s, started_at)

    @property
    def dropped(self) -> int:
        return self._dropped

    @property
    def damage(self) -> Damage:
        return Damage()

    def __iter__(self) -> Iterator[Frame]:
        while (frame := self._take()) is not None:
            yield frame

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(_FAREWELL_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _wait_for_first(self) -> Frame:
        with self._news:
            self._news.wait_for(lambda: self._newest or self._ended, self._patience_s)
            if self._newest is not None:
                return self._newest
            self._closed = True
            raise self._error or InputError(self._lost)

    def _take(self) -> Frame | None:
        """Wait for the next frame; None after `close`.

        Raises:
            InputError: If the source has ended or did not deliver for too long.
        """
        with self._news:
            self._news.wait_for(lambda: self._newest or self._ended or self._closed, self._patience_s)
            if self._closed:
                return None
            frame, self._newest = self._newest, None
            if frame is None:
                raise self._error or InputError(self._lost)
            return frame

    def _work(self) -> None:
        capture = None
        try:
            capture = self._open_capture()
            self._fps = sane_fps(capture.get(cv2.CAP_PROP_FPS))
            index = 0
            while not self._closed:
                good, image = capture.read()
                if not good or image is None:
                    return
                self._put(index, cast(Image, image))
                index += 1
        except InputError as error:
            self._error = error
        except cv2.error:
            self._error = InputError(self._lost)
        finally:
            if capture is not None:
                capture.release()
            with self._news:
                self._ended = True
                self._news.notify_all()

    def _put(self, index: int, image: Image) -> None:
        frame = Frame(index, time.monotonic() - self._opened_s, image)
        tap = self.tap
        if tap is not None:
            tap(frame)
        with self._news:
            self._dropped += self._newest is not None
            self._newest = frame
            self._news.notify_all()
