"""Playback control: the operations behind keys and buttons."""

from app.player.player import Player, State

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


class Playback:
    """Controls the current player; does nothing while there is none.

    Attributes:
        player: Plays the current source.
        speed: Playback speed; 1 is normal.
        marks: Start and end of the loop in seconds; None where not set.
        volume: Volume of a film's sound, 0..1, unless muted.
    """

    def __init__(self) -> None:
        self.player: Player | None = None
        self.speed = 1.0
        self.marks: tuple[float | None, float | None] = (None, None)
        self.volume = 1.0
        self._muted = self._resumes = False

    @property
    def film(self) -> Player | None:
        """The player if it can seek; None for a live source."""
        return self.player if self.player is not None and not self.player.info.live else None

    @property
    def playing(self) -> bool:
        return self.player is not None and self.player.state is State.PLAYING

    def use(self, player: Player | None) -> None:
        """Control another player, at normal speed and without a loop; the volume is kept."""
        self.player, self.speed, self.marks, self._resumes = player, 1.0, (None, None), False
        self._sound()

    def pause(self, paused: bool = True) -> None:
        """Pause, or play if `paused` is False."""
        if self.player is not None:
            if paused:
                self.player.pause()
            else:
                self.player.play()

    def step(self, frames: int) -> None:
        if self.film is not None:
            self.film.step(frames)

    def by(self, seconds: float) -> None:
        """Seek forwards by this many seconds; backwards if negative."""
        if self.film is not None:
            self.film.jump(seconds)

    def seek(self, time_s: float) -> None:
        if self.film is not None:
            self.film.seek(time_s)

    def to_end(self) -> None:
        """Show the last frame."""
        if self.film is not None:
            self.film.seek(self.film.duration_s or 0.0)

    def faster(self) -> None:
        """Switch to the next higher speed, and play."""
        self.set_speed(next((speed for speed in SPEEDS if speed > self.speed), SPEEDS[-1]))
        self.pause(False)

    def slower(self) -> None:
        """Switch to the next lower speed."""
        self.set_speed(next((speed for speed in reversed(SPEEDS) if speed < self.speed), SPEEDS[0]))

    def set_speed(self, speed: float) -> None:
        if self.film is not None:
            self.speed = speed
            self.film.speed(speed)

    def set_volume(self, level: float) -> None:
        self.volume = level
        self._sound()

    def mute(self, muted: bool) -> None:
        self._muted = muted
        self._sound()

    def _sound(self) -> None:
        if self.player is not None:
            self.player.volume(0.0 if self._muted else self.volume)

    def mark(self, start_s: float | None, end_s: float | None) -> None:
        """Loop a range, in seconds; reversed marks are swapped, and None for both ends the loop."""
        if start_s is not None and end_s is not None and end_s < start_s:
            start_s, end_s = end_s, start_s
        if self.film is not None:
            self.marks = (start_s, end_s)
            self.film.loop(start_s, end_s)

    def mark_in(self) -> None:
        """Start the loop at the current frame."""
        if self.film is not None:
            start_s, end_s = self.film.position_s, self.marks[1]
            self.mark(start_s, end_s if end_s is not None and end_s > start_s else None)

    def mark_out(self) -> None:
        """End the loop at the current frame."""
        if self.film is not None:
            end_s, start_s = self.film.position_s, self.marks[0]
            self.mark(start_s if start_s is not None and start_s < end_s else None, end_s)

    def hold(self) -> None:
        """Pause while the bar is dragged."""
        self._resumes = self.playing
        if self._resumes:
            self.pause()

    def release(self) -> None:
        """Resume if it was playing before `hold`."""
        if self._resumes:
            self._resumes = False
            self.pause(False)
