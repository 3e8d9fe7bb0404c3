"""The crew of one: tasks are done in this thread, one after the other."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from app.archive.tasks import Answer, Done, Event, Plan, Task
from app.archive.workbench import Workbench, guarded
from app.core.stages import Sink
from app.faults import fault_sentence
from app.sinks.progress import ProgressSink


class Inline:
    """Does each task in `start`, in this thread; Ctrl-C ends it early and keeps what was done.

    Args:
        plan: The run.
        advance: Takes the progress of the task.
        notify: Takes sentences for the user.
        alone: Whether the sources were named individually: then each has its own progress bar, and faults are not
            caught.
    """

    size = 1

    def __init__(
        self,
        plan: Plan,
        advance: Callable[[Task, int, int | None], None],
        notify: Callable[[str], None],
        *,
        alone: bool,
    ) -> None:
        self._events: list[Event] = []
        self._advance = advance
        self._alone = alone
        self._stack = ExitStack()
        extra_sinks: tuple[Sink, ...] = (ProgressSink(),) if alone else ()
        self._bench = self._stack.enter_context(Workbench(plan, notify, extra_sinks=lambda: extra_sinks))

    def prepare(self) -> None:
        """Open model and detector now instead of with the first task.

        Raises:
            UnusableError: If they cannot be opened.
        """
        _ = self._bench.parts

    @property
    def room(self) -> int:
        return 0 if self._events else 1

    def start(self, task: Task) -> None:
        def do() -> Answer:
            return self._bench.do(task, lambda frames, total: self._advance(task, frames, total))

        self._events.append(Done(task, do() if self._alone else guarded(do, fault_sentence)))

    def wait(self, seconds: float) -> list[Event]:
        events, self._events = self._events, []
        if not events:
            time.sleep(seconds)
        return events

    def stop(self) -> None:
        """Nothing runs between two tasks."""

    def close(self) -> None:
        self._stack.close()
