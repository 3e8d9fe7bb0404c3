"""Sound in sync with the picture: the right samples at the right time, and silence where it is due."""

import contextlib
import http.server
import itertools
import re
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest

from app.player.clock import APART_S, FilmClock
from app.player.sound import PlaybackStream, SampleBuffer, Sound
from app.player.soundtrack import RATE, Block, Soundtrack
from app.player.speaker import Device, SilentError
from tests.app.player.sounding import LENGTH_S, FakeSpeaker, times_in, write_film
from tests.app.sources.zoo import Spec, write

PULL_S = 0.02
"""Seconds between two pulls of the fake device."""

SOON_S = 0.01
"""Pulls that a busy machine delays longer are not compared."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of film in which each audio sample encodes its time."""
    path = tmp_path_factory.mktemp("sound") / "12:30.mkv"
    write_film(path)
    return path


def test_every_moment_has_its_samples(film: Path) -> None:
    track = Soundtrack(film)
    for at_s in (0.0, 4.5, 1.25, 5.9, 3.0):
        track.seek(at_s)
        blocks = list(itertools.chain.from_iterable(iter(partial(track.until, at_s + 0.2), [])))
        assert blocks[0].start / RATE <= at_s
        assert blocks[-1].end / RATE >= min(at_s + 0.15, LENGTH_S)
        for before, block in itertools.pairwise(blocks):
            assert block.start == before.end
        for block in blocks:
            times = np.arange(block.start, block.end) / RATE
            assert times_in(block.samples) == pytest.approx(times, abs=1e-4)
    track.release()


@pytest.mark.parametrize("ranges", [True, False])
def test_sound_at_an_address(film: Path, serve, ranges: bool) -> None:
    """Also if the server does not support range requests."""
    content = film.read_bytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            begin = int(re.findall(r"\d+", self.headers.get("Range", "bytes=0-"))[0]) if ranges else 0
            self.send_response(206 if ranges else 200)
            if ranges:
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - begin))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(content[begin:])

    track = Soundtrack(f"http://127.0.0.1:{serve(Handler)}/told.mkv")
    for at_s in (3.0, 1.0):
        track.seek(at_s)
        block = track.until(at_s + 0.2)[0]
        assert block.start / RATE <= at_s
        assert times_in(block.samples) == pytest.approx(np.arange(block.start, block.end) / RATE, abs=1e-4)
    track.release()


@pytest.mark.parametrize("name", ["sound.mp4", "sound.ts", "sound.mkv", "sound.mov"])
def test_sound_lies_where_the_container_says(tmp_path: Path, name: str) -> None:
    path = write(Spec(name, frames=50, sound=(0.5, 1.5)), tmp_path)
    with av.open(str(path)) as container:
        audio = container.streams.audio[0]
        first_s = min(float(frame.pts * audio.time_base) for frame in container.decode(audio))
    track = Soundtrack(path)
    track.seek(0.0)
    (block, *_) = track.until(99.0)
    assert block.start / RATE == pytest.approx(first_s, abs=0.011)
    track.seek(1.5)
    (block, *_) = track.until(99.0)
    assert block.start / RATE <= 1.5
    track.release()


def test_a_film_without_sound_has_none(tmp_path: Path) -> None:
    path = write(Spec("silent.mp4"), tmp_path)
    with pytest.raises(LookupError):
        Soundtrack(path)


def test_a_voice_keeps_in_step_with_a_clock_of_another_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device's clock is one per cent slower than the monotonic clock, and pulls come unevenly."""
    now = [100.0]
    for module in ("sound", "clock"):
        monkeypatch.setattr(f"app.player.{module}.time", SimpleNamespace(monotonic=lambda: now[0]))
    clock, kept = FilmClock(), SampleBuffer()
    kept.clear(0.0)
    seconds = np.arange(60 * RATE) / RATE
    kept.add([Block(0, np.repeat(seconds[:, None], 2, 1).astype(np.float32))], 0.0)
    voice = PlaybackStream(clock, kept)
    voice.latency_s = 0.05
    clock.begin()
    clock.strike(0.0, 60.0)
    chance = np.random.default_rng(0)
    start_s, worst_s, jumps, last = now[0], 0.0, 0, None
    for number in range(1500):
        now[0] = start_s + number * 0.02 * 1.005 + chance.uniform(0, 0.008)
        samples = voice.pull(960)
        heard_s = start_s + number * 0.02 * 1.005 + 0.05 - start_s
        if number:
            worst_s = max(worst_s, abs(float(samples[0, 0]) - heard_s))
            jumps += abs(float(samples[0, 0]) - last) > 0.005
        last = float(samples[-1, 0])
    assert worst_s < APART_S
    assert jumps == 0, "it is brought nearer without a jump"


