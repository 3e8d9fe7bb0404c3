"""Ctrl-C that arrives where Python must ignore exceptions, such as in a callback of the garbage collector (JAX has
one), is delivered again."""

import _thread
import sys
import threading
from collections.abc import Callable

AGAIN_S = 0.1
"""Seconds until the next try."""


def deliver_ignored_interrupts() -> None:
    """From now on no KeyboardInterrupt of the main thread is lost; other ignored exceptions are reported as before."""
    sys.unraisablehook = _hook(sys.unraisablehook)


def _hook(others: Callable[["sys.UnraisableHookArgs"], object]) -> Callable[["sys.UnraisableHookArgs"], None]:
    def hook(ignored: "sys.UnraisableHookArgs") -> None:
        if not issubclass(ignored.exc_type, KeyboardInterrupt):
            others(ignored)
            return
        again = threading.Timer(AGAIN_S, _thread.interrupt_main)  # not from here, where it would be ignored too
        again.daemon = True
        again.start()

    return hook
