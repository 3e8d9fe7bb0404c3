"""Runs the films of a plan on a crew: their order, retries, and the outcome of each."""

import shutil
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol

from app.archive.scratch import Scratch
from app.archive.seams import FilmPart
from app.archive.tasks import (
    Answer,
    Busy,
    Died,
    Done,
    Executor,
    Fault,
    FilmTask,
    JoinTask,
    PartRead,
    PartTask,
    Plan,
    Progress,
    Split,
    Task,
    Unjoined,
)  # fmt: skip
from app.headless.report import Outcome

_POLL_S = 0.2
_AGAIN_S = 1.0
"""How long a film that another run was working on is left alone."""

DONE, SKIPPED, DAMAGED, FAILED, INTERRUPTED = "done", "skipped", "damaged", "failed", "interrupted"
STATES = (DONE, SKIPPED, DAMAGED, FAILED)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a film.

    Attributes:
        number: Its position in the plan.
        state: One of `STATES`, or `INTERRUPTED`.
        reason: A sentence about a problem, if there is one.
        frames: Frames in its table.
        duration_s: Seconds of film.
        is_fault: Whether there was a fault inside Mimik.
        broke_off: Whether it broke off.
    """

    number: int
    state: str
    reason: str = ""
    frames: int = 0
    duration_s: float = 0.0
    is_fault: bool = False
    broke_off: bool = False


class Display(Protocol):
    """Shows the progress of a run."""

    def begin(self, number: int) -> None: ...

    def advance(self, number: int, part: int, frames: int, total: int | None) -> None: ...

    def end(self, number: int) -> None: ...

    def say(self, sentence: str) -> None: ...


@dataclass(slots=True)
class _Cut:
    """A film that is read in parts."""

    cut: tuple[FilmPart, ...]
    read: dict[int, PartRead] = field(default_factory=dict)


class Run:
    """One run over the films of a plan.

    Args:
        plan: The run.
        crew: Executes the tasks.
        display: Shows how far it has got.
        finished: Takes each film's outcome as soon as it is known, in full rather than as a `Result`.
    """

    def __init__(
        self, plan: Plan, crew: Executor, display: Display, finished: Callable[[int, Outcome], None] = lambda *_: None
    ) -> None:
        self._plan = plan
        self._crew = crew
        self._display = display
        self._finished = finished
        self._waiting: deque[Task] = deque(FilmTask(number) for number in range(len(plan.jobs)))
        self._busy: deque[tuple[float, Task]] = deque()
        self._running = 0
        self._deaths: dict[Task, int] = {}
        self._cuts: dict[int, _Cut] = {}
        self._reported: set[str] = set()
        self._scratch = Scratch(plan.claims.folder)
        self._stop = Event()
        self.results: dict[int, Result] = {}

    def go(self, stop: Event) -> None:
        """Process all films, or end early when `stop` is set, keeping the work done on unfinished films.

        Raises:
            InputError: If no film can be analysed.
        """
        self._stop = stop
        asked = False
        with self._scratch:
            while self._running or (not stop.is_set() and (self._waiting or self._busy)):
                if stop.is_set() and not asked:
                    asked = True
                    self._crew.stop()
                if not asked:
                    self._give_out()
                for event in self._crew.wait(_POLL_S if self._running or not self._waiting else 0.0):
                    if isinstance(event, Done):
                        self._running -= 1
                        self._take(event.task, event.answer, asked=asked)
                    elif isinstance(event, Progress):
                        part = event.task.part if isinstance(event.task, PartTask) else 0
                        self._display.advance(event.task.number, part, event.frames, event.total)
                    elif event.sentence not in self._reported:
                        self._reported.add(event.sentence)
                        self._display.say(event.sentence)

    def _give_out(self) -> None:
        if not self._waiting:  # films that another run works on come last
            while self._busy and self._busy[0][0] <= time.monotonic():
                self._waiting.append(self._busy.popleft()[1])
        while self._waiting and self._crew.room > 0:
            task = self._waiting.popleft()
            self._display.begin(task.number)
            self._running += 1
            self._crew.start(task)

    def _take(self, task: Task, answer: Answer, *, asked: bool) -> None:
        number = task.number
        if isinstance(answer, Outcome):
            if answer.interrupted:
                self._stop.set()
            self._finished(number, answer)
            self._end(_result(number, answer))
        elif isinstance(answer, Fault):
            self._end(Result(number, FAILED, answer.sentence, is_fault=True))
        elif isinstance(answer, Died):
            self._deaths[task] = self._deaths.get(task, 0) + 1
            if asked:
                self._end(Result(number, INTERRUPTED))
            elif self._deaths[task] == 1:
                self._waiting.appendleft(task)
            else:
                self._end(Result(number, FAILED, f"{self._plan.jobs[number].spec}: {answer.reason}"))
        elif asked:
            self._end(Result(number, INTERRUPTED))
        elif isinstance(answer, Busy):
            self._busy.append((time.monotonic() + _AGAIN_S, task))
        elif isinstance(answer, Split):
            self._cuts[number] = _Cut(answer.cut)
            folder = self._scratch.folder(number)
            parts = [PartTask(number, part, one, folder / f"{part}") for part, one in enumerate(answer.cut)]
            self._waiting.extendleft(reversed(parts))
        elif isinstance(answer, PartRead) and isinstance(task, PartTask):
            self._take_part(task, answer)
        elif isinstance(answer, Unjoined) and number in self._cuts:  # otherwise another part of it has failed before
            self._drop(number)
            self._waiting.appendleft(FilmTask(number, whole=True))

    def _take_part(self, task: PartTask, answer: PartRead) -> None:
        cut = self._cuts.get(task.number)
        if cut is None:
            return
        cut.read[task.part] = answer
        if len(cut.read) == len(cut.cut):
            parts = tuple(cut.read[part] for part in range(len(cut.cut)))
            self._waiting.appendleft(JoinTask(task.number, cut.cut, parts))

    def _drop(self, number: int) -> None:
        if self._cuts.pop(number, None) is not None:
            self._waiting = deque(task for task in self._waiting if task.number != number)
            shutil.rmtree(self._scratch.folder(number), ignore_errors=True)

    def _end(self, result: Result) -> None:
        self._drop(result.number)
        if result.number in self.results:  # another part of it has ended it
            return
        self.results[result.number] = result
        self._display.end(result.number)
        if result.reason and (result.state == FAILED or result.broke_off):
            self._display.say(result.reason)


def _result(number: int, outcome: Outcome) -> Result:
    summary: Any = outcome.summary
    reason = "" if outcome.error is None else str(outcome.error)
    state = DONE
    if outcome.interrupted:
        state = INTERRUPTED
    elif outcome.skipped:
        state = SKIPPED
    elif outcome.broke_off and outcome.placed:
        state = DAMAGED
    elif outcome.error is not None:
        state = FAILED
    elif summary["damaged"]["frames"]:
        count = summary["damaged"]["frames"]
        state, reason = DAMAGED, f"{count} {'frame' if count == 1 else 'frames'} could not be decoded"
    frames, duration_s = (summary["frames"], summary["duration_s"]) if summary else (0, 0.0)
    return Result(number, state, reason, frames, duration_s, broke_off=outcome.broke_off)
