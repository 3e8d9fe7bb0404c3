"""A camera on the loopback interface that paints a counter into its frames, and functions that read it back."""

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np

from app.core.types import Image

_BITS, _SIDE, _LEVEL = 16, 16, 90
"""Gray levels of the counter, too dark for the fake detector."""


def counted(number: int, *, size: tuple[int, int] = (320, 240)) -> Image:
    """A frame with a counter along the top, and below it a bright moving square whose level changes."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    for bit in range(_BITS):
        if number >> bit & 1:
            image[:_SIDE, bit * _SIDE : (bit + 1) * _SIDE] = _LEVEL
    x = 2 * number % (width - 80)
    image[80:140, x : x + 60] = 200
    image[90:100, x + 10 : x + 20] = 150
    return image


def count_of(image: Image) -> int:
    """The number painted into a frame."""
    fields = image[4 : _SIDE - 4, : _BITS * _SIDE, 1].reshape(_SIDE - 8, _BITS, _SIDE)[:, :, 4:-4].mean((0, 2))
    return sum(1 << bit for bit in range(_BITS) if fields[bit] > _LEVEL / 2)


def counts_in(video: Path) -> list[tuple[int, float]]:
    """The numbers in the frames of a video, with their times in seconds."""
    with av.open(str(video)) as container:
        return [
            (count_of(frame.to_ndarray(format="bgr24")), float(frame.pts * frame.time_base))
            for frame in container.decode(video=0)
        ]


class CountingCamera:
    """Serves Motion JPEG at an address; every client gets the numbers from 0 on.

    Args:
        fps: Frames per second.
        limit: After so many frames it stalls, connected and silent, until `close`.
        size: Width and height.
    """

    def __init__(self, *, fps: float = 30, limit: int = 10**6, size: tuple[int, int] = (320, 240)) -> None:
        self.closed = threading.Event()
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                with contextlib.suppress(OSError):
                    start_s = time.monotonic()
                    for number in range(limit):
                        data = cv2.imencode(".jpg", counted(number, size=size))[1].tobytes()
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                        self.wfile.write(head.encode() + data + b"\r\n")
                        if camera.closed.wait(max(start_s + (number + 1) / fps - time.monotonic(), 0)):
                            return
                    camera.closed.wait()

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/cam"

    def close(self) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def counting_camera(**options: object) -> Iterator[CountingCamera]:
    """Context manager: a running camera."""
    camera = CountingCamera(**options)  # type: ignore[arg-type]
    try:
        yield camera
    finally:
        camera.close()
