"""What a user may ask of whatever plays: the verbs behind keys and buttons."""

from app.player.player import Player, State

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


class Playback:
    """Drives the present player; does nothing where there is none.

    Attributes:
        player: What shows the present source.
        speed: Times as fast as normal.
        marks: Start and end of the loop in seconds, None if one is not set.
        volume: How loud a film's sound is, 0..1, unless it is muted.
    """

    def __init__(self) -> None:
        self.player: Player | None = None
        self.speed = 1.0
        self.marks: tuple[float | None, float | None] = (None, None)
        self.volume = 1.0
        self._muted = self._resumes = False

    @property
    def film(self) -> Player | None:
        """The player, if it has a past and a future to go to."""
        return self.player if self.player is not None and not self.player.info.live else None

    @property
    def playing(self) -> bool:
        return self.player is not None and self.player.state is State.PLAYING

    def use(self, player: Player | None) -> None:
        """Drive another player, at normal speed and without a loop; the volume stays."""
        self.player, self.speed, self.marks, self._resumes = player, 1.0, (None, None), False
        self._sound()

    def pause(self, paused: bool = True) -> None:
        """Hold, or go on."""
        if self.player is not None:
            if paused:
                self.player.pause()
            else:
                self.player.play()

    def step(self, frames: int) -> None:
        if self.film is not None:
            self.film.step(frames)

    def by(self, seconds: float) -> None:
        """Go ahead, or back where negative."""
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
        """The next higher speed; goes on where it is paused."""
        self.set_speed(next((speed for speed in SPEEDS if speed > self.speed), SPEEDS[-1]))
        self.pause(False)

    def slower(self) -> None:
        """The next lower speed."""
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
        """Play a stretch again and again; marks the wrong way round are turned, and None twice ends it."""
        if start_s is not None and end_s is not None and end_s < start_s:
            start_s, end_s = end_s, start_s
        if self.film is not None:
            self.marks = (start_s, end_s)
            self.film.loop(start_s, end_s)

    def mark_in(self) -> None:
        """The loop begins at the present frame."""
        if self.film is not None:
            start_s, end_s = self.film.position_s, self.marks[1]
            self.mark(start_s, end_s if end_s is not None and end_s > start_s else None)

    def mark_out(self) -> None:
        """The loop ends at the present frame."""
        if self.film is not None:
            end_s, start_s = self.film.position_s, self.marks[0]
            self.mark(start_s if start_s is not None and start_s < end_s else None, end_s)

    def hold(self) -> None:
        """While the bar is dragged nothing plays on by itself."""
        self._resumes = self.playing
        if self._resumes:
            self.pause()

    def release(self) -> None:
        """Go on as it was before `hold`."""
        if self._resumes:
            self._resumes = False
            self.pause(False)
