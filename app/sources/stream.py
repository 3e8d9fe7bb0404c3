"""Network addresses: http, https, rtsp, rtmp, udp and their like."""

from urllib.parse import SplitResult, urlsplit

import cv2

import app.quiet  # noqa: F401  (before the first capture)
from app.sources.live import LiveSource
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
        shown = shown_address(address)
        if scheme not in SCHEMES:
            raise InputError(f"{shown} is no address that can be opened; use one of {', '.join(sorted(SCHEMES))}")

        def open_capture() -> cv2.VideoCapture:
            limit_ms = round(timeout_s * 1000)
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit_ms]
            capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)
            if not capture.isOpened():
                capture.release()
                raise InputError(f"{shown} cannot be opened; check the address and that its sender is on")
            return capture

        lost = f"{shown} delivers no more pictures; check that its sender is still on and open it again"
        super().__init__(shown, open_capture, lost=lost, patience_s=2 * timeout_s + 1)


def split_address(address: str) -> SplitResult:
    """The parts of an address.

    Raises:
        InputError: If it is none.
    """
    try:
        return urlsplit(address)
    except ValueError as error:
        raise InputError(f"{shown_address(address)[:200]} is no address ({error}); check how it is written") from error


def shown_address(address: str) -> str:
    """Return an address without user, password and query.

    >>> shown_address("rtsp://me:secret@10.0.0.5:554/live?token=1")
    'rtsp://10.0.0.5:554/live'
    """
    scheme, _, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    bare = f"{host}{slash}{path}".partition("?")[0].partition("#")[0]
    return f"{scheme}://{bare}"
