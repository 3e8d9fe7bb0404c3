"""A web server for tests that fetch or stream, and `World`, the fakes for tests of sessions and windows."""

import http.server
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.core.stages import FrameSource
from app.player.cache import Cache
from app.player.messages import CameraEntry, Choice
from app.player.parts import Openers
from app.player.speaker import SilentError
from models.errors import InputError

Handler = type[http.server.BaseHTTPRequestHandler]


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], int]]:
    """Serves requests on the loopback interface until the test ends; returns the port."""
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


@pytest.fixture
def threads_left() -> Callable[[], set[str]]:
    """Returns the names of threads that were started during the test and still run."""
    before = set(threading.enumerate())
    return lambda: {thread.name for thread in set(threading.enumerate()) - before}


class World:
    """Everything that a session opens: a record of it, and switches for failures."""

    def __init__(self, fakes: ModuleType, library: Path) -> None:
        self._fakes = fakes
        self.library = library
        self.detectors: list[object] = []
        self.classifiers: list[object] = []
        self.sources: list[FrameSource] = []
        self.specs: list[str] = []
        self.cameras: tuple[CameraEntry, ...] = ()
        self.detect_s = 0.0
        self.load = threading.Event()
        self.load.set()
        self.cache: Cache | None = None
        self.speaker: Callable[[], object] = self.no_speaker
        self.make_source: Callable[[str], FrameSource] = self.a_source

    @property
    def shown(self) -> list[str]:
        """The opened sources in order; a film is opened twice, for display and for analysis."""
        return [spec for spec, _ in itertools.groupby(self.specs)]

    def a_source(self, spec: str) -> FrameSource:
        if spec.startswith("bad"):
            raise InputError(f"{spec} is not a video; choose another file")
        live = spec.isdigit()
        if live:
            return self._fakes.FakeSource(self._fakes.walk(600), live=True, pause_s=0.02)
        return self._fakes.FakeSource(
            self._fakes.walk(8 if spec == "short" else 3000, level=90 if spec == "dim" else 200)
        )

    def no_speaker(self) -> object:
        raise SilentError("Films play without sound: no sound device was found.")

    def openers(self) -> Openers:
        def detector(choice: Choice, notify: Callable[[str], None]) -> object:
            if choice.detector == "blazeface":
                raise InputError("BlazeFace's model is missing; choose Haar")
            if choice.detector == "auto":
                notify("Faces are found with Haar.")
            self.detectors.append(self._fakes.FakeDetector(pause_s=self.detect_s))
            return self.detectors[-1]

        def classifier(choice: Choice) -> object:
            self.load.wait(10)
            if choice.model == "broken":
                raise InputError("broken/model.tflite does not match its digest; choose another model")
            self.classifiers.append(self._fakes.FakeClassifier())
            return self.classifiers[-1]

        def source(spec: str) -> FrameSource:
            self.specs.append(spec)
            self.sources.append(self.make_source(spec))
            return self.sources[-1]

        return Openers(
            detector,
            classifier,
            source,
            lambda: self.cameras,
            lambda: ("student", "tiny"),
            cache=lambda: self.cache,
            library=lambda: self.library,
            speaker=lambda: self.speaker(),
        )


@pytest.fixture
def world(fakes: ModuleType, tmp_path: Path) -> World:
    return World(fakes, tmp_path / "library")
