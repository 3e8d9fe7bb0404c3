"""Network addresses: http, https, rtsp, rtmp, udp and similar ones."""

import threading

import av.error
import cv2

import app.quiet  # noqa: F401  (before the first capture)
from app.core.stages import FrameSource
from app.sources.container import Container
from app.sources.film import Film
from app.sources.live import LiveSource
from app.sources.web import FAILURES, HttpResponse, WebFile, is_live, is_playlist
from app.spec import shown, split_address
from models.errors import InputError

SCHEMES = frozenset(("http", "https", "rtsp", "rtsps", "rtmp", "rtmps", "udp", "tcp", "srt", "rtp"))
_MAY_BE_FILES = frozenset(("http", "https"))
_TIMEOUT_S = 8.0


def open_address(
    address: str, *, timeout_s: float = _TIMEOUT_S, start_s: float | None = None, end_s: float | None = None
) -> FrameSource:
    """Open an address: finite content over http is a recording, everything else is live.

    A password or a query (it may carry a token) is used but never shown, neither in messages nor in `info.name`.

    Args:
        address: With its scheme, for example `rtsp://user:word@host/path`.
        timeout_s: For opening, for each read, and for the silence after which a live stream counts as lost.
        start_s: Of a recording, as of `Film`.
        end_s: Of a recording, as of `Film`.

    Raises:
        InputError: If the scheme is unknown, nothing answers, or what answers is not a video.
    """
    scheme = split_address(address).scheme.lower()
    if scheme not in SCHEMES:
        raise InputError(f"{shown(address)} cannot be opened as an address; use one of {', '.join(sorted(SCHEMES))}")
    if scheme not in _MAY_BE_FILES:
        return Stream(address, timeout_s=timeout_s)
    try:
        answer = HttpResponse(address, timeout_s)
    except FAILURES:
        raise InputError(_refusal(address)) from None  # the original message may contain the password
    if is_playlist(answer) or is_live(answer):
        answer.close()
        return Stream(address, timeout_s=timeout_s)
    return _recording(answer, address, timeout_s, start_s, end_s)


def _recording(
    answer: HttpResponse, address: str, timeout_s: float, start_s: float | None, end_s: float | None
) -> FrameSource:
    first: list[HttpResponse] = [answer]

    def opened(closed: threading.Event) -> Container:
        fresh = first.pop() if first else HttpResponse(address, timeout_s)
        try:
            return Container(WebFile(fresh, address, closed, timeout_s))
        except av.error.InvalidDataError:
            if fresh.ranges:
                raise
        # an MP4 with its index at the end needs seeking, even if the server cannot serve ranges
        return Container(WebFile(HttpResponse(address, timeout_s), address, closed, timeout_s, keep=True))

    return Film(opened, shown(address), refused=_refusal(address), start_s=start_s, end_s=end_s)


class Stream(LiveSource):
    """A live stream at an address, opened by OpenCV's FFmpeg; a frame that is not taken in time is dropped.

    Args:
        address: As for `open_address`.
        capture: An open capture of this address, if there is one.
        timeout_s: As for `open_address`.

    Raises:
        InputError: If nothing answers, or what answers is not a video. While iterating: when the stream ends.
    """

    def __init__(self, address: str, capture: cv2.VideoCapture | None = None, *, timeout_s: float = _TIMEOUT_S) -> None:
        def open_capture() -> cv2.VideoCapture:
            return _capture(address, timeout_s) if capture is None else capture

        name = shown(address)
        lost = f"{name} delivers no more pictures; check that its sender is still on and open it again"
        super().__init__(name, open_capture, lost=lost, patience_s=2 * timeout_s + 1)


def _capture(address: str, timeout_s: float) -> cv2.VideoCapture:
    limit_ms = round(timeout_s * 1000)
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, limit_ms]
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)
    if not capture.isOpened():
        capture.release()
        raise InputError(_refusal(address))
    return capture


def _refusal(address: str) -> str:
    return f"{shown(address)} cannot be opened; check the address and that its sender is on"
