"""Files at http addresses for FFmpeg, fetched in a thread, so that closing never waits for a server."""

import http.client
import re
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from typing import IO, Any
from urllib.parse import quote, unquote, urlunsplit

from app.spec import split_address

_CHUNK = 1 << 18
_CHUNKS_AHEAD = 32
_IN_MEMORY, _MOST_KEPT = 32 << 20, 4 << 30
FAILURES = (OSError, http.client.HTTPException, ValueError)
_LIVE_TYPES = ("multipart/",)
_LIST_TYPES = ("mpegurl", "dash+xml")


class HttpResponse:
    """The response of an address, from a given byte on; read ahead in a thread.

    Args:
        address: http or https; user and password in it are used.
        timeout_s: For connecting and for each read.
        start: First byte.

    Attributes:
        kind: Content type in lower case.
        length: Bytes from the first one of the file to its end; None if the server does not say.
        ranges: Whether the server supports ranges.

    Raises:
        OSError, HTTPException, ValueError: If nothing answers.
    """

    def __init__(self, address: str, timeout_s: float, start: int = 0) -> None:
        request = urllib.request.Request(_without_user(address))
        request.add_header("User-Agent", "Mimik")
        request.add_header("Accept-Encoding", "identity")
        request.add_header("Range", f"bytes={start}-")
        try:
            self._response = _opener(address).open(request, timeout=timeout_s)
        except urllib.error.HTTPError as error:
            error.close()
            raise
        headers = self._response.headers
        self.kind = headers.get("Content-Type", "").lower()
        self.ranges = self._response.status == http.HTTPStatus.PARTIAL_CONTENT
        self.length = _length(headers, start if self.ranges else 0)
        if start and not self.ranges:
            self._response.close()
            raise OSError("the server does not support ranges")
        self._news = threading.Condition()
        self._chunks: deque[bytes] = deque()
        self._error: Exception | None = None
        self._ended = self._closed = False
        threading.Thread(target=self._fetch, name="fetch", daemon=True).start()

    def take(self, count: int, closed: threading.Event) -> bytes:
        """The next bytes, at most `count`; empty at the end, and once `closed` is set.

        Raises:
            OSError: If the server went away before the end.
        """
        with self._news:
            while not self._chunks and not self._ended and not closed.is_set():
                self._news.wait(0.1)
            if self._chunks:
                chunk = self._chunks.popleft()
                if len(chunk) > count:
                    self._chunks.appendleft(chunk[count:])
                self._news.notify_all()
                return chunk[:count]
            if self._error is not None and not closed.is_set():
                raise OSError(str(self._error)) from self._error
            return b""

    def ends_within(self, seconds: float) -> bool:
        """Wait for the end of the data, while it fits into the buffer; True if it was reached."""
        with self._news:
            self._news.wait_for(lambda: self._ended or len(self._chunks) >= _CHUNKS_AHEAD, seconds)
            whole = self._ended and self._error is None
            if whole and self.length is None:
                self.length = sum(map(len, self._chunks))
            return whole

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()

    def _fetch(self) -> None:
        received = 0
        try:
            while True:
                data = self._response.read1(_CHUNK)
                received += len(data)
                with self._news:
                    if data:
                        self._chunks.append(data)
                    self._news.notify_all()
                    self._news.wait_for(lambda: self._closed or len(self._chunks) < _CHUNKS_AHEAD)
                    if self._closed or not data:
                        break
            missing = self._response.length  # the bytes that http.client still expects
            if missing and not self._closed:
                self._error = OSError(f"{missing} bytes are missing")
        except FAILURES as error:
            self._error = error
        finally:
            with self._news:
                self._ended = True
                self._news.notify_all()
            self._response.close()


