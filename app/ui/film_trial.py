"""Measures how soon the window shows a requested moment of a film, for `bench --film`: drives the real window and
writes figures."""

import random
import statistics
import time
from collections.abc import Callable

from app.core.reading import Reading
from app.core.store import ReadingStore
from app.player.player import Player, State
from app.ui.trial import POLL_MS, Trial, Wait
from models.errors import InputError

SEEKS, STEPS, DRAG_S, PLAY_S, LOOKUPS = 25, 30, 3.0, 12.0, 2000
LEAST_FRAMES = 50
PLAY_POLL_MS = 50
"""Less often than elsewhere: each look takes the interpreter's lock away from the analysis that is measured."""
_DRAG_MOVES = 60.0


class FilmTrial(Trial):
    """Asks for seeks, steps, a drag and playing: `seek_ms`, `step_ms`, `drag_fps`, `lookup_us`, `ahead_fps`,
    `played_frames`, `unpainted_frames`."""

    def _all(self) -> Wait:
        window = self._window
        yield lambda: window.picture.result is not None
        film = window.playback.film
        if film is None or not film.duration_s:
            raise InputError(f"{window.showing.title} is not a film; name a video file")
        painted: set[int] = set()

        def note() -> None:
            if window.picture.result is not None:
                painted.add(window.picture.result.frame.index)

        window.picture.painted.connect(note)
        yield from self._play(film)
        ahead_fps = film.analysis_fps or 0.0
        window.picture.painted.disconnect(note)
        played = max(painted) - min(painted) + 1 if painted else 0
        film.pause()
        yield lambda: film.state is State.PAUSED
        chance = random.Random(0)
        seeks_ms: list[float] = []
        for _ in range(SEEKS):
            yield from self._timed(seeks_ms, lambda at_s: film.seek(at_s), chance.uniform(0, 0.999) * film.duration_s)
        steps_ms: list[float] = []
        for number in range(STEPS):
            yield from self._stepped(steps_ms, 1 if number % 3 == 0 else -1)
        drag: list[float] = []
        yield from self._drag(drag)
        figures = {
            "seek_ms": round(statistics.median(seeks_ms), 2),
            "step_ms": round(statistics.median(steps_ms), 2),
            "drag_fps": round(drag[0], 2),
            "lookup_us": _lookups(film.readings, film.duration_s, film.info.fps or 25.0),
            "ahead_fps": round(ahead_fps, 2),
            "played_frames": played,
            "unpainted_frames": played - len(painted),
        }
        self._write(figures)

    def _play(self, film: Player) -> Wait:
        """Let the film play until it is known how fast its analysis is meanwhile.

        It plays from the moment when it is opened, and its analysis begins then. So the analysis's own count and time
        are taken, whatever of it is over before the window's first paint.
        """
        start_s = time.monotonic()
        self._timer.setInterval(PLAY_POLL_MS)
        yield (
            lambda: (
                (time.monotonic() - start_s > PLAY_S and film.counts()[1] >= LEAST_FRAMES)
                or film.state is not State.PLAYING
                or getattr(film.readings, "complete", False)
            )
        )
        self._timer.setInterval(POLL_MS)
        frames = film.counts()[1]
        if frames < LEAST_FRAMES:
            name = self._window.showing.title
            raise InputError(
                f"{name} is too short: {frames} frames were analysed while it played, and {LEAST_FRAMES} are needed; "
                "name a longer film"
            )

    def _timed(self, results: list[float], ask: Callable[[float], None], at_s: float) -> Wait:
        film = self._window.playback.film
        assert film is not None
        start_s, before = time.monotonic(), self._painted

        def there() -> bool:
            result = self._window.picture.result
            if result is None or self._painted == before:
                return False
            frame = result.frame
            return frame.time_s - 1e-3 <= at_s < frame.time_s + max(frame.duration_s or 0.0, 0.1)

        ask(at_s)
        yield there
        results.append((time.monotonic() - start_s) * 1000)

    def _stepped(self, results: list[float], frames: int) -> Wait:
        film, picture = self._window.playback.film, self._window.picture
        assert film is not None
        assert picture.result is not None
        before, painted = picture.result.frame.time_s, self._painted
        start_s = time.monotonic()
        film.step(frames)
        yield lambda: picture.result is not None and picture.result.frame.time_s != before and self._painted > painted
        results.append((time.monotonic() - start_s) * 1000)
        yield lambda: time.monotonic() - start_s > 0.05  # the repetition rate of a held key

    def _drag(self, result: list[float]) -> Wait:
        """Pictures per second while the mouse drags the bar's cursor back and forth over the whole film."""
        window, bar = self._window, self._window.deck.bar
        film = window.playback.film
        assert film is not None
        shown: set[float] = set()
        start_s = time.monotonic()
        bar.held.emit(True)
        moved = -1

        def moving() -> bool:
            nonlocal moved
            passed_s = time.monotonic() - start_s
            move = int(passed_s * _DRAG_MOVES)
            if move != moved:
                moved = move
                share = abs((passed_s / DRAG_S * 2) % 2 - 1)
                bar.sought.emit(share * (film.duration_s or 0.0))
            if window.picture.result is not None:
                shown.add(window.picture.result.frame.time_s)
            return passed_s > DRAG_S

        yield moving
        bar.held.emit(False)
        result.append((len(shown) - 1) / DRAG_S)


def _lookups(readings: object, duration_s: float, fps: float) -> dict[str, float]:
    """Microseconds to find a reading near the start and near the end of a store as long as the film.

    The store is filled with the film's own readings, again and again, so that it need not be analysed to its end.
    """
    assert isinstance(readings, ReadingStore)
    known = [reading for _, reading in zip(range(50), readings.between(0.0, float("inf")), strict=False)]
    frames = max(int(duration_s * fps), 2)
    full = ReadingStore(readings.labels)
    for index in range(frames):
        like = known[index % len(known)]
        full.append(Reading(index, index / fps, 1 / fps, like.faces, like.labels, like.stage_ms))
    places = {"start": 0.0, "end": max((frames - 1) / fps - 1.0, 0.0)}
    found: dict[str, list[float]] = {name: [] for name in places}
    for number in range(LOOKUPS):
        for name, from_s in places.items():
            at_s = from_s + number % 20 / fps
            start = time.perf_counter()
            full.at_time(at_s)
            found[name].append(time.perf_counter() - start)
    return {name: round(statistics.median(values) * 1e6, 2) for name, values in found.items()}
