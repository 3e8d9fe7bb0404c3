"""The messages of the session's thread to the window: plain values, which the window fetches."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.core.types import SourceInfo
from app.player.player import Player
from app.sinks.json_file import RunFacts

FailureKind = Literal["detector", "model", "source", "fault"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen parts of the pipeline; the fields are those of the shared options, None if not specified."""

    detector: str | None = None
    detector_model: str | None = None
    engine: str = "litert"
    model: str | None = None
    stride_s: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Working:
    """The session's activity while there is no picture yet."""

    run: int
    text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Detector and model are ready: their names, for people."""

    run: int
    detector: str
    model: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A player now shows a source. `spec` opens it again; `facts` name the model and detector."""

    run: int
    spec: str
    info: SourceInfo
    player: Player
    facts: RunFacts | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The source, or a part of the pipeline, cannot be used; `sentence` is for people. `spec` is what was requested."""

    run: int
    kind: FailureKind
    sentence: str
    spec: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that the user should see once; it replaces an earlier one on the same subject."""

    about: Literal["detector", "source", "cameras", "sound"]
    sentence: str


@dataclass(frozen=True, slots=True)
class CameraEntry:
    """A camera that can be chosen."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Cameras:
    """The cameras found."""

    cameras: tuple[CameraEntry, ...]


Event = Working | Loaded | Opened | Failed | Notice | Cameras


class MessageQueue:
    """A bounded, thread-safe mailbox for events; the oldest are lost if they are not read."""

    def __init__(self, size: int = 256) -> None:
        self._events: deque[Event] = deque(maxlen=size)
        self._tell: Callable[[], None] = lambda: None

    def on_put(self, tell: Callable[[], None]) -> None:
        """Have something called after each message, in the thread that put it; it must not wait."""
        self._tell = tell

    def put(self, event: Event) -> None:
        self._events.append(event)
        self._tell()

    def take_all(self) -> list[Event]:
        """All messages so far, oldest first. Never waits."""
        events = []
        while self._events:
            events.append(self._events.popleft())
        return events
