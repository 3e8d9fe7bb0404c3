"""Clips, pictures, a camera without hardware and a small video server for the tests of the sources."""

import contextlib
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.stages import FrameSource
from app.core.types import Frame
from models.errors import InputError

MakeClip = Callable[..., Path]


@pytest.fixture(scope="session")
def make_clip() -> MakeClip:
    """Write a clip whose frame i has the gray level 4 * i, so that frames can be told apart."""

    def make(path: Path, *, frames: int = 30, fourcc: str = "mp4v", size: tuple[int, int] = (160, 120)) -> Path:
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*fourcc), 25, size)
        assert writer.isOpened()
        for index in range(frames):
            writer.write(np.full((size[1], size[0], 3), 4 * index % 256, np.uint8))
        writer.release()
        return path

    return make


Drain = Callable[[FrameSource], tuple[list[Frame], str]]


@pytest.fixture(scope="session")
def drain() -> Drain:
    """Read a source to its end; returns its frames and the error message, empty if there was none."""

    def read(source: FrameSource) -> tuple[list[Frame], str]:
        frames: list[Frame] = []
        try:
            frames.extend(source)
        except InputError as error:
            return frames, str(error)
        return frames, ""

    return read


class FakeCapture:
    """Replaces cv2.VideoCapture: `total` frames at its own rate; None gives as many as are read."""

    def __init__(self, total: int | None = None, *, opened: bool = True, period_s: float = 0.001) -> None:
        self.total, self.opened, self.period_s = total, opened, period_s
        self.count = 0
        self.released = threading.Event()
        self.settings: dict[int, float] = {}
        self.goes_on = threading.Event()
        self.goes_on.set()

    def isOpened(self) -> bool:  # noqa: N802  (OpenCV's name)
        return self.opened

    def set(self, key: int, value: float) -> bool:
        self.settings[key] = value
        return True

    def get(self, key: int) -> float:
        return 30.0 if key == cv2.CAP_PROP_FPS else 0.0

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.goes_on.wait(30)
        time.sleep(self.period_s)  # the camera's own frame rate
        if self.total is not None and self.count >= self.total:
            return False, None
        self.count += 1
        return True, np.full((48, 64, 3), self.count % 256, np.uint8)

    def release(self) -> None:
        self.released.set()


@pytest.fixture
def fake_capture(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeCapture]:
    """Replaces every newly opened capture by a fake one, which is returned."""

    def install(*args: object, **settings: object) -> FakeCapture:
        fake = FakeCapture(*args, **settings)  # type: ignore[arg-type]
        monkeypatch.setattr(cv2, "VideoCapture", lambda *_: fake)
        return fake

    return install


@pytest.fixture
def file_address(serve: Callable[..., int]) -> Callable[..., str]:
    """Serves a file, or only its first `share` while announcing the full length."""

    def publish(path: Path, *, share: float = 1.0) -> str:
        content = path.read_bytes()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(OSError):  # the reader closed the connection
                    self.wfile.write(content[: round(share * len(content))])

        return f"http://user:secret@127.0.0.1:{serve(Handler)}/{path.name}?token=hidden"

    return publish


@pytest.fixture
def mjpeg_address(serve: Callable[..., int]) -> Iterator[Callable[..., str]]:
    """Serves Motion JPEG on the loopback interface; `frames` None never ends, `stall` stops but stays connected."""
    stop = threading.Event()

    def publish(frames: int | None = None, *, stall: bool = False) -> str:
        pictures = [
            cv2.imencode(".jpg", np.full((120, 160, 3), 20 * level, np.uint8))[1].tobytes() for level in range(12)
        ]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not self.path.startswith("/live"):
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                sent = 0
                try:
                    while not stop.is_set() and (frames is None or sent < frames):
                        picture = pictures[sent % len(pictures)]
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                        self.wfile.write(head.encode() + picture + b"\r\n")
                        sent += 1
                        stop.wait(0.01)
                    if stall:
                        stop.wait(30)
                except OSError:
                    self.close_connection = True  # the reader closed the connection

        return f"http://user:secret@127.0.0.1:{serve(Handler)}/live?token=hidden"

    yield publish
    stop.set()
