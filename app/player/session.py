"""One thread opens detector, model and source and builds a player, so that the window waits for none of them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.core.stages import FrameSource
from app.faults import fault_sentence
from app.player.messages import Cameras, Choice, Failed, FailureKind, Loaded, MessageQueue, Notice, Opened, Working
from app.player.parts import DEMO, Openers, SessionParts, name_of_model
from app.player.player import Player
from app.spec import camera_index
from models.errors import InputError


@dataclass(frozen=True, slots=True)
class _Request:
    run: int
    spec: str | None
    choice: Choice
    stop: threading.Event


class PlayerSession:
    """Shows one source after the other. Every public method returns at once, except `join`.

    Attributes:
        post: Messages for the window.
    """

    def __init__(self, openers: Openers | None = None) -> None:
        self._openers = openers or Openers()
        self._parts = SessionParts(self._openers)
        self._wake = threading.Condition()
        self._request: _Request | None = None
        self._stop = threading.Event()
        self._runs = 0
        self._closing = False
        self._player: Player | None = None
        self._lasting: list[Player] = []
        self._searching = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="session", daemon=True)
        self.post = MessageQueue()
        self._thread.start()

    def show(self, spec: str | None, choice: Choice) -> int:
        """Request a source; the current one is asked to stop, and the new one starts afterwards.

        Args:
            spec: What `open_source` takes, or None for the first camera, or the demo where there is none.
            choice: Model, detector and other options.

        Returns:
            The number of this run, which is part of its messages.
        """
        with self._wake:
            self._runs += 1
            self._stop.set()
            self._stop = threading.Event()
            self._request = _Request(self._runs, spec, choice, self._stop)
            self._wake.notify()
            return self._runs

    def find_cameras(self) -> None:
        """List the cameras in a separate thread; the answer comes as `Cameras`. One search at a time."""
        if self._searching.acquire(blocking=False):
            threading.Thread(target=self._search, name="cameras", daemon=True).start()

    def close(self) -> None:
        """Ask all threads to stop."""
        with self._wake:
            self._closing = True
            self._stop.set()
            self._wake.notify()

    def join(self, timeout_s: float) -> bool:
        """Wait for all threads after `close`, also for those of players left before; True when they have ended."""
        until_s = time.monotonic() + timeout_s
        self._thread.join(timeout_s)
        ended = [player.join(max(until_s - time.monotonic(), 0.0)) for player in tuple(self._lasting)]
        return all(ended) and not self._thread.is_alive()

    def _search(self) -> None:
        try:
            self.post.put(Cameras(self._openers.cameras()))
        except InputError as error:
            self.post.put(Notice("cameras", str(error)))
        finally:
            self._searching.release()

    def _work(self) -> None:
        try:
            while (request := self._next()) is not None:
                self._leave()
                self._serve(request)
        finally:
            self._leave()
            self._parts.close()

    def _leave(self) -> None:
        """Close the present player."""
        player, self._player = self._player, None
        if player is not None:
            player.close()
            # one that reads a picture of many faces goes on for seconds, and must not meet the interpreter's end
            self._lasting = [one for one in (*self._lasting, player) if not one.join(0.0)]

    def _next(self) -> _Request | None:
        with self._wake:
            self._wake.wait_for(lambda: self._closing or self._request is not None)
            request, self._request = self._request, None
            return None if self._closing else request

    def _serve(self, request: _Request) -> None:
        """Load the missing parts and show one source; any error becomes a sentence."""
        kind: FailureKind = "model"
        spec = request.spec
        try:
            self.post.put(Working(request.run, "Loading model…"))
            classifier = self._parts.classifier(request.choice)
            kind = "detector"
            detector = self._parts.detector(request.choice, lambda text: self.post.put(Notice("detector", text)))
            self.post.put(Loaded(request.run, detector.name, name_of_model(request.choice, classifier)))
            kind = "source"
            spec = self._first_source() if spec is None else spec
            self._play(request, spec)
        except Exception as error:
            self._fail(request, kind, error, spec)

    def _fail(self, request: _Request, kind: FailureKind, error: Exception, spec: str | None) -> None:
        """Report an error. May be called from any thread."""
        if request.stop.is_set():
            return
        if isinstance(error, InputError):
            self.post.put(Failed(request.run, kind, str(error), spec))
        else:  # a fault of ours, not of the input: it is logged, and the window continues
            self.post.put(Failed(request.run, "fault", fault_sentence(error), spec))

    def _first_source(self) -> str:
        cameras = self._openers.cameras()
        self.post.put(Cameras(cameras))
        if cameras:
            return str(cameras[0].index)
        none = "No camera was found, so this is the demo clip. Connect one and choose it in the menu File."
        self.post.put(Notice("source", none))
        return DEMO

    def _play(self, request: _Request, spec: str) -> None:
        self.post.put(Working(request.run, "Opening…" if camera_index(spec) is None else "Opening camera…"))
        source = _Opening(self._openers.source, spec).wait(request.stop)
        if source is None:
            return

        def notify(sentence: str) -> None:
            if not request.stop.is_set():
                self.post.put(Notice("source", sentence))

        def tell(error: Exception) -> None:
            self._fail(request, "source", error, spec)

        def silent(sentence: str) -> None:
            self.post.put(Notice("sound", sentence))

        self._player = self._parts.player(spec, source, request.choice, tell, notify, silent)
        self.post.put(Opened(request.run, spec, source.info, self._player, self._parts.facts(request.choice)))


class _Opening:
    """Opens a source in its own thread, so that a device that hangs can be abandoned."""

    def __init__(self, open_source: Callable[[str], FrameSource], spec: str) -> None:
        self._open_source = open_source
        self._spec = spec
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._given_up = False
        self._source: FrameSource | None = None
        self._error: BaseException | None = None
        threading.Thread(target=self._work, name="opening", daemon=True).start()

    def wait(self, stop: threading.Event) -> FrameSource | None:
        """The open source, or None if it was stopped first; raises any error of opening."""
        while not self._done.wait(0.02):
            with self._lock:
                if stop.is_set() and not self._done.is_set():
                    self._given_up = True
                    return None
        if self._error is not None:
            raise self._error
        return self._source

    def _work(self) -> None:
        try:
            source = self._open_source(self._spec)
        except BaseException as error:
            self._error = error
            self._done.set()
            return
        with self._lock:
            self._source = source
            self._done.set()
            given_up = self._given_up
        if given_up:
            source.close()
