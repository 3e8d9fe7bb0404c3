"""Plays a film's sound in sync with its pictures, which lead."""

import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np

from app.player.clock import APART_S, Beat, FilmClock
from app.player.soundtrack import CHANNELS, RATE, Block, Samples, Soundtrack
from app.player.speaker import SilentError, Speaker

AHEAD_S = 1.0
_FAR_S, _LOOK_S = 0.3, 0.1
_SLIP_S, _SLIP_SHARE = 0.004, 200
"""Sound that is further off than this is played half a per cent faster or slower, which is inaudible."""
_TRUST = 0.1
"""Weight of a new measurement in the smoothed offset: pulls come unevenly on a busy machine."""


class Sound:
    """Plays the sound of a film at normal speed, following its clock; silent at any other speed.

    It stays within 40 ms of the picture that is due: it plays a little faster or slower, jumps if it is further off,
        and waits while no picture comes.

    Args:
        open_track: Opens the film's sound, in this object's thread.
        clock: Of the pictures.
        open_speaker: Opens the device, in this object's thread, when there is sound to play.
        tell: Called with a sentence if there is no device.
    """

    def __init__(
        self,
        open_track: Callable[[], Soundtrack],
        clock: FilmClock,
        open_speaker: Callable[[], Speaker],
        tell: Callable[[str], None],
    ) -> None:
        self._open_track = open_track
        self._clock = clock
        self._open_speaker = open_speaker
        self._tell = tell
        self._kept = SampleBuffer()
        self._voice = PlaybackStream(clock, self._kept)
        self._track: Soundtrack | None = None
        self._closed = threading.Event()
        self.audible = False
        self._thread = threading.Thread(target=self._work, name="sound", daemon=True)
        self._thread.start()

    def volume(self, level: float) -> None:
        """Set the volume, 0..1, on the scale of a slider."""
        self._voice.level = min(max(level, 0.0), 1.0)

    def close(self) -> None:
        """Ask it to stop."""
        self._closed.set()
        if self._track is not None:
            self._track.close()
        self._clock.sounding.set()  # wake it

    def join(self, timeout_s: float) -> None:
        """Wait for its end, for this long at most."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        speaker: Speaker | None = None
        try:
            self._track = self._open_track()
            self.audible = True
            while not self._closed.is_set():
                if speaker is not None and not self._clock.sounding.wait(AHEAD_S):
                    speaker.stop()
                self._clock.sounding.wait()
                if self._closed.is_set():
                    return
                if self._voice.level == 0:
                    self._closed.wait(_LOOK_S)
                    continue
                if speaker is None:
                    speaker = self._open_speaker()
                    self._voice.latency_s = speaker.latency_s
                speaker.start(self._voice.pull)
                self._fill(self._track)
        except LookupError:
            pass  # the film has no sound
        except SilentError as error:
            self._tell(str(error))
        finally:
            self.audible = False
            if speaker is not None:
                speaker.close()
            if self._track is not None:
                self._track.release()

    def _fill(self, track: Soundtrack) -> None:
        """Decode the sound that comes next, or wait if there is enough."""
        beat = self._clock.beat
        if beat is None:
            return
        at_s = beat.position_s(time.monotonic())
        from_s, end_s = self._kept.reach
        if at_s < from_s or (at_s > end_s + _FAR_S and not track.ended):
            track.seek(at_s)
            self._kept.clear(at_s)
            end_s = at_s
        if track.ended or end_s > at_s + AHEAD_S:
            self._closed.wait(_LOOK_S)
            return
        blocks = track.until(at_s + AHEAD_S)
        self._kept.add(blocks, at_s)
        if not blocks:
            self._kept.skip(at_s)
            self._closed.wait(_LOOK_S)


class SampleBuffer:
    """Decoded sound around the present time. Filled by one thread and read by another; at most about two seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks: deque[Block] = deque()
        self._from_s = self._end_s = -np.inf

    @property
    def reach(self) -> tuple[float, float]:
        """The time range of decoded sound, in seconds of the film."""
        return self._from_s, self._end_s

    def clear(self, time_s: float) -> None:
        """Drop all; the next samples start at a time."""
        with self._lock:
            self._blocks.clear()
            self._from_s = self._end_s = time_s

    def add(self, blocks: list[Block], heard_s: float) -> None:
        """Add blocks, and drop those more than half a second before the present position."""
        with self._lock:
            self._blocks.extend(blocks)
            if self._blocks:
                self._end_s = max(self._end_s, self._blocks[-1].end / RATE)
            while self._blocks and self._blocks[0].end / RATE < heard_s - AHEAD_S / 2:
                self._from_s = self._blocks.popleft().end / RATE

    def skip(self, time_s: float) -> None:
        """Declare that there is no further sound up to a time."""
        with self._lock:
            self._end_s = max(self._end_s, time_s)

    def read(self, start: int, count: int) -> Samples:
        """Samples from a position on; silence where there is no sound."""
        samples = np.zeros((count, CHANNELS), np.float32)
        with self._lock:
            for block in self._blocks:
                low, high = max(block.start, start), min(block.end, start + count)
                if low < high:
                    samples[low - start : high - start] = block.samples[low - block.start : high - block.start]
        return samples


class PlaybackStream:
    """Provides the device with the samples for the moment at which they will be heard. Used by the device's thread.

    Attributes:
        level: The volume, 0..1.
        latency_s: Seconds from a pull until its first sample is heard.
    """

    def __init__(self, clock: FilmClock, kept: SampleBuffer) -> None:
        self._clock = clock
        self._kept = kept
        self._at = 0
        self._gain = self._off_s = 0.0
        self.level = 1.0
        self.latency_s = 0.0

    def pull(self, count: int) -> Samples:
        """The next `count` samples."""
        now_s = time.monotonic()
        beat = self._clock.beat
        heard = beat is not None and beat.position_s(now_s) <= beat.until_s
        gain = self.level**2 if heard else 0.0  # perceived loudness is not linear
        if beat is not None and heard:
            self._keep_step(beat, now_s + self.latency_s)
        take = count
        if abs(self._off_s) > _SLIP_S:
            take += max(1, count // _SLIP_SHARE) * (1 if self._off_s > 0 else -1)
        samples = self._kept.read(self._at, take)
        self._at += take
        self._off_s -= (take - count) / RATE
        if take != count:
            places = np.linspace(0, take - 1, count)
            samples = np.stack([np.interp(places, np.arange(take), channel) for channel in samples.T], 1)
        # Starts and ends are faded over a whole pull, to avoid clicks.
        fading = np.linspace(self._gain, gain, count, dtype=np.float32)[:, None]
        self._gain = gain
        return (samples * fading).astype(np.float32)

    def _keep_step(self, beat: Beat, heard_s: float) -> None:
        """Follow the picture: measure the offset of the next sample, and jump if it is too large."""
        wanted_s = beat.position_s(heard_s)
        off_s = wanted_s - self._at / RATE
        if self._gain == 0 or abs(off_s) > APART_S:
            self._at, self._gain, self._off_s = round(wanted_s * RATE), 0.0, 0.0
        else:
            self._off_s += _TRUST * (off_s - self._off_s)
