"""What processes are asked to do, and what they answer; small values that travel between them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.archive.seams import Stretch
from app.archive.settings import Settings
from app.commands.outputs import Job, OutputFiles
from app.commands.report import Outcome
from app.core.types import SourceInfo


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a process has to know of a run: it is sent once, and tasks name films by their place in it.

    Attributes:
        jobs: The films and what their files are called.
        claims: Of the folder.
        settings: What was asked of every film.
    """

    jobs: tuple[Job, ...]
    claims: OutputFiles
    settings: Settings


@dataclass(frozen=True, slots=True)
class FilmTask:
    """Analyse a film; one that is long and may be cut comes back as `Split` unless `whole`."""

    number: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class PartTask:
    """Read a part of a film into a separate file."""

    number: int
    part: int
    stretch: Stretch
    path: Path


@dataclass(frozen=True, slots=True)
class JoinTask:
    """Join the parts of a film to its files."""

    number: int
    cut: tuple[Stretch, ...]
    parts: "tuple[PartRead, ...]"


Task = FilmTask | PartTask | JoinTask


@dataclass(frozen=True, slots=True)
class Split:
    """A film is long enough to be cut like this."""

    cut: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class PartRead:
    """A part was read.

    Attributes:
        path: Its readings.
        info: The film.
        notices: Sentences about the film.
    """

    path: Path
    info: SourceInfo
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unjoined:
    """The parts of a film cannot be had, are damaged or do not fit together, so it must be read in one piece."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Another run is at the film."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong inside Mimik; the sentence says where that is written."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Died:
    """The process that was at a task has ended, whyever."""

    reason: str


Answer = Outcome | Split | PartRead | Unjoined | Busy | Fault | Died


@dataclass(frozen=True, slots=True)
class Done:
    """A task has its answer."""

    task: Task
    answer: Answer


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task has got.

    Attributes:
        task: Which.
        frames: That are written.
        total: Their total number, as far as known.
    """

    task: Task
    frames: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for the user."""

    sentence: str


Event = Done | Progress | Note


class Executor(Protocol):
    """Executes tasks: in this process, in other processes, or on a cluster."""

    @property
    def room(self) -> int:
        """How many more tasks it takes now."""
        ...

    @property
    def size(self) -> int:
        """How many tasks it does at the same time."""
        ...

    def start(self, task: Task) -> None:
        """Give it a task."""
        ...

    def wait(self, seconds: float) -> list[Event]:
        """The events so far, returned after this many seconds at the latest.

        Raises:
            InputError: If no task can be done at all: the model or the detector cannot be used.
        """
        ...

    def stop(self) -> None:
        """Ask for an early end of everything that goes on; what was done so far is kept."""
        ...

    def close(self) -> None:
        """Let go of it; what still goes on is broken off."""
        ...


Advance = Callable[[int, int | None], None]
"""Takes frames that are written, and of how many, as far as known."""


def sparingly(advance: Advance, every_s: float) -> Advance:
    """Pass on how far a task has got at most once in so many seconds."""
    said_s = 0.0

    def sometimes(frames: int, total: int | None) -> None:
        nonlocal said_s
        now_s = time.monotonic()
        if now_s - said_s >= every_s:
            said_s = now_s
            advance(frames, total)

    return sometimes
