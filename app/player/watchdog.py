"""Detects a film whose decoder hangs."""

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass

from app.core.stages import FrameSource
from app.player.player import Tell
from models.errors import InputError

Watch = Callable[[FrameSource, Callable[[], None]], None]
"""Called with an opened source and the function that abandons it."""

LIMIT_S = 20.0
_LOOK_S = 1.0


@dataclass(slots=True)
class _Watched:
    source: "weakref.ref[FrameSource]"
    give_up: Callable[[], None]
    silent: int = 0
    """Consecutive checks without progress. Some clocks run on while a machine sleeps; checks do not."""


class Watchdog:
    """Checks sources once a second.

    One that is being read and has made no progress for twenty seconds is abandoned, which is reported once for all of
    them; the thread that waits for it is left behind. A library that hangs cannot be interrupted, and one that crashes
    takes the program with it: only a separate process would be safe from both, and costs a tenth of the speed.

    Args:
        name: Name of the film.
        tell: Called with the sentence.
    """

    def __init__(self, name: str, tell: Tell) -> None:
        self._name = name
        self._tell = tell
        self._limit_s = LIMIT_S
        self._lock = threading.Lock()
        self._watched: list[_Watched] = []
        self._reported = False
        self._closed = threading.Event()
        threading.Thread(target=self._work, name="watchdog", daemon=True).start()

    def watch(self, source: FrameSource, give_up: Callable[[], None]) -> None:
        """Watch a source from now on, for as long as it is in use; `give_up` is called in another thread."""
        with self._lock:
            self._watched = [one for one in self._watched if one.source() is not None]
            self._watched.append(_Watched(weakref.ref(source), give_up))

    def close(self) -> None:
        """Stop checking. May be called twice."""
        self._closed.set()

    def _work(self) -> None:
        look_s = min(_LOOK_S, self._limit_s / 4)
        while not self._closed.wait(look_s):
            with self._lock:
                watched = list(self._watched)
            for one in watched:
                source = one.source()
                silent_s = 0.0 if source is None else getattr(source, "silent_s", 0.0)
                one.silent = one.silent + 1 if silent_s > 0 else 0
                if silent_s > self._limit_s and one.silent * look_s >= self._limit_s / 2:
                    self._give_up(one)

    def _give_up(self, one: _Watched) -> None:
        with self._lock:
            self._watched.remove(one)
        one.give_up()
        if not self._reported and not self._closed.is_set():
            self._reported = True
            sentence = (
                f"{self._name} cannot be read any further: its decoder has not answered for {self._limit_s:.0f} s; "
                "open it again, or convert it to another format"
            )
            self._tell(InputError(sentence))
