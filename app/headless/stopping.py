"""Ctrl-C, SIGTERM and SIGHUP as a request to finish, not as an exception in the middle of a write."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def ending_signals() -> list[int]:
    """SIGHUP, which a terminal sends when it is closed, if the system has it and it is not ignored."""
    number = getattr(signal, "SIGHUP", None)
    return [] if number is None or signal.getsignal(number) is signal.SIG_IGN else [number]


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C, SIGTERM or SIGHUP sets; a second one raises KeyboardInterrupt.

    SIGHUP stays ignored if it was, as under nohup.

    Outside the main thread, where Python accepts no handlers, the event is only yielded.
    """
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    numbers = [signal.SIGINT, signal.SIGTERM, *ending_signals()]
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
