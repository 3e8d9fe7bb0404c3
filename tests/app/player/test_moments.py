"""At any time, the frame is the one that plain PyAV decodes, pixel for pixel.

All films of the zoo at random times: 200, or as many as MIMIK_MOMENTS says, from the seed MIMIK_MOMENTS_SEED.
"""

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.core.types import Frame
from app.player.decoding import Decoder
from app.sources import open_source
from tests.app.sources.test_zoo import FILMS
from tests.app.sources.zoo import Plain, Spec, plain_decode, write

MOMENTS = int(os.environ.get("MIMIK_MOMENTS", "200"))
SEED = int(os.environ.get("MIMIK_MOMENTS_SEED", "0"))


class Zoo:
    """Writes each film of the zoo once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, tuple[Path, list[Plain]]] = {}

    def film(self, spec: Spec) -> tuple[Path, list[Plain]]:
        """A film and its frames as plain PyAV decodes them, each with its time."""
        if spec.name not in self._made:
            path = write(spec, self._folder)
            frames = plain_decode(path)
            timed = [
                Plain(index / float(spec.rate) if frame.time_s is None else frame.time_s, frame.image)
                for index, frame in enumerate(frames)
            ]
            self._made[spec.name] = path, timed
        return self._made[spec.name]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    return Zoo(tmp_path_factory.mktemp("moments"))


def shown_at(frames: list[Plain], time_s: float) -> Plain:
    return [frame for frame in frames if frame.time_s <= time_s][-1]


def moments(zoo: Zoo, count: int) -> Iterator[tuple[Path, list[Plain], float]]:
    """Films and times, equally many for each film; none so close to a frame's start that rounding decides."""
    chance = random.Random(SEED)
    films = list(FILMS)
    chance.shuffle(films)
    for number in range(count):
        path, frames = zoo.film(films[number % len(films)])
        times = [frame.time_s for frame in frames]
        ends = [*times[1:], times[-1] + (times[-1] - times[0]) / len(times)]
        at = chance.randrange(len(frames))
        yield path, frames, times[at] + chance.uniform(0.02, 0.98) * (ends[at] - times[at])


@pytest.mark.timeout(1800)
def test_a_clean_snapshot(zoo: Zoo, tmp_path: Path) -> None:
    for number, (path, frames, at_s) in enumerate(moments(zoo, MOMENTS)):
        out = tmp_path / f"{number}.png"
        assert main(["snapshot", str(path), "--at", repr(at_s), "--out", str(out), "--clean"]) == 0
        assert np.array_equal(cv2.imread(str(out)), shown_at(frames, at_s).image), (path.name, at_s)


@pytest.mark.timeout(1800)
def test_the_player_in_any_order(zoo: Zoo, cinema, take: Callable) -> None:
    """One player per film, so that it seeks back and forth, inside and outside its buffer."""
    asked: dict[Path, list[float]] = defaultdict(list)
    films: dict[Path, list[Plain]] = {}
    for path, frames, at_s in moments(zoo, MOMENTS):
        asked[path].append(at_s)
        films[path] = frames
    for path, times in asked.items():
        player = cinema.open_film(path)
        player.pause()
        for at_s in times:
            player.seek(at_s)
            right = shown_at(films[path], at_s)
            shown = take(player, lambda shown, right=right: abs(shown.result.frame.time_s - right.time_s) < 1e-3)
            assert np.array_equal(shown.result.frame.image, right.image), (path.name, at_s)
        player.close()


@pytest.mark.parametrize("spec", FILMS, ids=lambda spec: spec.name)
def test_steps_back_and_on(zoo: Zoo, spec: Spec) -> None:
    """Stepping back shows the previous frame, and stepping on the next one, also after a seek."""
    path, frames = zoo.film(spec)
    decoder = Decoder(open_source(str(path)), lambda: open_source(str(path)), kept_bytes=1)

    def same(frame: Frame | None, number: int) -> bool:
        return frame is not None and np.array_equal(frame.image, frames[number].image)

    last = len(frames) - 1
    frame = decoder.at(frames[last].time_s + 1e-3)
    assert same(frame, last)
    for number in range(last - 1, last - 4, -1):
        frame = decoder.previous(frame)
        assert same(frame, number), number
    frame = decoder.at(frames[1].time_s + 1e-3)
    assert same(frame, 1)
    frame = decoder.next(frame)
    assert same(frame, 2)
    assert decoder.previous(decoder.at(0.0)) is None
    decoder.close()
