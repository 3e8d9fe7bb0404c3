import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.mailbox import Mailbox, Queue


@given(st.lists(st.one_of(st.integers(), st.just("take")), max_size=50))
def test_a_mailbox_keeps_the_newest_and_counts_the_rest(calls: list[int | str]) -> None:
    box: Mailbox[int | str] = Mailbox()
    waiting: list[int | str] = []
    dropped = 0
    for call in calls:
        if call == "take":
            assert box.take() == (waiting.pop() if waiting else None)
        else:
            dropped += len(waiting)
            waiting = [call]
            assert box.put(call)
    assert box.dropped == dropped


def test_a_closed_mailbox_gives_its_last_value_and_takes_none() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(1)
    box.close()
    assert box.closed
    assert not box.exhausted
    assert not box.put(2)
    assert box.take(None) == 1
    assert box.exhausted
    assert box.take(None) is None
    box.close()


def test_discard_throws_the_last_value_away() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(1)
    box.close(discard=True)
    assert box.take() is None
    assert box.exhausted


def test_take_waits_for_a_value() -> None:
    box: Mailbox[int] = Mailbox()
    writer = threading.Timer(0.05, box.put, (7,))
    writer.start()
    assert box.take(30) == 7
    writer.join()


def test_take_gives_up() -> None:
    assert Mailbox[int]().take(0.01) is None


def test_close_wakes_a_waiting_reader() -> None:
    box: Mailbox[int] = Mailbox()
    got: list[int | None] = []
    reader = threading.Thread(target=lambda: got.append(box.take(None)))
    reader.start()
    box.close()
    reader.join(30)
    assert got == [None]


def test_a_queue_keeps_everything_in_order_across_threads() -> None:
    queue: Queue[int] = Queue(4)

    def write() -> None:
        for i in range(500):
            queue.put(i)
        queue.close()

    writer = threading.Thread(target=write)
    writer.start()
    got = []
    while (value := queue.take(None)) is not None:
        got.append(value)
    writer.join(30)
    assert got == list(range(500))
    assert queue.dropped == 0


@pytest.mark.parametrize("discard", [True, False])
def test_close_wakes_a_waiting_writer(discard: bool) -> None:
    queue: Queue[int] = Queue(1)
    queue.put(1)
    results: list[bool] = []
    writer = threading.Thread(target=lambda: results.append(queue.put(2)))
    writer.start()
    queue.close(discard=discard)
    writer.join(30)
    assert results == [False]
    assert queue.take() == (None if discard else 1)
