"""Recordings at addresses: a response that ends is a recording, whatever the headers say."""

import base64
import contextlib
import http.server
import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.sources import open_source
from app.sources.film import Film
from models.errors import InputError
from tests.app.sources.zoo import Spec, number_of, write

FILMS = (
    Spec("a.mp4"),
    Spec("front.mp4", mux={"movflags": "faststart"}),
    Spec("a.mkv"),
    Spec("live.webm", "libvpx", mux={"live": "1"}),
    Spec("a.mts", form="mpegts"),
    Spec("a.avi", "mpeg4"),
    Spec("a.gif", "gif", pix="rgb8"),
    Spec("a.mjpeg", "mjpeg", pix="yuvj420p"),
    Spec("a.h264"),
)


@pytest.fixture
def publish(serve: Callable[..., int]) -> Callable[..., str]:
    """Serves a file: with its length, in chunks, or until the connection closes; with range requests if `ranges`."""

    def start(path: Path, *, way: str, user: str = "") -> str:
        content = path.read_bytes()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if way == "chunks" else "HTTP/1.0"

            def do_GET(self) -> None:
                if user and self.headers.get("Authorization") != "Basic " + base64.b64encode(user.encode()).decode():
                    self.send_error(401)
                    return
                begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-")) if way == "ranges" else 0
                self.send_response(206 if way == "ranges" else 200)
                if way == "ranges":
                    self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
                if way in ("length", "ranges"):
                    self.send_header("Content-Length", str(len(content) - begin))
                if way == "chunks":
                    self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                with contextlib.suppress(OSError):
                    for at in range(begin, len(content), 3000):
                        piece = content[at : at + 3000]
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if way == "chunks" else piece)
                    if way == "chunks":
                        self.wfile.write(b"0\r\n\r\n")

        login = f"{user}@" if user else ""
        return f"http://{login}127.0.0.1:{serve(Handler)}/{path.name}?token=hidden"

    return start


WAYS = [(spec, way) for spec in FILMS for way in ("length", "chunks")]
WAYS += [(spec, way) for spec in FILMS[:3] for way in ("ranges", "closed")]


@pytest.mark.parametrize(("spec", "way"), WAYS, ids=lambda value: value if isinstance(value, str) else value.name)
def test_what_ends_is_a_recording(tmp_path: Path, publish: Callable[..., str], spec: Spec, way: str) -> None:
    path = write(spec, tmp_path)
    with open_source(str(path)) as source:
        times_s = [frame.time_s for frame in source]
    with open_source(publish(path, way=way)) as source:
        assert not source.info.live and source.info.name.endswith(spec.name)
        frames = list(source)
    assert [number_of(frame.image) for frame in frames] == list(range(12))
    assert [frame.time_s for frame in frames] == times_s


def test_a_part_of_a_recording_at_an_address(tmp_path: Path, publish: Callable[..., str]) -> None:
    path = write(Spec("a.mp4", frames=50, options={"g": "10"}), tmp_path)
    with open_source(publish(path, way="ranges"), start_s=1.0, end_s=1.2) as source:
        assert [frame.index for frame in source] == [25, 26, 27, 28, 29]


@pytest.mark.parametrize(("user", "opens"), [("me:se%40cret", True), ("me:wrong", False)])
def test_user_and_password_are_used_and_not_shown(
    tmp_path: Path, publish: Callable[..., str], user: str, opens: bool
) -> None:
    address = publish(write(Spec("a.avi", "mpeg4"), tmp_path), way="length", user="me:se@cret")
    address = address.replace("me:se@cret", user)
    if opens:
        with open_source(address) as source:
            assert len(list(source)) == 12 and "cret" not in source.info.name
    else:
        with pytest.raises(InputError, match="cannot be opened") as caught:
            open_source(address)
        assert "wrong" not in str(caught.value) and "hidden" not in str(caught.value)


def test_a_close_does_not_wait_for_a_server_that_stalls(tmp_path: Path, serve: Callable[..., int]) -> None:
    content = write(Spec("a.ts", frames=100), tmp_path).read_bytes()
    goes_on = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(50 * len(content)))
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(10):
                    self.wfile.write(content)
                goes_on.wait(60)

    source = open_source(f"http://127.0.0.1:{serve(Handler)}/a.ts")
    assert isinstance(source, Film)
    frames = iter(source)
    seen = len(list(itertools.islice(frames, 100)))
    ended = threading.Event()

    def rest() -> None:
        with contextlib.suppress(InputError):
            list(frames)
        ended.set()

    threading.Thread(target=rest, daemon=True).start()
    source.close()
    assert seen == 100 and ended.wait(5)
    goes_on.set()
