"""The film player over fake films: every operation, and readings always match the frame shown."""

import itertools
import threading
import time
from pathlib import Path

import pytest

from app.core.types import Frame
from app.player.analysis import Place
from app.player.cache import Cache
from app.player.player import State
from models.errors import InputError


def index(shown) -> int:
    return shown.result.frame.index


def test_it_plays_to_the_end_and_from_the_start_again(cinema, take, until) -> None:
    player = cinema.open(12)
    seen = [index(take(player)) for _ in range(3)]
    assert seen == sorted(seen)
    until(lambda: player.state is State.ENDED)
    assert index(take(player)) == 11
    player.play()
    assert index(take(player, lambda shown: index(shown) < 11)) < 11
    assert player.state is State.PLAYING


def test_frames_carry_what_was_read_from_them(cinema, take) -> None:
    player = cinema.open(50)
    for wanted in (40, 3, 22, 49, 0):
        player.pause()
        player.seek(wanted / 30 + 0.001)
        shown = take(player, lambda shown, n=wanted: index(shown) == n and not shown.provisional)
        (face,) = shown.result.faces
        assert face.box.x == 2 * (wanted % 50)


def test_seeking_takes_the_frame_that_is_shown_then(cinema, take) -> None:
    player = cinema.open(30)
    player.pause()
    for time_s, wanted in ((0.5, 15), (0.533, 15), (0.5334, 16), (-1.0, 0), (99.0, 29)):
        player.seek(time_s)
        assert index(take(player, lambda shown, n=wanted: index(shown) == n)) == wanted
    assert player.state is State.PAUSED


def test_the_newest_seek_wins(cinema, take) -> None:
    player = cinema.open(1000)
    player.pause()
    take(player)
    for number in range(0, 900, 10):
        player.seek(number / 30 + 0.001)
    shown = take(player, lambda shown: index(shown) == 890)
    assert index(shown) == 890
    assert player.counts()[0] < 60, "drags merge"


def test_steps_go_to_the_neighbours_both_ways(cinema, take) -> None:
    player = cinema.open(40)
    player.pause()
    player.seek(0.5)
    take(player, lambda shown: index(shown) == 15)
    player.step(-1)
    take(player, lambda shown: index(shown) == 14)
    player.step(3)
    take(player, lambda shown: index(shown) == 17)
    player.step(-100)
    take(player, lambda shown: index(shown) == 0)
    player.step(100)
    take(player, lambda shown: index(shown) == 39)


def test_steps_that_come_fast_are_all_made(cinema, take) -> None:
    player = cinema.open(200)
    player.pause()
    take(player)
    for _ in range(150):
        player.step(1)
    assert index(take(player, lambda shown: index(shown) == 150)) == 150
    for _ in range(30):
        player.step(-1)
    assert index(take(player, lambda shown: index(shown) == 120)) == 120


def test_a_step_pauses_and_a_seek_resumes_as_it_was(cinema, take) -> None:
    player = cinema.open(400)
    player.seek(5.0)
    assert player.state is State.PLAYING
    take(player, lambda shown: index(shown) > 152)
    player.step(1)
    assert player.state is State.PAUSED
    player.seek(1.0)
    take(player, lambda shown: index(shown) == 30)
    assert player.state is State.PAUSED


def test_pause_holds(cinema, take) -> None:
    player = cinema.open(400)
    take(player, lambda shown: index(shown) > 1)
    player.pause()
    player.seek(1.0)
    take(player, lambda shown: index(shown) == 30 and not shown.provisional)
    assert player._offered.take(0.1) is None, "three frames long"
    assert (player.state, player.position_s) == (State.PAUSED, 1.0)
    player.play()
    take(player, lambda shown: index(shown) > 30)


def test_speed_is_the_clocks(cinema, take) -> None:
    """Its effect is tested in `test_clock`."""
    player = cinema.open(1000)
    player.speed(4.0)
    assert player._clock.speed == 4.0
    assert player.state is State.PLAYING
    first = index(take(player, lambda shown: index(shown) > 2))
    take(player, lambda shown: index(shown) > first + 20)


def test_a_loop_plays_between_its_marks(cinema, take) -> None:
    player = cinema.open(300)
    player.loop(1.0, 1.2)
    player.seek(1.1)
    take(player, lambda shown: index(shown) == 35)
    assert index(take(player, lambda shown: index(shown) < 34)) >= 30
    assert player.state is State.PLAYING
    player.loop(None, None)
    take(player, lambda shown: index(shown) > 40)


def test_the_demo_begins_again(cinema, take) -> None:
    player = cinema.open(5, again=True)
    take(player, lambda shown: index(shown) == 4)
    take(player, lambda shown: index(shown) == 0)
    assert player.state is State.PLAYING


def test_beyond_the_analysed_part_a_frame_is_read_by_itself_and_shown_again_later(cinema, take, until) -> None:
    gate = threading.Event()
    player = cinema.open(60, gate=gate)
    player.pause()
    player.seek(50 / 30 + 0.001)
    alone = take(player, lambda shown: index(shown) == 50 and bool(shown.result.faces))
    assert alone.provisional
    assert 50 in cinema.stills
    gate.set()
    later = take(player, lambda shown: not shown.provisional)
    assert index(later) == 50
    assert player.readings.at(50).faces[0].box == later.result.faces[0].box


def test_a_film_that_plays_beyond_the_analysis_is_followed_from_frame_to_frame(cinema, take) -> None:
    gate = threading.Event()
    player = cinema.open(90, gate=gate)
    seen = [take(player, lambda shown: index(shown) > 1 and bool(shown.result.faces)) for _ in range(5)]
    assert all(shown.provisional for shown in seen)
    assert all(shown.result.faces[0].box.x == 2 * (index(shown) % 50) for shown in seen)
    assert {shown.result.faces[0].track_id for shown in seen} == {0}, "one person, followed"
    assert cinema.stills in ([], [0]), "none is read as a picture that stands alone while it plays"
    gate.set()


