"""The playback clock: due times follow the speed, long delays shift the clock, sound follows normal playback only."""

from types import SimpleNamespace

import pytest

from app.player.clock import APART_S, FilmClock


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic time, which the test can change."""
    value = [100.0]
    monkeypatch.setattr("app.player.clock.time", SimpleNamespace(monotonic=lambda: value[0]))
    return value


@pytest.mark.parametrize(("asked", "factor"), [(0.25, 0.25), (1.0, 1.0), (4.0, 4.0), (0.01, 0.25), (9.0, 4.0)])
def test_frames_are_due_as_the_speed_says(now: list[float], asked: float, factor: float) -> None:
    clock = FilmClock()
    clock.speed = asked
    clock.begin()
    for number in range(1, 6):
        due_s, late_s = clock.advance(0.2)
        assert due_s == pytest.approx(100 + number * 0.2 / factor)
        assert late_s == pytest.approx(100 - due_s)


def test_a_little_late_is_made_up_for_and_much_is_not(now: list[float]) -> None:
    clock = FilmClock()
    clock.begin()
    now[0] = 100.3
    assert clock.advance(0.1) == (pytest.approx(100.1), pytest.approx(0.2))
    assert clock.advance(0.1)[0] == pytest.approx(100.2)
    now[0] = 102.0
    assert clock.advance(0.1) == (pytest.approx(102.0), pytest.approx(1.7))
    assert clock.advance(0.1)[0] == pytest.approx(102.1)


def test_it_begins_anew_after_it_stood(now: list[float]) -> None:
    clock = FilmClock()
    clock.begin()
    clock.advance(0.1)
    clock.halt()
    assert clock.stands
    now[0] = 200.0
    clock.begin()
    assert not clock.stands
    clock.begin()
    assert clock.advance(0.1)[0] == pytest.approx(200.1)


def test_sound_follows_what_plays_at_normal_speed(now: list[float]) -> None:
    clock = FilmClock()
    clock.strike(1.0, 1.04)
    assert clock.beat is None, "what stands is silent"
    clock.begin()
    clock.strike(1.0, 1.04)
    assert clock.beat is not None
    assert clock.sounding.is_set()
    assert clock.beat.position_s(100.02) == pytest.approx(1.02)
    assert clock.beat.until_s == pytest.approx(1.04 + APART_S)
    clock.speed = 2.0
    clock.strike(1.04, 1.08)
    assert clock.beat is None
    clock.speed = 1.0
    clock.strike(1.08, 1.12)
    clock.halt()
    assert clock.beat is None
    assert not clock.sounding.is_set()
