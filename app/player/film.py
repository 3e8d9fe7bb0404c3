"""Plays a film: decodes in its own thread, by its own clock, independently of the analysis."""

import threading
import time
from collections.abc import Callable

from app.core.stages import FrameSource
from app.core.store import ReadingStore
from app.core.types import STILL_S, Frame
from app.player.analysis import FAREWELL_S, Analysis
from app.player.clock import FilmClock
from app.player.decoding import Decoder, ObsoleteError
from app.player.joining import NEARLY_S, Joiner
from app.player.orders import DRAG_S, CommandedPlayer, SeekRequest
from app.player.player import Shown, State, Tell
from app.player.sound import Sound
from app.player.still import StillReader
from app.player.watchdog import Watchdog

_LOOK_S, _SETTLE_S = 0.1, 0.12
_SOON_S, _BEFORE_S = 0.04, 0.4


class FilmPlayer(CommandedPlayer):
    """Plays a recorded source. See `Player`.

    Each frame is joined with what the analysis read from it. Beyond the analysed part it is read on its own, and shown
    again once the analysis has read it.

    Args:
        source: Open; closed with the player.
        reopen: Opens the same source again.
        analysis: Already running; closed with the player.
        stills: Reads single frames, in the player's thread; closed with the player.
        tell: Called with the error that ended the film early.
        again: Restart at the end.
        watchdog: Watches the sources; closed with the player.
        sounding: Creates the sound that follows the player's clock, or None for silence; closed with the player.
    """

    def __init__(
        self,
        source: FrameSource,
        reopen: Callable[[], FrameSource],
        analysis: Analysis,
        stills: StillReader,
        tell: Tell,
        *,
        again: bool = False,
        watchdog: Watchdog | None = None,
        sounding: Callable[[FilmClock], Sound] | None = None,
    ) -> None:
        super().__init__(source.info, analysis.pace, again=again)
        self._analysis = analysis
        self._joiner = Joiner(analysis, stills)
        self._tell = tell
        self._resting = self._skipped = False
        self._search_s = 0.0
        self._fetched_s: float | None = None
        self._shown: Shown | None = None
        self._count = self._dropped = 0
        self._watchdog = watchdog
        self._decoder = Decoder(self._watched(source), lambda: self._watched(reopen()), self._obsolete)
        self._sound = None if sounding is None else sounding(self._clock)
        self._thread = threading.Thread(target=self._work, name="player", daemon=True)
        self._thread.start()

    @property
    def position_s(self) -> float:
        return 0.0 if self._shown is None else self._shown.result.frame.time_s

    @property
    def duration_s(self) -> float | None:
        store, info = self._analysis.store, self.info
        if store.complete:
            return store.covered
        declared_s = info.frame_count / info.fps if info.frame_count and info.fps else 0.0
        return max(declared_s, store.covered)

    @property
    def readings(self) -> ReadingStore:
        return self._analysis.store

    def time_of(self, index: int) -> float | None:
        reading = self._analysis.store.at(index)
        return None if reading is None else reading.time_s

    @property
    def audible(self) -> bool:
        return self._sound is not None and self._sound.audible

    def volume(self, level: float) -> None:
        if self._sound is not None:
            self._sound.volume(level)

    def jump(self, seconds: float) -> None:
        with self._changed:
            from_s = self.position_s if self._aim_s is None else self._aim_s
            self.seek(min(from_s + seconds, self.duration_s or 0.0))

    def counts(self) -> tuple[int, int, int]:
        return self._count, self._pace.frames, self._dropped

    def close(self) -> None:
        self._leave()
        self._analysis.stop()  # all end in parallel
        for part in (self._sound, self._watchdog):
            if part is not None:
                part.close()
        start_s = _now()
        if threading.current_thread() is not self._thread:
            self._thread.join(FAREWELL_S)
        self._analysis.join(max(FAREWELL_S - (_now() - start_s), 0.0))
        if self._sound is not None:
            self._sound.join(max(FAREWELL_S - (_now() - start_s), 0.0))

    def join(self, timeout_s: float) -> bool:
        start_s = _now()
        self._thread.join(timeout_s)
        read = self._analysis.join(max(timeout_s - (_now() - start_s), 0.0))
        return read and not self._thread.is_alive()

    def _watched(self, source: FrameSource) -> FrameSource:
        if self._watchdog is not None:
            self._watchdog.watch(source, lambda: self._end(None))
        return source

    def _obsolete(self) -> bool:
        """Whether the decoder should abort. A requested picture is completed, so that dragging shows pictures."""
        return self._closed or (self._resting and self._called())

    # from here on in the player's thread

    def _work(self) -> None:
        try:
            while self._turn():
                pass
        except Exception as error:
            self._end(error)
        finally:
            self._decoder.close()
            self._joiner.close()
            self._offered.close()

    def _end(self, error: Exception | None) -> None:
        self._rest_at_end()
        if error is not None and not self._closed:
            self._tell(error)

    def _turn(self) -> bool:
        """Perform the next step; False once closed."""
        order = self._next()
        if order is None:
            return False
        request, playing = order
        try:
            if request is not None:
                self._fulfil(request)
                self._arrived()
            elif playing:
                self._advance()
            else:
                self._rest()
        except ObsoleteError:
            self._resting = False
        return True

    def _fulfil(self, request: SeekRequest) -> None:
        if request.time_s is not None and not request.steps and self._search_s > _SOON_S:
            self._glance(request.time_s)
            if self._superseded(DRAG_S / 2 if request.dragged else 0.0):
                return
        frame = self._present if request.time_s is None else self._found(request.time_s)
        for _ in range(abs(request.steps)):
            if frame is None:
                break
            further = self._decoder.next(frame) if request.steps > 0 else self._decoder.previous(frame)
            if further is None:
                break
            frame = further
        self._report_failure()
        if frame is None:
            self._end(None)
            return
        self._offer(self._joiner.bare(frame))
        self._read_present()

    def _superseded(self, patience_s: float) -> bool:
        """Whether there is another request, or one is expected soon."""
        with self._changed:
            return self._changed.wait_for(self._wished, patience_s)

    def _found(self, time_s: float) -> Frame | None:
        """The frame at a time; records how long the search took."""
        start_s = _now()
        before_s = 0.0 if self._state is State.PLAYING else _BEFORE_S
        frame = self._decoder.at(time_s, before_s=before_s)
        self._search_s = _now() - start_s
        return frame

    def _glance(self, time_s: float) -> None:
        """Show a key frame until the exact one is decoded, so that dragging shows something if that takes long."""
        frame = self._decoder.glance(time_s)
        if frame is not None:
            self._offer(self._joiner.bare(frame))

    def _rest(self) -> None:
        """Wait while paused; meanwhile decode the frames before this one, and fetch new readings."""
        shown = self._shown
        if shown is not None and self._skipped:
            self._offer(shown)
        if shown is not None and self._state is State.PAUSED and self._fetched_s != shown.result.frame.time_s:
            self._resting = True
            self._decoder.previous(shown.result.frame)
            self._resting = False
            self._fetched_s = shown.result.frame.time_s
        if shown is not None and shown.provisional:
            joined = self._joiner.joined(shown.result.frame)
            if joined is not None:
                self._offer(joined)
        with self._changed:
            waits = shown is not None and shown.provisional and self._analysis.running
            self._changed.wait_for(self._called, _LOOK_S if waits else None)

    def _advance(self) -> None:
        """Show the next frame when it is due."""
        present = self._present
        if present is None:
            self._end(None)
            return
        frame = self._decoder.next(present)
        lasts_s = self._lasts(present, frame)
        start_s, end_s = self._loop or (None, None)
        around = self._loop is not None and (frame is None or (end_s is not None and frame.time_s > end_s))
        due_s, late_s = self._clock.advance(lasts_s)
        if not self._wait(due_s):
            return
        if around:
            frame = self._decoder.at(start_s or 0.0)
        if frame is None:
            self._report_failure()
            self._end(None)
            return
        skipped = late_s > 0 and frame.duration_s is not None and late_s > frame.duration_s / self._clock.speed
        self._clock.strike(frame.time_s, frame.time_s + self._lasts(frame, None))
        if skipped and not frame.still:
            self._shown, self._skipped = self._joiner.bare(frame), True
            self._dropped += 1
            return
        self._offer(self._joiner.read(frame, due_s, self._wished, playing=True))

    def _lasts(self, present: Frame, following: Frame | None) -> float:
        if present.still:
            return STILL_S
        if following is not None:
            return following.time_s - present.time_s
        return present.duration_s if present.duration_s is not None else 1 / (self.info.fps or 30.0)

    def _wait(self, due_s: float) -> bool:
        """Wait until a time; False if a request came first."""
        with self._changed:
            came = self._changed.wait_for(lambda: self._clock.stands or self._wished(), max(due_s - _now(), 0.0))
            return not came

    @property
    def _present(self) -> Frame | None:
        return None if self._shown is None else self._shown.result.frame

    def _read_present(self) -> None:
        """Read the present frame if it has no reading yet, unless a request comes first.

        Reading a single frame takes longer than a step may, so it starts once stepping has stopped.
        """
        shown = self._shown
        if shown is None or not shown.provisional:
            return
        far = shown.result.frame.time_s - self._analysis.store.covered >= NEARLY_S
        if not self._superseded(_SETTLE_S if far else 0.0):
            self._offer(self._joiner.read(shown.result.frame, shown.since_s, self._wished))

    def _offer(self, shown: Shown) -> None:
        self._shown, self._skipped = shown, False
        self._count += 1
        self._put(shown)

    def _report_failure(self) -> None:
        failure, self._decoder.failure = self._decoder.failure, None
        if failure is not None and not self._closed:
            self._tell(failure)


def _now() -> float:
    return time.monotonic()
