"""Film players over fakes."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.core.pipeline import Pipeline
from app.core.types import Image
from app.player.analysis import Analysis, Place
from app.player.film import FilmPlayer
from app.player.player import Player, Shown
from app.player.still import StillReader
from app.sources import open_source

WAIT_S = 20.0


@pytest.fixture
def take(until: Callable[..., Any]) -> Callable[..., Shown]:
    """Takes frames from a player until one satisfies a condition."""

    def wanted(player: Player, right: Callable[[Shown], bool] = lambda _: True) -> Shown:
        def offered() -> Shown | None:
            shown = player.take()
            return shown if shown is not None and right(shown) else None

        return until(offered, "a frame that is wanted")

    return wanted


class Cinema:
    """Opens players on fake films; `errors` has the errors raised, `sources` every source that was opened."""

    def __init__(self, fakes: ModuleType) -> None:
        self._fakes = fakes
        self.sources: list[Any] = []
        self.errors: list[Exception] = []
        self.notices: list[str] = []
        self.damage: tuple[str, ...] = ()
        self.players: list[FilmPlayer] = []
        self.stills: list[int] = []

    def pipeline(self, pause_s: float = 0.0, gate: threading.Event | None = None) -> Pipeline:
        detector = self._fakes.FakeDetector(pause_s=pause_s)
        if gate is not None:
            detect = detector.detect

            def gated(image: Image) -> Any:
                gate.wait(WAIT_S)
                return detect(image)

            detector.detect = gated
        return Pipeline(detector, self._fakes.FakeClassifier())

    def open(
        self,
        frames: Any = 60,
        *,
        pause_s: float = 0.0,
        gate: threading.Event | None = None,
        place: Place | None = None,
        again: bool = False,
        sounding: Any = None,
        **source: Any,
    ) -> FilmPlayer:
        """Open a player; `pause_s` slows down the analysis, which does not start before `gate` is set."""
        made = self._fakes.walk(frames) if isinstance(frames, int) else frames

        def reopen() -> Any:
            self.sources.append(self._fakes.FakeSource(made, **source))
            self.sources[-1].notices = self.damage
            return self.sources[-1]

        return self._player(reopen, pause_s=pause_s, gate=gate, place=place, again=again, sounding=sounding)

    def open_film(self, path: Path) -> FilmPlayer:
        """Open a player on a real film."""
        return self._player(lambda: open_source(str(path)))

    def _player(
        self,
        reopen: Callable[[], Any],
        *,
        pause_s: float = 0.0,
        gate: threading.Event | None = None,
        place: Place | None = None,
        again: bool = False,
        sounding: Any = None,
    ) -> FilmPlayer:
        class Stills(StillReader):
            def read(reader, frame: Any) -> Any:  # noqa: N805
                self.stills.append(frame.index)
                return StillReader.read(reader, frame)

        still = Stills(lambda: (self._fakes.FakeDetector(), self._fakes.FakeClassifier()))

        analysis = Analysis(reopen, self.pipeline(pause_s, gate), place, self.errors.append, self.notices.append)
        player = FilmPlayer(reopen(), reopen, analysis, still, self.errors.append, again=again, sounding=sounding)
        self.players.append(player)
        return player


@pytest.fixture
def cinema(fakes: ModuleType) -> Iterator[Cinema]:
    made = Cinema(fakes)
    yield made
    for player in made.players:
        player.close()
