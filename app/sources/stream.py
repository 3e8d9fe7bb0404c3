"""Network addresses: http, https, rtsp, rtmp, udp and their like."""

import cv2

import app.quiet  # noqa: F401  (before the first capture)
from app.sources.live import LiveSource
from app.spec import shown, split_address
from models.errors import InputError

SCHEMES = frozenset(("http", "https", "rtsp", "rtsps", "rtmp", "rtmps", "udp", "tcp", "srt", "rtp"))


class Stream(LiveSource):
    """A live stream at an address, opened by OpenCV's FFmpeg.

    Every address counts as live, also one of a recording: a frame that nobody takes in time is dropped. A password or
    a query (it may carry a token) is used but never shown, neither in messages nor in `info.name`.

    Args:
        address: With its scheme, for example `rtsp://user:word@host/path`.
        timeout_s: For opening, for each read, and for the silence after which the stream counts as lost.

    Raises:
        InputError: If the scheme is unknown, nothing answers, or what answers is no video. While iterating: when the
            stream ends.
    """

    def __init__(self, address: str, *, timeout_s: float = 8.0) -> None:
        scheme = split_address(address).scheme.lower()
        name = shown(address)
        if scheme not in SCHEMES:
            raise InputError(f"{name} is no address that can be opened; use one of {', '.join(sorted(SCHEMES))}")

        def open_capture() -> cv2.VideoCapture:
            limit_ms = round(timeout_s * 1000)
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit_ms]
            capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)
            if not capture.isOpened():
                capture.release()
                raise InputError(f"{name} cannot be opened; check the address and that its sender is on")
            return capture

        lost = f"{name} delivers no more pictures; check that its sender is still on and open it again"
        super().__init__(name, open_capture, lost=lost, patience_s=2 * timeout_s + 1)
