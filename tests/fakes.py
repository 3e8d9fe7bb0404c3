"""Fake sources, detectors, classifiers and sinks. Tests get them from the fixture `fakes` of conftest.py.

The scene is bright squares on black, one gray level per person: `FakeDetector` finds squares, `FakeClassifier` reads
their levels.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

import cv2
import numpy as np

from app.core.types import Box, Crops, Damage, Detection, Frame, FrameResult, Image, Probabilities, SourceInfo
from models.bundle import LITERT_FILE, Bundle, Head

LABELS = ("anger", "happiness", "neutral")


def picture(*squares: tuple[int, int, int], size: tuple[int, int] = (160, 120), level: int = 200) -> Image:
    """Paint chequered squares (x, y, side) with a mean level on black; `size` is (width, height)."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    for x, y, side in squares:
        fields = np.arange(side) * 3 // max(side, 1) % 2
        swing = min(30, 255 - level, max(level - 101, 0))
        image[y : y + side, x : x + side] = (level - swing + 2 * swing * (fields[:, None] ^ fields))[..., None]
    return image


def walk(count: int, *, fps: float = 30, level: int = 200) -> tuple[Frame, ...]:
    """Frames of 160x120 with a square that moves right by two pixels per frame, and starts again at the left."""
    images = [picture((2 * i, 40, 40), level=level) for i in range(min(count, 50))]  # shared: never changed
    return tuple(Frame(i, i / fps, images[i % 50], duration_s=1 / fps) for i in range(count))


class FakeSource:
    """Delivers the given frames.

    Args:
        frames: What to deliver.
        live: Value of `info.live`.
        error: Raised after the last frame.
        pause_s: Seconds to wait before each frame, like a slow source.
        hold: Block after the last frame until closed, like a camera without frames.
    """

    def __init__(
        self,
        frames: Sequence[Frame],
        *,
        live: bool = False,
        error: Exception | None = None,
        pause_s: float = 0.0,
        hold: bool = False,
        dropped: int = 0,
    ) -> None:
        height, width = frames[0].image.shape[:2] if frames else (120, 160)
        self.info = SourceInfo("fake", width, height, 30.0, None if live else len(frames), live)
        self.dropped = dropped
        self.damage = Damage()
        self.delivered = 0
        self.closed = threading.Event()
        self._frames = frames
        self._error = error
        self._pause_s = pause_s
        self._hold = hold

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._frames:
            if self.closed.wait(self._pause_s) if self._pause_s else self.closed.is_set():
                return
            self.delivered += 1
            yield frame
        if self._hold:
            self.closed.wait()
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        self.closed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class FakeDetector:
    """Finds every bright square, strongest (largest) first.

    Args:
        name: Key of the crop geometry.
        score: Score of every detection.
        pause_s: Seconds that each call takes, like a slow detector.
        error: Raised by the call number `fail_at`, counted from 0.
    """

    def __init__(
        self,
        *,
        name: str = "haar",
        score: float = 0.9,
        pause_s: float = 0.0,
        error: Exception | None = None,
        fail_at: int = 0,
    ) -> None:
        self.name = name
        self.calls = 0
        self.closed = 0
        self._score = score
        self._pause_s = pause_s
        self._error = error
        self._fail_at = fail_at

    def detect(self, image: Image) -> tuple[Detection, ...]:
        if self._pause_s:
            time.sleep(self._pause_s)
        if self._error is not None and self.calls == self._fail_at:
            raise self._error
        self.calls += 1
        _, _, stats, _ = cv2.connectedComponentsWithStats((image[:, :, 1] > 100).astype(np.uint8))
        found = sorted((tuple(map(float, row)) for row in stats[1:]), key=lambda row: -row[4])
        return tuple(Detection(Box(x, y, w, h), self._score) for x, y, w, h, _ in found)

    def close(self) -> None:
        self.closed += 1


