"""Notices a film whose decoder does not come back."""

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass

from app.core.stages import FrameSource
from app.player.player import Tell
from models.errors import InputError

Watch = Callable[[FrameSource, Callable[[], None]], None]
"""Is called with a source that was opened, and with what to call when it has to be given up."""

LIMIT_S = 20.0
_LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class _Watched:
    source: "weakref.ref[FrameSource]"
    give_up: Callable[[], None]


class Watchdog:
    """Looks at sources once a second.

    One that is being read and has given no sign of life for twenty seconds is given up, which is told once for all of
    them; the thread that waits for it is left behind. A library that hangs cannot be interrupted, and one that crashes
    takes the program with it: only a process of its own would be safe from both, and costs a tenth of the speed.

    Args:
        name: What the film is called.
        tell: Called with the sentence.
    """

    def __init__(self, name: str, tell: Tell) -> None:
        self._name = name
        self._tell = tell
        self._limit_s = LIMIT_S
        self._lock = threading.Lock()
        self._watched: list[_Watched] = []
        self._told = False
        self._closed = threading.Event()
        threading.Thread(target=self._work, name="watchdog", daemon=True).start()

    def watch(self, source: FrameSource, give_up: Callable[[], None]) -> None:
        """Look at a source from now on, for as long as anybody holds it; `give_up` is called in another thread."""
        with self._lock:
            self._watched = [one for one in self._watched if one.source() is not None]
            self._watched.append(_Watched(weakref.ref(source), give_up))

    def close(self) -> None:
        """Look no more. May be called twice."""
        self._closed.set()

    def _work(self) -> None:
        while not self._closed.wait(min(_LOOK_S, self._limit_s / 4)):
            with self._lock:
                watched = list(self._watched)
            for one in watched:
                source = one.source()
                if source is not None and getattr(source, "silent_s", 0.0) > self._limit_s:
                    self._give_up(one)

    def _give_up(self, one: _Watched) -> None:
        with self._lock:
            self._watched.remove(one)
        one.give_up()
        if not self._told and not self._closed.is_set():
            self._told = True
            sentence = (
                f"{self._name} cannot be read any further: its decoder has not answered for {self._limit_s:.0f} s; "
                "open it again, or convert it to MP4 (H.264)"
            )
            self._tell(InputError(sentence))