def test_sound_is_with_the_picture_and_silent_when_that_stops(film: Path, until) -> None:
    clock, speaker, notes = FilmClock(), FakeSpeaker(), []
    sound = Sound(lambda: Soundtrack(film), clock, lambda: speaker, notes.append)
    until(lambda: sound.audible)
    assert not speaker.started.is_set(), "no device is taken before there is something to hear"
    for from_s in (0.0, 3.0, 1.0):
        clock.halt()
        clock.begin()
        clock.strike(from_s, LENGTH_S)
        assert speaker.started.wait(10)
        heard = 0
        end_s = time.monotonic() + 20
        while heard < 10:
            assert time.monotonic() < end_s
            time.sleep(PULL_S)
            beat = clock.beat
            before_s = time.monotonic()
            samples = speaker.pull(960)
            pulled_s = time.monotonic()
            if beat.position_s(pulled_s) > from_s + 2.0:  # after such a long stall, sync starts over
                clock.halt()
                clock.begin()
                clock.strike(from_s, LENGTH_S)
            elif np.all(samples) and pulled_s - before_s < SOON_S:
                apart_s = times_in(samples)[0] - beat.position_s(pulled_s + speaker.latency_s)
                heard += 1
                assert abs(apart_s) <= APART_S + SOON_S
    clock.halt()
    speaker.pull(960)
    assert not np.any(speaker.pull(960)), "silent once it has faded"
    clock.speed = 2.0
    clock.begin()
    clock.strike(1.0, 2.0)
    assert clock.beat is None
    clock.speed = 1.0
    sound.volume(0.0)
    clock.strike(1.0, 3.0)
    speaker.pull(960)
    assert not np.any(speaker.pull(960)), "silent where it is turned down"
    sound.close()
    sound.join(5)
    assert speaker.closed
    assert notes == []


def test_sound_waits_for_a_picture_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [50.0]
    for module in ("sound", "clock"):
        monkeypatch.setattr(f"app.player.{module}.time", SimpleNamespace(monotonic=lambda: now[0]))
    clock, kept = FilmClock(), SampleBuffer()
    kept.add([Block(0, np.ones((RATE, 2), np.float32))], 0.0)
    voice = PlaybackStream(clock, kept)
    clock.begin()
    clock.strike(0.0, 0.04)
    voice.pull(960)
    assert np.all(voice.pull(960))
    now[0] += 0.04 + APART_S + 0.01
    voice.pull(960)
    assert not np.any(voice.pull(960))


def test_without_a_device_it_is_told_and_nothing_else_happens(film: Path, until) -> None:
    def none() -> FakeSpeaker:
        raise SilentError("Films play without sound: no sound device was found.")

    clock, notes = FilmClock(), []
    sound = Sound(lambda: Soundtrack(film), clock, none, notes.append)
    until(lambda: sound.audible)
    clock.begin()
    clock.strike(0.0, 1.0)
    until(lambda: not sound.audible)
    sound.join(5)
    assert notes == ["Films play without sound: no sound device was found."]
    sound.close()


def test_miniaudio_pulls(until) -> None:
    pytest.importorskip("miniaudio")
    device = Device("NULL")
    pulled: list[int] = []

    def pull(count: int) -> np.ndarray:
        pulled.append(count)
        return np.zeros((count, 2), np.float32)

    for _ in range(2):
        pulled.clear()
        device.start(pull)
        device.start(pull)
        until(lambda: len(pulled) > 3)
        device.stop()
    assert 0 < device.latency_s < 0.2
    device.close()
    device.close()


def test_a_missing_device_is_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("miniaudio")
    messages: list[str] = []
    try:
        Device("ALSA", "PULSEAUDIO").close()
    except SilentError as error:
        messages.append(str(error))
    assert messages in ([], ["Films play without sound: no sound device was found."])
    assert capfd.readouterr().err == ""


def test_the_player_keeps_sound_and_picture_together(cinema, film: Path, take) -> None:
    speaker = FakeSpeaker()
    player = cinema.open(180, sounding=lambda clock: Sound(lambda: Soundtrack(film), clock, lambda: speaker, print))
    player.seek(1.0)
    take(player, lambda shown: shown.result.frame.time_s >= 1.0)
    assert speaker.started.wait(10)
    compared = 0
    end_s = time.monotonic() + 20
    while compared < 10:
        assert time.monotonic() < end_s and player.audible
        time.sleep(PULL_S)
        before_s = time.monotonic()
        samples = speaker.pull(960)
        shown = player.take()
        passed_s = time.monotonic() - before_s
        if np.all(samples) and shown is not None and passed_s < SOON_S:
            heard_s = times_in(samples)[0] - speaker.latency_s
            frame = shown.result.frame
            apart_s = max(frame.time_s - heard_s, heard_s - frame.time_s - frame.duration_s, 0.0)
            compared += 1
            assert apart_s <= APART_S + SOON_S + 1 / 30, "the next frame may be on its way"
    player.pause()
    speaker.pull(960)
    speaker.pull(960)
    assert not np.any(speaker.pull(960))
