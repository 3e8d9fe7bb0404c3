"""What the session's thread reports to the window. Values only: the window polls them with a timer."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from app.core.types import SourceInfo
from app.player.player import Player
from app.sinks.json_file import RunFacts

FailureKind = Literal["detector", "model", "source", "fault"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What analyses the frames; the fields are those of the shared options, None if one was left open."""

    detector: str | None = None
    detector_model: str | None = None
    engine: str = "litert"
    model: str | None = None
    stride_s: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Working:
    """What the session is doing while there is no picture yet."""

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
    """A source is shown by a player from now on. `spec` opens it again; `facts` say what reads it."""

    run: int
    spec: str
    info: SourceInfo
    player: Player
    facts: RunFacts | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The source or what analyses it cannot be used; `sentence` is for people. `spec` is what was asked for."""

    run: int
    kind: FailureKind
    sentence: str
    spec: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that the user should see once; it takes the place of the former one about the same."""

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

    def put(self, event: Event) -> None:
        self._events.append(event)

    def take_all(self) -> list[Event]:
        """Everything so far, oldest first. Never waits."""
        events = []
        while self._events:
            events.append(self._events.popleft())
        return events
