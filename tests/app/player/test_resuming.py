"""An interrupted or killed analysis resumes where it was, with the same frame numbers and ids."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.pipeline import Pipeline
from app.core.store import ReadingStore
from app.core.types import Frame
from app.player.analysis import Analysis, Place
from app.player.cache import Cache
from tests import fakes as plain_fakes

ROOT = Path(__file__).resolve().parents[3]
FPS, FRAMES = 30, 400


def frames() -> list[Frame]:
    """Two people; the first leaves at frame 150, and another comes at frame 300."""
    made = []
    for number in range(FRAMES):
        places = [(100, 70, 30)]
        places += [(10, 10, 30)] if number < 150 else []
        places += [(10, 70, 24)] if number >= 300 else []
        made.append(Frame(number, number / FPS, plain_fakes.picture(*places)))
    return made


class SeekableSource(plain_fakes.FakeSource):
    """Numbers frames from the position it was opened at, like films without an index."""

    def seek(self, time_s: float, *, exact: bool = True) -> None:
        first = min(max(int(time_s * FPS + 1e-6), 0), len(ALL) - 1)
        self._frames = [Frame(i, frame.time_s, frame.image) for i, frame in enumerate(ALL[first:])]


ALL = frames()


def analysis(place: Place | None, opened: list[plain_fakes.FakeSource], source=SeekableSource, pause_s=0.0) -> Analysis:
    def open_source():
        opened.append(source(ALL, pause_s=pause_s))
        return opened[-1]

    def fail(error: Exception) -> None:
        raise error

    return Analysis(open_source, Pipeline(plain_fakes.FakeDetector(), plain_fakes.FakeClassifier()), place, fail)


def rows(store: ReadingStore) -> list[tuple]:
    return [
        (r.index, r.time_s, *((f.track_id, f.box, f.label, tuple(f.smooth.round(3))) for f in r.faces))
        for r in store.between(-1.0, 1e9)
    ]


@pytest.fixture
def whole() -> ReadingStore:
    undisturbed = analysis(None, [])
    undisturbed.join(60)
    assert undisturbed.store.complete
    return undisturbed.store


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.player.resuming.WARM_S", 2.0)


@pytest.mark.parametrize("ended_at", [130, 200, 290, 305, 399])
def test_it_goes_on_where_it_was(whole: ReadingStore, tmp_path: Path, ended_at: int) -> None:
    place = Place(Cache(tmp_path), "key")
    kept = ReadingStore(whole.labels)
    for reading in whole.between(-1.0, ended_at / FPS - 1e-6):
        kept.append(reading)
    assert len(kept) == ended_at
    place.cache.keep("key", kept)
    opened: list[plain_fakes.FakeSource] = []
    again = analysis(place, opened)
    assert again.store.covered >= (ended_at - 1) / FPS, "what was read is there at once"
    again.join(60)
    assert again.store.complete
    assert rows(again.store) == rows(whole)
    assert again.pace.frames == FRAMES - ended_at, "nothing is read twice but the seconds before"
    assert len(opened) == 1
    assert opened[0].delivered <= FRAMES - ended_at + 2.0 * FPS + 3
    assert rows(place.cache.load("key")) == rows(whole)


@pytest.mark.parametrize("source", [plain_fakes.FakeSource, "other"])
def test_where_that_cannot_be_it_begins_anew(whole: ReadingStore, tmp_path: Path, source) -> None:
    """The source cannot seek, or its times have changed."""

    class Other(SeekableSource):
        def seek(self, time_s: float, *, exact: bool = True) -> None:
            super().seek(time_s)
            self._frames = [Frame(frame.index, frame.time_s + 0.01, frame.image) for frame in self._frames]

    place = Place(Cache(tmp_path), "key")
    kept = ReadingStore(whole.labels)
    for reading in whole.between(-1.0, 9.0):
        kept.append(reading)
    place.cache.keep("key", kept)
    again = analysis(place, [], Other if source == "other" else source)
    again.join(60)
    assert rows(again.store) == rows(whole)
    assert again.pace.frames == FRAMES


KILLED = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from app.player import analysis as module
from app.player.analysis import Place
from app.player.cache import Cache
from tests.app.player.test_resuming import analysis
module._SAVE_EVERY_S = 0.0
module._SAVE_SHARE = 1.0
analysis(Place(Cache(Path(sys.argv[2])), "key"), [], pause_s=0.01).join(60)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process is ended in another way here")
def test_what_a_killed_program_had_read_is_used(whole: ReadingStore, tmp_path: Path, until, threads_left) -> None:
    cache = Cache(tmp_path / "cache")

    def has_enough() -> bool:
        kept = cache.load("key")
        assert process.poll() is None, process.communicate()[1]
        return kept is not None and len(kept) > 4.5 * FPS

    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(ROOT), str(cache.folder)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        until(has_enough)
        process.kill()
        process.wait(30)
    kept = cache.load("key")
    assert kept is not None and not kept.complete
    again = analysis(Place(cache, "key"), [])
    again.join(60)
    assert rows(again.store) == rows(whole)
    assert again.pace.frames == FRAMES - len(kept)
    assert "analysis" not in threads_left()
