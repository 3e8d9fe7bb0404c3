"""Analyses a film from start to end in the background, as fast as possible, into a store."""

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.core.pace import Pace
from app.core.pipeline import Pipeline
from app.core.reading import Reading
from app.core.runner import run
from app.core.stages import FrameSource
from app.core.store import ReadingStore
from app.core.types import FrameResult, SourceInfo
from app.player.cache import Cache
from app.player.player import Tell
from app.player.resuming import Joint
from app.player.watchdog import Watch
from models.errors import InputError

FAREWELL_S = 0.5
_SAVE_EVERY_S, _SAVE_SHARE = 5.0, 20.0
_NICE = 5

_log = logging.getLogger(__name__)


def step_back() -> None:
    """Give this thread, and those that it starts, a lower priority, if the system has priorities per thread."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a film's readings are kept on the disk."""

    cache: Cache
    key: str


class Analysis:
    """The analysis of one film. It only moves forward, so that ids and smoothing are those of `analyze`.

    Complete readings found in the cache are used as they are. Those of an interrupted analysis are shown at once, and
    it resumes where it stopped (`app.player.resuming`). If that is impossible, the film is read again from its start,
    and the new readings replace the old ones once they cover as much.

    Args:
        open_source: Opens the film.
        pipeline: Fresh; used only by this analysis.
        place: Where readings are cached; None does not cache them.
        tell: Called if the film breaks off or a part fails.
        notify: Called with a sentence about each problem of a film that was read to its end.
        watch: Called with each opened source and the function that abandons it.
        recorded: The readings made while recording: they are used as they are, and nothing is read.

    Attributes:
        pace: Of the frames that were read here; there are none if all were cached.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        pipeline: Pipeline,
        place: Place | None,
        tell: Tell,
        notify: Callable[[str], None] = lambda _: None,
        watch: Watch = lambda *_: None,
        recorded: ReadingStore | None = None,
    ) -> None:
        self._open_source = open_source
        self._pipeline = pipeline
        self._place = place
        self._tell = tell
        self._notify = notify
        self._watch = watch
        self._stop = threading.Event()
        self._news = threading.Condition()
        kept = None if place is None else place.cache.load(place.key)
        if kept is not None and kept.labels != pipeline.labels:
            kept = None
        self._store = recorded or kept or ReadingStore(pipeline.labels)
        self.pace = Pace()
        self.running = not self._store.complete
        self._thread = threading.Thread(target=self._work, name="analysis", daemon=True)
        if self.running:
            self._thread.start()

    @property
    def store(self) -> ReadingStore:
        """The readings so far; a new object once new readings replace those of an earlier analysis."""
        return self._store

    def wait_for(self, time_s: float, timeout_s: float) -> None:
        """Wait, for this long at most, until the frame shown at a moment has been read or the analysis has ended."""
        with self._news:
            self._news.wait_for(lambda: self._store.covered > time_s or not self.running, timeout_s)

    def stop(self) -> None:
        """Stop soon and keep the readings. May be called twice."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for its end, for this long at most; True when it has ended."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        step_back()
        filling = _Writer(ReadingStore(self._pipeline.labels), self._written, self._save)
        try:
            source = self._opened()
            if len(self._store):
                joint = Joint.of(source, self._store)
                if joint is None:
                    source.close()
                    source = self._opened()
                else:
                    filling = _Writer(self._store, self._written, self._save, joint)
            interrupted = run(source, self._pipeline, [filling], self._stop).interrupted
            if not interrupted:
                self._finish(filling.store)
            for sentence in () if interrupted else getattr(source, "notices", ()):
                self._notify(sentence)
        except InputError as error:
            if not self._stop.is_set():
                self._finish(filling.store)  # nothing more can be read of a film that breaks off
                self._tell(error)
        except Exception as error:
            self._tell(error)
        finally:
            self.running = False
            with self._news:
                self._news.notify_all()

    def _opened(self) -> FrameSource:
        source = self._open_source()
        self._watch(source, self._give_up)
        return source

    def _give_up(self) -> None:
        """Abandon the analysis; called in another thread, because this one's decoder hangs."""
        self.stop()
        self.running = False
        with self._news:
            self._news.notify_all()

    def _written(self, store: ReadingStore) -> None:
        self.pace.add()
        if store is not self._store and store.covered >= self._store.covered:
            self._store = store
        with self._news:
            self._news.notify_all()

    def _finish(self, store: ReadingStore) -> None:
        if len(store):
            store.finish()
            self._store = store
            self._save(store)

    def _save(self, store: ReadingStore) -> None:
        if self._place is None or store is not self._store or not len(store):
            return
        try:
            self._place.cache.keep(self._place.key, store)
        except OSError as error:  # the cache only saves time
            _log.warning("readings cannot be kept: %s", error)
            self._place = None


class _Writer:
    """The sink that fills a store and saves it from time to time, so that the readings survive a kill."""

    def __init__(
        self,
        store: ReadingStore,
        written: Callable[[ReadingStore], None],
        save: Callable[[ReadingStore], None],
        joint: Joint | None = None,
    ) -> None:
        self.store = store
        self._joint = joint
        self._written = written
        self._save = save
        self._next_s = time.monotonic() + _SAVE_EVERY_S

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        """Nothing to prepare."""

    def write(self, result: FrameResult) -> None:
        reading: Reading | None = Reading.of(result)
        if self._joint is not None:
            reading = self._joint.joined(Reading.of(result))
        if reading is None:
            return
        self.store.append(reading)
        self._written(self.store)
        start_s = time.monotonic()
        if start_s >= self._next_s:
            self._save(self.store)
            end_s = time.monotonic()
            # saving takes longer for longer films; limit it to a twentieth of the time
            self._next_s = end_s + max(_SAVE_EVERY_S, _SAVE_SHARE * (end_s - start_s))

    def close(self) -> None:
        self._save(self.store)
