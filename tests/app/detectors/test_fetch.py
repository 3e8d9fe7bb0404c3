import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.detectors.fetch import cached_model, fetch_model
from models.errors import InputError


@pytest.fixture
def served(serve: Callable[..., int]) -> Iterator[Callable[..., str]]:
    """Serve bytes on the loopback: `announced` says another length than is sent, `trickle` sends a byte at a time."""
    stop = threading.Event()

    def publish(content: bytes, *, announced: int | None = None, trickle: bool = False, status: int = 200) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(announced or len(content)))
                self.end_headers()
                try:
                    if not trickle:
                        self.wfile.write(content)
                    while trickle and not stop.wait(0.02):
                        self.wfile.write(b"x")
                except OSError:
                    self.close_connection = True  # the reader gave up

        return f"http://127.0.0.1:{serve(Handler)}/model.tflite"

    yield publish
    stop.set()


def nothing_is_left(folder: Path) -> bool:
    return cached_model(folder) is None and not list(folder.glob("*"))


def test_a_whole_model_is_stored_and_remembered(tmp_path: Path, served, blazeface: Path) -> None:
    folder = tmp_path / "not" / "yet"
    assert cached_model(folder) is None
    path = fetch_model(served(blazeface.read_bytes()), folder)
    assert path.read_bytes() == blazeface.read_bytes()
    assert cached_model(folder) == path
    assert sorted(entry.name for entry in folder.iterdir()) == [path.name, f"{path.name}.sha256"]


def test_a_model_that_changed_later_is_not_believed(tmp_path: Path, served, blazeface: Path) -> None:
    path = fetch_model(served(blazeface.read_bytes()), tmp_path)
    whole = bytearray(path.read_bytes())
    whole[1000] ^= 1
    path.write_bytes(whole)
    assert cached_model(tmp_path) is None
    assert fetch_model(served(blazeface.read_bytes()), tmp_path) == cached_model(tmp_path)


@pytest.mark.parametrize("sidecar", [None, "", "0" * 64, "\xff"])
def test_a_model_without_its_digest_is_not_believed(tmp_path: Path, sidecar: str | None) -> None:
    (tmp_path / "blaze_face_short_range.tflite").write_bytes(b"anything")
    if sidecar is not None:
        (tmp_path / "blaze_face_short_range.tflite.sha256").write_text(sidecar, "utf-8")
    assert cached_model(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "announced", "reason"),
    [
        (b"<html>sign in first</html>", None, "has 26 bytes and is not BlazeFace's model"),
        (b"x" * 400_000, None, "is not BlazeFace's model"),
        (b"x" * 230_000, None, "is no TensorFlow Lite model"),
        (b"\x1c\0\0\0TFL3" + bytes(230_000), None, "is no face detector"),
        (b"x" * 120_000, 230_000, "is not BlazeFace's model"),
    ],
    ids=["a page", "too large", "bytes", "no detector", "half delivered"],
)
def test_what_is_not_the_model_is_not_stored(
    tmp_path: Path, served, content: bytes, announced: int | None, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        fetch_model(served(content, announced=announced), tmp_path)
    assert nothing_is_left(tmp_path)


def test_a_server_that_trickles_is_given_up_in_time(tmp_path: Path, served) -> None:
    began_s = time.monotonic()
    with pytest.raises(InputError, match=r"not delivered within 0\.5 s"):
        fetch_model(served(b"", announced=230_000, trickle=True), tmp_path, limit_s=0.5)
    assert time.monotonic() - began_s < 10  # the server would go on for ever
    assert nothing_is_left(tmp_path)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(InputError, match=r"127\.0\.0\.1"):
        fetch_model(f"http://127.0.0.1:{silent.getsockname()[1]}/x", tmp_path, limit_s=0.5)
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("status", [404, 503])
def test_a_refusal_is_told(tmp_path: Path, served, status: int) -> None:
    with pytest.raises(InputError, match=f"cannot be read: HTTP Error {status}"):
        fetch_model(served(b"", status=status), tmp_path)


def test_an_answer_that_is_no_http_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"garbage\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/model.tflite"
        with pytest.raises(InputError, match=f"{address} cannot be read: garbage"):
            fetch_model(address, tmp_path)
    assert nothing_is_left(tmp_path)


def test_no_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read.*check the network"):
        fetch_model("http://127.0.0.1:9/x", tmp_path)


def test_a_cache_that_cannot_be_written(tmp_path: Path, served, blazeface: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be stored"):
        fetch_model(served(blazeface.read_bytes()), tmp_path / "file")
