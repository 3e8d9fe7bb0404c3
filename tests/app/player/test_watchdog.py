"""A decoder that hangs ends its film with one message, and never blocks the window."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.types import Frame, SourceInfo
from app.player.analysis import Analysis, Place
from app.player.cache import Cache
from app.player.film import FilmPlayer
from app.player.player import State
from app.player.still import StillReader
from app.player.watchdog import Watchdog
from app.sources.open import open_source
from app.sources.recording import Recording
from models.errors import InputError


class Stuck(Recording):
    """Hangs before one of its frames, as if inside a library, until `free` is set."""

    def __init__(self, frames: list[Frame], at: int, free: threading.Event) -> None:
        super().__init__()
        self.info = SourceInfo("stuck.mp4", 160, 120, 30.0, len(frames), False)
        self._all, self._at, self._free = frames, at, free

    def _frames(self) -> Iterator[Frame]:
        for frame in self._all:
            if frame.index == self._at:
                self._free.wait()
            yield frame


class Slow:
    """Returns the given silent times one by one; `seen` is set by the first read after the last one."""

    def __init__(self, *silent_s: float) -> None:
        self._left = list(silent_s)
        self.seen = threading.Event()

    @property
    def silent_s(self) -> float:
        if self._left:
            return self._left.pop(0)
        self.seen.set()
        return 0.0


@pytest.fixture
def free() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.player.watchdog.LIMIT_S", 0.5)
    monkeypatch.setattr("app.sources.recording._PATIENCE_S", 0.1)
    monkeypatch.setattr("app.core.runner._JOIN_S", 0.1)


def test_it_is_told_once_and_both_go_on(cinema, fakes, until: Callable[..., None], take, free, tmp_path: Path) -> None:
    frames = fakes.walk(60)
    errors: list[Exception] = []
    place = Place(Cache(tmp_path), "key")

    def reopen() -> Stuck:
        return Stuck(frames, 20, free)

    watchdog = Watchdog("stuck.mp4", errors.append)
    analysis = Analysis(reopen, cinema.pipeline(), place, errors.append, watch=watchdog.watch)
    still = StillReader(lambda: (fakes.FakeDetector(), fakes.FakeClassifier()))
    player = FilmPlayer(reopen(), reopen, analysis, still, errors.append, watchdog=watchdog)
    take(player, lambda shown: shown.result.frame.index == 18)
    until(lambda: player.state is State.ENDED and not analysis.running)
    (error,) = errors
    assert isinstance(error, InputError)
    assert str(error).startswith("stuck.mp4 cannot be read any further")
    until(lambda: place.cache.load("key") is not None)
    assert len(place.cache.load("key")) > 10, "what was read is kept"
    start_s = time.monotonic()
    player.close()
    assert time.monotonic() - start_s < 5
    assert len(errors) == 1


@pytest.mark.parametrize(
    ("silent_s", "abandoned"),
    [
        pytest.param((0.3, 0.49, 0.2, 0.49, 0.3, 0.49), False, id="slow"),
        pytest.param((30.0, 0.0, 30.0, 0.0), False, id="the machine slept"),
        pytest.param((0.2, 0.4, 0.6, 0.8), True, id="hangs"),
    ],
)
def test_only_a_film_that_hangs_is_abandoned(silent_s: tuple[float, ...], abandoned: bool) -> None:
    errors: list[Exception] = []
    ended, given_up = threading.Event(), threading.Event()

    def tell(error: Exception) -> None:
        errors.append(error)
        ended.set()

    watchdog = Watchdog("film.mp4", tell)
    source = Slow(*silent_s)
    watchdog.watch(source, given_up.set)
    assert (ended if abandoned else source.seen).wait(20)
    watchdog.close()
    assert (given_up.is_set(), len(errors)) == (abandoned, abandoned)


def test_a_film_gives_signs_of_life_while_it_is_searched(clip: Callable[..., Path]) -> None:
    with open_source(str(clip(frames=60))) as film:
        assert film.silent_s == 0
        before_s = time.monotonic()
        next(iter(film))
        with film._lock:  # as if it were being analysed
            assert film.silent_s <= time.monotonic() - before_s
            film._reader._container._file.found_something()
            assert film.silent_s < 0.5


def test_closing_does_not_wait_for_a_library_that_hangs(fakes, until: Callable[..., None], free) -> None:
    source = Stuck(fakes.walk(10), 3, free)
    reading = threading.Thread(target=lambda: list(source), daemon=True)
    reading.start()
    until(lambda: source.silent_s > 0.05)
    start_s = time.monotonic()
    source.close()
    assert time.monotonic() - start_s < 2
    free.set()
    reading.join(10)
    assert not reading.is_alive()
