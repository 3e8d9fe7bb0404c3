"""A Ctrl-C is not lost where Python ignores exceptions."""

import gc
import sys
import threading

import pytest

from training.interrupts import deliver_ignored_interrupts


def collect_with(error: type[BaseException]) -> None:
    """A collection of garbage during which an exception is raised and ignored."""

    def callback(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            raise error

    gc.callbacks.append(callback)
    try:
        gc.collect()
    finally:
        gc.callbacks.remove(callback)


def test_an_interrupt_in_a_callback_of_the_garbage_collector_is_raised_after_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    deliver_ignored_interrupts()

    def work() -> None:
        collect_with(KeyboardInterrupt)
        threading.Event().wait(30)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert told == []


def test_other_ignored_exceptions_are_reported_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda ignored: told.append(ignored.exc_type))
    deliver_ignored_interrupts()
    collect_with(ZeroDivisionError)
    assert told == [ZeroDivisionError]
