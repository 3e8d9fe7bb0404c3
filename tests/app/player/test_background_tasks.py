"""Background tasks run in another thread, newest first, and nobody waits for them."""

import threading
from collections.abc import Iterator

import pytest

from app.player.background_tasks import BackgroundTasks

WAIT_S = 20


class Desk:
    """Collects the results."""

    def __init__(self) -> None:
        self.done: list[tuple[object, object]] = []
        self.threads: set[threading.Thread] = set()
        self._more = threading.Condition()

    def take(self, key: object, found: object) -> None:
        with self._more:
            self.done.append((key, found))
            self.threads.add(threading.current_thread())
            self._more.notify_all()

    def wait(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self.done) >= count, WAIT_S)


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


def hold(tasks: BackgroundTasks, gate: threading.Event) -> None:
    """Keep the thread busy until `gate` is set."""
    begun = threading.Event()

    def work() -> str:
        begun.set()
        gate.wait(WAIT_S)
        return "held"

    tasks.ask("hold", work)
    assert begun.wait(WAIT_S)


def test_work_is_done_in_another_thread() -> None:
    desk = Desk()
    BackgroundTasks(desk.take).ask("sum", lambda: 1 + 1)
    desk.wait(1)
    assert desk.done == [("sum", 2)]
    assert threading.current_thread() not in desk.threads


def test_the_newest_comes_first_and_the_oldest_is_forgotten(gate: threading.Event) -> None:
    desk = Desk()
    tasks = BackgroundTasks(desk.take, most=3)
    hold(tasks, gate)
    for number in range(5):
        tasks.ask(number, lambda number=number: number)
    gate.set()
    desk.wait(4)
    assert [key for key, _ in desk.done] == ["hold", 4, 3, 2]


def test_the_same_key_is_asked_for_once(gate: threading.Event) -> None:
    desk = Desk()
    tasks = BackgroundTasks(desk.take, most=3)
    hold(tasks, gate)
    tasks.ask("a", lambda: "old")
    tasks.ask("b", lambda: "b")
    tasks.ask("a", lambda: "new")
    gate.set()
    desk.wait(3)
    assert desk.done[1:] == [("a", "new"), ("b", "b")]


def test_what_was_not_begun_can_be_forgotten(gate: threading.Event) -> None:
    desk = Desk()
    tasks = BackgroundTasks(desk.take, most=3)
    hold(tasks, gate)
    tasks.ask("a", lambda: "a")
    tasks.forget()
    tasks.ask("b", lambda: "b")
    gate.set()
    desk.wait(2)
    assert [key for key, _ in desk.done] == ["hold", "b"]


def test_a_failure_is_told_and_the_next_errand_is_done() -> None:
    desk = Desk()
    tasks = BackgroundTasks(desk.take)

    def fail() -> None:
        raise ValueError("no")

    tasks.ask("a", fail)
    desk.wait(1)
    tasks.ask("b", lambda: "b")
    desk.wait(2)
    assert isinstance(desk.done[0][1], ValueError)
    assert desk.done[1] == ("b", "b")


def test_after_closing_what_was_begun_is_finished_and_nothing_else(gate: threading.Event) -> None:
    desk = Desk()
    tasks = BackgroundTasks(desk.take, most=3)
    hold(tasks, gate)
    tasks.ask("a", lambda: "a")
    tasks.close()
    assert not tasks.join(0.01)
    gate.set()
    assert tasks.join(WAIT_S)
    tasks.ask("b", lambda: "b")
    assert tasks.join(0)
    assert [key for key, _ in desk.done] == ["hold"]