def bundle(labels: Sequence[str] = LABELS) -> Bundle:
    """A bundle without files on disk."""
    empty: Mapping = MappingProxyType({})
    digests = MappingProxyType({LITERT_FILE: "0" * 64})
    head = Head("fake", tuple(labels), 1.0)
    return Bundle(Path("fake"), "fake", (48, 48, 1), (head,), "fake", empty, empty, (), digests)


class FakeClassifier:
    """Reads a crop's mean level: brighter crops get later labels, with probability 0.8.

    Args:
        labels: Its labels.
        pause_s: Seconds that each call takes, like a slow network.
    """

    engine = "fake"

    def __init__(self, labels: Sequence[str] = LABELS, *, pause_s: float = 0.0) -> None:
        self.bundle = bundle(labels)
        self.batches: list[int] = []
        self.closed = 0
        self._pause_s = pause_s

    @property
    def labels(self) -> tuple[str, ...]:
        return self.bundle.labels

    def probabilities(self, crops: Crops, head: str | None = None, *, mirrored: bool = False) -> Probabilities:
        if self._pause_s:
            time.sleep(self._pause_s)
        self.batches.append(len(crops) * (2 if mirrored else 1))
        k = len(self.labels)
        rows = np.full((len(crops), k), 0.2 / (k - 1), np.float32)
        for row, crop in zip(rows, crops, strict=True):
            row[min(int(crop.mean() * k / 256), k - 1)] = 0.8
        return rows

    def close(self) -> None:
        self.closed += 1


class RecordingSink:
    """Records the results it gets.

    Args:
        on_write: Called with each result before it is kept.
        open_error, close_error: Raised by `open` and `close`.
    """

    def __init__(
        self,
        *,
        on_write: Callable[[FrameResult], None] | None = None,
        open_error: Exception | None = None,
        close_error: Exception | None = None,
    ) -> None:
        self.info: SourceInfo | None = None
        self.labels: tuple[str, ...] = ()
        self.results: list[FrameResult] = []
        self.closed = 0
        self._on_write = on_write
        self._open_error = open_error
        self._close_error = close_error

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        if self._open_error is not None:
            raise self._open_error
        self.info, self.labels = info, labels

    def write(self, result: FrameResult) -> None:
        if self._on_write is not None:
            self._on_write(result)
        self.results.append(result)

    def close(self) -> None:
        self.closed += 1
        if self._close_error is not None:
            raise self._close_error


class FakeLooker(FakeDetector):
    """Finds bright squares in views; like a network, only those within a range of sizes.

    Args:
        smallest, largest: Range of the squares it finds, as fractions of the view's side.
    """

    def __init__(self, *, smallest: float = 0.1, largest: float = 0.75, score: float = 0.9) -> None:
        super().__init__(name="blazeface", score=score)
        self.views = 0
        self._sizes = (smallest, largest)

    def look(self, views: np.ndarray) -> list[tuple[Detection, ...]]:
        self.views += len(views)
        return [self._look(view) for view in views]

    def detect(self, image: Image) -> tuple[Detection, ...]:
        from app.core.finder import search

        return search(image, self)

    def _look(self, view: Image) -> tuple[Detection, ...]:
        least, most = (share * len(view) for share in self._sizes)
        found = super().detect(np.ascontiguousarray(view))
        whole = (one for one in found if min(one.box.w, one.box.h) > 0.5 * max(one.box.w, one.box.h))  # no slivers
        return tuple(one for one in whole if least <= max(one.box.w, one.box.h) <= most)


class FakeVerifier:
    """Accepts faces to the right of `border`, and records when it was called.

    Args:
        border: An x coordinate in pixels.
    """

    threshold = 0.5

    def __init__(self, border: float = 0.0) -> None:
        self.border = border
        self.asked: list[int] = []

    def verify(self, image: Image, detections: Sequence[Detection]) -> np.ndarray:
        self.asked.append(len(detections))
        return np.array([float(one.box.center[0] >= self.border) for one in detections], np.float32)

    def verified(self, image: Image, detections: Sequence[Detection]) -> tuple[Detection, ...]:
        return tuple(one for one in detections if one.box.center[0] >= self.border)
