"""The live player: the newest frame, the last minutes, and the loss of a source."""

from dataclasses import replace

import numpy as np
import pytest

from app.core.pipeline import Pipeline
from app.core.reading import Reading
from app.core.store import ReadingStore
from app.core.types import Box, FaceResult
from app.player.live import LivePlayer, Ring
from app.player.player import State


@pytest.fixture
def camera(fakes):
    errors: list[Exception] = []
    players: list[LivePlayer] = []

    def open_one(frames: int = 600, **settings):
        source = fakes.FakeSource(fakes.walk(frames), live=True, pause_s=0.005, **settings)
        pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())
        players.append(LivePlayer(source, pipeline, errors.append))
        return players[-1], source, errors

    yield open_one
    for player in players:
        player.close()


def test_it_shows_the_newest_and_keeps_readings(camera, take) -> None:
    player, _, _ = camera()
    shown = take(player, lambda shown: shown.result.frame.index > 5)
    assert shown.result.faces
    assert not shown.provisional
    assert player.duration_s is None
    (span,) = player.readings.faces()
    series = player.readings.series(span.track_id)
    assert len(series.time_s) > 1
    assert series.smooth.shape == (len(series.time_s), 3)
    player.seek(0.0), player.step(-1), player.speed(2.0), player.loop(0, 1)
    take(player, lambda later: later.result.frame.index > shown.result.frame.index)


def test_pause_holds_the_picture_while_readings_go_on(camera, take, until) -> None:
    player, _, _ = camera()
    take(player)
    player.pause()
    assert player.state is State.PAUSED
    before = player.counts()[1]
    until(lambda: player.counts()[1] > before + 3)
    assert player.take() is None
    player.play()
    take(player)


def test_a_source_that_ends_is_lost_and_told(camera, until) -> None:
    player, source, errors = camera(5)
    until(lambda: player.state is State.LOST)
    assert "no more pictures" in str(errors[0])
    assert source.closed.is_set()


def test_closing_ends_everything(camera, take, threads_left) -> None:
    player, source, errors = camera(5, hold=True)
    take(player)
    player.close()
    assert source.closed.is_set()
    assert errors == []
    assert not {"player", "decode", "find", "sink window"} & threads_left()


def test_frames_are_dated_by_the_sources_clock(fakes, take) -> None:
    source = fakes.FakeSource(fakes.walk(5), live=True, pause_s=0.005, hold=True)
    source.info = replace(source.info, clock_s=1000.0)
    player = LivePlayer(source, Pipeline(fakes.FakeDetector(), fakes.FakeClassifier()), pytest.fail)
    shown = take(player)
    assert shown.since_s == pytest.approx(1000 + shown.result.frame.time_s)
    player.close()


def test_the_ring_forgets_what_is_too_old() -> None:
    ring = Ring(("a", "b"), kept_s=2.0)
    values = np.array([0.5, 0.5], np.float32)
    for number in range(50):
        face = FaceResult(number // 30, Box(0, 0, 1, 1), 1.0, values, values, "a")
        ring.append(Reading(number, number / 8, None, (face,), ("a", "b"), {}))
    assert [(span.track_id, span.frames) for span in ring.faces()] == [(1, 17)]
    assert ring.covered == 49 / 8
    assert len(ring.series(1, most=10).time_s) <= 10
    assert ring.series(0).smooth.shape == (0, 2)


def test_a_strip_of_the_ring_is_that_of_a_store() -> None:
    labels = ("anger", "happiness")
    values = np.array([0.4, 0.6], np.float32)
    ring, store = Ring(labels), ReadingStore(labels)
    for index, label in enumerate(("anger", "anger", "happiness", None, "unreadable", "anger")):
        face = () if label is None else (FaceResult(7, Box(0, 0, 9, 9), 0.9, values, values, label),)
        reading = Reading(index, float(index), 1.0, face, labels, {})
        ring.append(reading)
        store.append(reading)
    edges = np.linspace(0.0, 6.0, 7)
    names = [[*one.names, ""][code] for one in (ring, store) for code in one.strip(7, edges)]
    assert names[:6] == names[6:] == ["anger", "anger", "happiness", "", "unreadable", "anger"]
    coarse = np.array([-5.0, 0.0, 3.0, 6.0])
    assert [[*ring.names, ""][code] for code in ring.strip(7, coarse)] == ["", "anger", "unreadable"]
    assert (ring.strip(8, edges) == -1).all()
