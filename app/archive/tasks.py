"""The messages between processes: tasks and answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.archive.seams import FilmPart
from app.archive.settings import Settings
from app.core.types import SourceInfo
from app.headless.outputs import Job, OutputFiles
from app.headless.report import Outcome


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a process needs to know about a run: it is sent once, and tasks refer to films by their position
    in it.

    Attributes:
        jobs: The films and the names of their files.
        claims: Of the folder.
        settings: The settings of every film.
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
    stretch: FilmPart
    path: Path


@dataclass(frozen=True, slots=True)
class JoinTask:
    """Join the parts of a film into its files."""

    number: int
    cut: tuple[FilmPart, ...]
    parts: "tuple[PartRead, ...]"


Task = FilmTask | PartTask | JoinTask


@dataclass(frozen=True, slots=True)
class Split:
    """A film is long enough to be cut, at these seams."""

    cut: tuple[FilmPart, ...]


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
    """The parts of a film are missing, damaged or do not fit together, so it must be read as a whole."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Another run is working on the film."""


@dataclass(frozen=True, slots=True)
class Fault:
    """There was a fault inside Mimik; the sentence names the log."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Died:
    """The process that was working on a task has ended, for any reason."""

    reason: str


Answer = Outcome | Split | PartRead | Unjoined | Busy | Fault | Died


@dataclass(frozen=True, slots=True)
class Done:
    """A task has its answer."""

    task: Task
    answer: Answer


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a task.

    Attributes:
        task: The task.
        frames: Number of written frames.
        total: Their total number, as far as known.
    """

    task: Task
    frames: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for the user."""

    sentence: str


Event = Done | Progress | Sentence


class Executor(Protocol):
    """Executes tasks: in this process, in other processes, or on a cluster."""

    @property
    def room(self) -> int:
        """How many more tasks it accepts now."""
        ...

    @property
    def size(self) -> int:
        """Number of simultaneous tasks."""
        ...

    def start(self, task: Task) -> None:
        """Start a task."""
        ...

    def wait(self, seconds: float) -> list[Event]:
        """The events so far, returned after this many seconds at the latest.

        Raises:
            InputError: If no task can be done, because the model or the detector cannot be used.
        """
        ...

    def stop(self) -> None:
        """Ask for an early end of all running tasks; work done so far is kept."""
        ...

    def close(self) -> None:
        """Release everything; running tasks are aborted."""
        ...


Advance = Callable[[int, int | None], None]
"""Takes the number of written frames, and the total if known."""


def sparingly(advance: Advance, every_s: float) -> Advance:
    """Pass on the progress of a task, at most once in `seconds`."""
    said_s = 0.0

    def sometimes(frames: int, total: int | None) -> None:
        nonlocal said_s
        now_s = time.monotonic()
        if now_s - said_s >= every_s:
            said_s = now_s
            advance(frames, total)

    return sometimes