def test_an_analysis_that_is_slower_than_the_film_does_not_slow_it_down(cinema, take, monkeypatch) -> None:
    monkeypatch.setattr("app.player.joining._PATIENCE_S", 0.2)
    player = cinema.open(300, pause_s=0.08)  # 12 frames a second, and the film has 30
    later = take(player, lambda shown: shown.provisional and index(shown) > 15)
    assert player.state is State.PLAYING
    assert later.result.frame.time_s > player.readings.covered


def test_where_reading_takes_too_long_the_player_rests_from_it(cinema, until, monkeypatch) -> None:
    gate = threading.Event()
    player = cinema.open(2000, gate=gate)
    follow, calls = player._joiner._stills.follow, []

    def slowly(frame):
        start_s = time.monotonic()
        time.sleep(0.05)  # a slow network
        found = follow(frame)
        calls.append((start_s, time.monotonic()))
        return found

    monkeypatch.setattr(player._joiner._stills, "follow", slowly)
    until(lambda: len(calls) > 4)
    gate.set()
    assert player.counts()[0] > len(calls)
    for (_, end_s), (start_s, _) in itertools.pairwise(calls):
        assert start_s - end_s >= 4 * 0.05


def test_a_film_that_breaks_off_is_told_and_keeps_its_frames(cinema, take, until) -> None:
    error = InputError("cut.mp4 breaks off after 5 frames")
    player = cinema.open(5, error=error)
    until(lambda: player.state is State.ENDED)
    assert error in cinema.errors
    player.seek(0.0)
    take(player, lambda shown: index(shown) == 0 and not shown.provisional)


def test_what_is_wrong_with_a_film_is_told_once_it_is_read(cinema, until) -> None:
    cinema.damage = ("film.mp4 is damaged: 1 frame at 0.50 s could not be decoded.",)
    cinema.open(20)
    until(lambda: tuple(cinema.notices) == cinema.damage)


def test_closing_is_quick_also_while_it_plays_and_reads(cinema, take, threads_left) -> None:
    player = cinema.open(3000, pause_s=0.01)
    take(player)
    start_s = time.monotonic()
    player.close()
    assert time.monotonic() - start_s < 2  # half a second on an idle machine
    assert all(source.closed.is_set() for source in cinema.sources)
    assert not {"player", "analysis", "decode", "find"} & threads_left()


def test_a_film_opened_again_shows_everything_at_once(cinema, take, until, tmp_path: Path) -> None:
    place = Place(Cache(tmp_path), "key")
    player = cinema.open(60, place=place)
    until(lambda: player.readings.complete)
    player.close()
    opened = len(cinema.sources)
    again = cinema.open(60, place=place)
    assert again.readings.complete
    assert len(again.readings) == 60
    again.seek(1.0)
    assert not take(again, lambda shown: index(shown) == 30).provisional
    assert again.counts()[1] == 0
    assert len(cinema.sources) == opened + 1, "only the player's own source"


def test_what_an_analysis_that_was_ended_early_had_read_is_shown_at_once(cinema, take, until, tmp_path: Path) -> None:
    place = Place(Cache(tmp_path), "key")
    player = cinema.open(1000, place=place, pause_s=0.01)
    until(lambda: len(player.readings) > 40)
    player.close()
    until(lambda: place.cache.load("key") is not None)  # a moment later on a busy machine
    kept = place.cache.load("key")
    assert kept is not None and not kept.complete
    again = cinema.open(1000, place=place)
    assert again.readings.covered >= kept.covered
    assert again.readings.at(3).faces[0].box == kept.at(3).faces[0].box
    until(lambda: again.readings.complete)
    assert len(again.readings) == 1000
    until(lambda: place.cache.load("key").complete)


def test_what_was_read_is_saved_while_it_goes_on(cinema, until, tmp_path: Path, monkeypatch) -> None:
    """So that nothing is lost if the program is killed."""
    monkeypatch.setattr("app.player.analysis._SAVE_EVERY_S", 0.0)
    place = Place(Cache(tmp_path), "key")
    player = cinema.open(500, place=place, pause_s=0.004)
    until(lambda: place.cache.load("key") is not None and len(place.cache.load("key")) > 5)
    kept = place.cache.load("key")
    assert not kept.complete
    assert not player.readings.complete
    assert kept.at(3).faces[0].box == player.readings.at(3).faces[0].box


def test_pictures_that_stand_alone_are_shown_longer(cinema, fakes, take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.player.film.STILL_S", 0.2)
    frames = [Frame(i, i / 30, fakes.picture((10 * i, 10, 30)), still=True, name=f"{i}.png") for i in range(3)]
    player = cinema.open(frames)
    start_s = time.monotonic()
    take(player, lambda shown: index(shown) == 2)
    assert time.monotonic() - start_s >= 0.35


def test_a_frame_that_was_skipped_is_shown_where_playing_stops(cinema, take, until, monkeypatch) -> None:
    player = cinema.open(40)
    until(lambda: player.readings.complete)
    next_frame = player._decoder.next

    def slowly(frame):
        time.sleep(0.05)  # a decoder slower than the frame rate, so that many frames are skipped
        return next_frame(frame)

    monkeypatch.setattr(player._decoder, "next", slowly)
    player.seek(0.6)
    until(lambda: player.state is State.ENDED)
    take(player, lambda shown: index(shown) == 39 and not shown.provisional)
    shown, _, dropped = player.counts()
    assert shown < 39
    assert dropped > 0