class WebFile:
    """A seekable file at an address.

    If the server supports ranges, seeking requests one. Otherwise seeking needs the data read so far, which is kept, on
    disk if it is large.

    Args:
        answer: The response from the first byte on.
        address: For further requests.
        closed: Ends reading when it is set.
        timeout_s: As of `HttpResponse`.
        keep: Whether to keep the data if seeking needs it.

    Attributes:
        failed: Whether the server went away before the end.
        alive_s: Time of the last read, on the monotonic clock.
    """

    def __init__(
        self, answer: HttpResponse, address: str, closed: threading.Event, timeout_s: float, *, keep: bool = False
    ) -> None:
        self._answer, self._address, self._closed, self._timeout_s = answer, address, closed, timeout_s
        self._at = self._fetched = 0
        self.failed = False
        self.alive_s = 0.0
        self._kept: IO[Any] | None = None
        if keep and not answer.ranges and answer.length is not None and answer.length <= _MOST_KEPT:
            self._kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (closed with this)

    @property
    def length(self) -> int | None:
        return self._answer.length

    def seekable(self) -> bool:
        return self._answer.length is not None and (self._answer.ranges or self._kept is not None)

    def read(self, count: int) -> bytes:
        """Read the next bytes; empty at the end, or if the server went away, which `failed` then reports."""
        try:
            return self._read(count)
        except FAILURES:
            self.failed = True
            return b""
        finally:
            self.alive_s = time.monotonic()

    def _read(self, count: int) -> bytes:
        if self._kept is None:
            if self._at != self._fetched:
                self._ask_again()
            data = self._answer.take(count, self._closed)
            self._fetched += len(data)
        else:
            while self._fetched < self._at + count and (more := self._answer.take(_CHUNK, self._closed)):
                self._kept.seek(self._fetched)
                self._kept.write(more)
                self._fetched += len(more)
                if self._fetched > self._at:
                    break
            self._kept.seek(self._at)
            data = self._kept.read(count)
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self._answer.length or 0}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def found_something(self) -> None:
        """Only a sign of progress: a server is slower than any demuxer in an endless loop."""
        self.alive_s = time.monotonic()

    def close(self) -> None:
        self._answer.close()
        if self._kept is not None:
            self._kept.close()

    def _ask_again(self) -> None:
        if self._answer.length is not None and self._at >= self._answer.length:
            return
        self._answer.close()
        self._answer = HttpResponse(self._address, self._timeout_s, self._at)
        self._fetched = self._at


def is_live(answer: HttpResponse, *, patience_s: float = 3.0) -> bool:
    """Tell a live stream from a recording: what ends is a recording.

    Parts that replace each other are live, a length is an end, and of what says neither the end is waited for shortly.
    """
    if answer.kind.startswith(_LIVE_TYPES):
        return True
    return answer.length is None and not answer.ends_within(patience_s)


def is_playlist(answer: HttpResponse) -> bool:
    """Whether the address names a playlist (HLS, DASH) rather than a video."""
    return any(kind in answer.kind for kind in _LIST_TYPES)


def _opener(address: str) -> urllib.request.OpenerDirector:
    parts = split_address(address)
    handlers: list[urllib.request.BaseHandler] = []
    if parts.username is not None:
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        user, word = unquote(parts.username), unquote(parts.password or "")
        passwords.add_password(None, _without_user(address), user, word, is_authenticated=True)
        handlers = [urllib.request.HTTPBasicAuthHandler(passwords), urllib.request.HTTPDigestAuthHandler(passwords)]
    return urllib.request.build_opener(*handlers)


def _without_user(address: str) -> str:
    parts = split_address(address)
    host = parts.netloc.rpartition("@")[2]
    path = re.sub(r"[^\x21-\x7e]", lambda found: quote(found.group()), parts.path)
    return urlunsplit((parts.scheme, host, path, parts.query, ""))


def _length(headers: http.client.HTTPMessage, start: int) -> int | None:
    total = headers.get("Content-Range", "").rpartition("/")[2]
    if total.isdigit():
        return int(total)
    length = headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None
