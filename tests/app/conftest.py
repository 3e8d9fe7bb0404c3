"""A web server for the tests of whatever fetches or streams."""

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest

Handler = type[http.server.BaseHTTPRequestHandler]


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], int]]:
    """Answer on the loopback until the test has ended; returns the port."""
    servers = []

    def start(handler: Handler) -> int:
        handler.log_message = lambda *_: None  # type: ignore[method-assign]  # keeps the test's output clean
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
