import errno
import hashlib
import http.server
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.detectors.fetch import cached_model, fetch_model
from models.detectors import BLAZEFACE_FILE, DETECTORS, ModelFile
from models.errors import InputError


@pytest.fixture
def served(serve: Callable[..., int]) -> Iterator[Callable[..., str]]:
    """Serves bytes on the loopback interface: `announced` is a false length, `trickle` sends single bytes."""
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
                    self.close_connection = True  # the reader closed the connection

        return f"http://127.0.0.1:{serve(Handler)}/model.tflite"

    yield publish
    stop.set()


MODEL = bytes(range(256)) * 900
"""Stands in for a published file."""


def file_at(url: str) -> ModelFile:
    return ModelFile("The model", "m.tflite", url, hashlib.sha256(MODEL).hexdigest(), len(MODEL), "MIMIK_M")


def nothing_is_left(folder: Path) -> bool:
    return cached_model(file_at(""), folder) is None and not list(folder.glob("*"))


def test_what_was_published_is_stored_and_found_again(tmp_path: Path, served) -> None:
    folder = tmp_path / "not" / "yet"
    file = file_at(served(MODEL))
    assert cached_model(file, folder) is None
    path = fetch_model(file, folder)
    assert path.read_bytes() == MODEL
    assert cached_model(file, folder) == path
    assert list(folder.iterdir()) == [path]


def test_a_file_that_changed_later_is_not_believed(tmp_path: Path, served) -> None:
    file = file_at(served(MODEL))
    path = fetch_model(file, tmp_path)
    path.write_bytes(MODEL[:-1] + b"x")
    assert cached_model(file, tmp_path) is None
    assert fetch_model(file, tmp_path) == cached_model(file, tmp_path)


@pytest.mark.parametrize(
    ("content", "announced"),
    [
        (b"<html>sign in first</html>", None),
        (MODEL + b"x", None),
        (MODEL[:-1] + b"x", None),
        (MODEL[:1000], len(MODEL)),
        (b"", None),
    ],
    ids=["a page", "too large", "another", "half delivered", "nothing"],
)
def test_what_is_not_what_was_published_is_not_stored(
    tmp_path: Path, served, content: bytes, announced: int | None
) -> None:
    url = served(content, announced=announced)
    with pytest.raises(InputError, match=rf"what {url} delivers is not The model \(its SHA-256 differs\)"):
        fetch_model(file_at(url), tmp_path)
    assert nothing_is_left(tmp_path)


def test_what_the_table_publishes_has_a_digest_and_a_safe_address() -> None:
    files = {kind.needs for kind in DETECTORS if kind.needs}
    assert BLAZEFACE_FILE in files
    for file in files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.url.startswith("https://") and file.url.endswith(file.name)
        assert file.size > 0 and file.variable.startswith("MIMIK_")


def test_a_server_that_trickles_is_given_up_in_time(tmp_path: Path, served) -> None:
    began_s = time.monotonic()
    with pytest.raises(InputError, match=r"not delivered within 0\.5 s"):
        fetch_model(file_at(served(b"", announced=230_000, trickle=True)), tmp_path, limit_s=0.5)
    assert time.monotonic() - began_s < 10  # the server would never stop
    assert nothing_is_left(tmp_path)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(InputError, match=r"127\.0\.0\.1"):
        fetch_model(file_at(f"http://127.0.0.1:{silent.getsockname()[1]}/x"), tmp_path, limit_s=0.5)
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("status", [404, 503])
def test_a_refusal_is_told(tmp_path: Path, served, status: int) -> None:
    with pytest.raises(InputError, match=f"cannot be read: HTTP Error {status}"):
        fetch_model(file_at(served(b"", status=status)), tmp_path)


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
            fetch_model(file_at(address), tmp_path)
    assert nothing_is_left(tmp_path)


def test_no_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read.*check the network"):
        fetch_model(file_at("http://127.0.0.1:9/x"), tmp_path)


def test_a_cache_that_cannot_be_written(tmp_path: Path, served) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be stored"):
        fetch_model(file_at(served(MODEL)), tmp_path / "file")


def test_the_reason_is_the_systems_not_the_librarys(tmp_path: Path, served) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused = os.strerror(errno.ECONNREFUSED)
    with pytest.raises(InputError, match=re.escape(f"cannot be read: {refused}; check the network")):
        fetch_model(file_at(f"http://127.0.0.1:{port}/m"), tmp_path)
    with pytest.raises(InputError, match=r"cannot be read: HTTP Error 404: Not Found; check the network"):
        fetch_model(file_at(served(b"", status=404)), tmp_path)
