"""Follows what the session and the player tell, and hands it to the window's parts."""

import time
from typing import TYPE_CHECKING

from app.core.types import UNREADABLE, FaceResult
from app.player.messages import Cameras, Event, Failed, Loaded, Notice, Opened, Working
from app.player.parts import DEMO
from app.player.player import State
from app.ui.language import QT_TRANSLATE_NOOP, translate
from app.ui.large import EnlargedFace
from app.ui.localised import localised
from app.ui.recovery import RecoveryActions

if TYPE_CHECKING:
    from app.ui.window import MainWindow

BEAT_S, STRIP_S = 0.1, 0.3
"""Seconds between two updates of what surrounds a picture that plays, and between two strips of the cards."""

WORKING = (
    QT_TRANSLATE_NOOP("following", "Loading model…"),
    QT_TRANSLATE_NOOP("following", "Opening…"),
    QT_TRANSLATE_NOOP("following", "Opening camera…"),
)
"""What the session tells while there is no picture yet."""


class EventController:
    """Takes events and frames of the present run; those of a former one are thrown away."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._run = 0
        self._state: State | None = None
        self._beat_s = self._strip_s = self._told_s = 0.0
        self._told: tuple[object, ...] = ()
        self._untold = False
        self._large = EnlargedFace()
        self._ways = RecoveryActions(
            again=window.replay,
            demo=lambda: window.show_source(DEMO),
            open_file=window.requests.ask_files,
            open_model=window.requests.ask_model,
            default_model=lambda: window.choose_model(None),
            haar=lambda: window.choose_detector("haar"),
        )

    def begin(self, run: int) -> None:
        """Another run was asked for."""
        window = self._window
        self._run, self._state = run, None
        self._large.clear()
        window.showing.ended = False
        for key in ("source", "end", "hint"):
            window.banners.dismiss(key)
        window.playback.use(None)
        window.notes.opened(None)
        window.retitle()
        window.menus.pause.setChecked(False)
        window.deck.begin()
        window.side.why.clear()
        window.contacting.begin()
        window.readings.clear()

    def choose(self, track_id: int) -> None:
        """Show one face in large for as long as it is in the picture."""
        self._large.choose(track_id)
        self._refresh()

    def toggle(self) -> None:
        """Pause what plays, and play what does not; what is not open yet will be paused then."""
        window = self._window
        if window.playback.player is not None:
            window.playback.pause(window.playback.playing)
            self._state = None  # the switch shows what has become of it

    def pull(self) -> None:
        """Take whatever is new. Never waits."""
        window = self._window
        if window.session is None:
            return
        for event in window.session.post.take_all():
            self._take(event)
        player = window.playback.player
        if player is None:
            return
        shown = player.take()
        if shown is not None:
            window.picture.show_result(shown)
        if player.state is not self._state:
            self._changed(player.state)
        now_s = time.monotonic()
        # What the user moves is followed at once.
        if (shown is None or self._state is State.PLAYING) and now_s - self._beat_s < BEAT_S:
            return
        self._beat_s = now_s
        if self._untold and now_s - self._told_s >= BEAT_S:
            self.refresh()  # no other picture came
        window.deck.refresh(window.picture.shown, window.picture.chosen)
        if now_s - self._strip_s > STRIP_S:
            self._strip_s = now_s
            window.side.show_strip(player)
        window.contacting.follow()

    def read(self) -> None:
        """Show rates in the status bar."""
        window = self._window
        if window.playback.player is not None and not window.showing.ended:
            window.readings.update(window.playback.player.counts(), window.showing.live, time.monotonic())

    def _take(self, event: Event) -> None:
        window = self._window
        if isinstance(event, Notice):
            window.banners.tell(event.about, "notice", localised(event.sentence))
        elif isinstance(event, Cameras):
            window.showing.cameras = event.cameras
            window.menus.set_cameras(event.cameras, searching=False)
        elif event.run != self._run:
            return
        elif isinstance(event, Working):
            window.picture.note = (
                translate("following", event.text),
                translate("following", "The picture appears here."),
            )
            window.picture.update()
        elif isinstance(event, Loaded):
            window.readings.parts(event.detector, event.model)
        elif isinstance(event, Opened):
            self._opened(event)
        elif isinstance(event, Failed):
            self._fail(event)

    def _opened(self, event: Opened) -> None:
        window = self._window
        window.showing.spec, window.showing.info, window.showing.facts = event.spec, event.info, event.facts
        window.playback.use(event.player)
        event.player.on_offer(window.news.tell)
        if window.menus.pause.isChecked():
            event.player.pause()
        window.menus.mirror.setChecked(window.preferences.mirrors(live=event.info.live))
        window.preferences.keep_recent(event.spec)
        window.menus.set_recent(window.preferences.recent())
        window.retitle()
        window.notes.opened(event.spec)
        self.update_badge()

    def _changed(self, state: State) -> None:
        """Follow what the player does, no matter what asked for it."""
        window, showing = self._window, self._window.showing
        self._state = state
        if self._untold:
            self.refresh()
        window.menus.pause.setChecked(state is State.PAUSED)
        if state is not State.ENDED:
            window.banners.dismiss("end")
            showing.ended = state is State.LOST
        elif not showing.ended:
            showing.ended = True
            if showing.info is None or showing.info.frame_count != 1:
                steps = [
                    (translate("following", "Replay"), lambda: window.playback.pause(False)),
                    (translate("following", "Open file…"), window.requests.ask_files),
                ]
                window.banners.tell(
                    "end", "info", translate("following", "{title} has ended.").format(title=showing.title), steps
                )
        self.update_badge()
        self._describe()

    def _fail(self, event: Failed) -> None:
        window = self._window
        window.showing.spec = event.spec
        window.retitle()
        way = translate("following", "Drop a film, a picture or a folder here, or open one from the menu File.")
        window.picture.note = (translate("following", "No picture"), way)
        player = window.playback.player  # a film that breaks off is shown up to there
        window.showing.ended = player is None or player.state in (State.ENDED, State.LOST)
        self.update_badge()
        steps = self._ways.after(event.kind, own_model=window.choice.model is not None)
        window.banners.tell("source", "error", localised(event.sentence), steps)
        window.failed.emit(event.sentence)

    def refresh(self) -> None:
        """Follow what the picture shows now: ten times a second while it plays, but at once if other people come.

        The window's thread keeps the interpreter's lock meanwhile, and the analysis stands still.
        """
        face = self._choose_face()
        people = self._people(face)
        now_s = time.monotonic()
        soon = self._state is State.PLAYING and now_s - self._told_s < BEAT_S
        self._untold = soon and people == self._told
        if not self._untold:
            self._told, self._told_s = people, now_s
            self.update_badge()
            self._show_people(face)

    def _refresh(self) -> None:
        self._show_people(self._choose_face())
        self._window.picture.update()

    def _choose_face(self) -> FaceResult | None:
        """The face in large among those that are shown now."""
        window = self._window
        result = window.picture.result
        face = self._large.of(result)
        window.picture.chosen = None if face is None else face.track_id
        window.notes.show(result, face)
        return face

    def _people(self, face: FaceResult | None) -> tuple[object, ...]:
        """Who is in the picture, and which face is the large one."""
        result = self._window.picture.result
        ids = None if result is None else frozenset(one.track_id for one in result.faces)
        return ids, None if face is None else (face.track_id, face.label == UNREADABLE)

    def _show_people(self, face: FaceResult | None) -> None:
        window = self._window
        drawn = window.picture.drawn
        window.menus["why"].setEnabled(face is not None and face.label != UNREADABLE)
        portraits = {} if drawn is None else drawn.portraits
        window.side.show_result(window.picture.result, face, portraits, read=drawn is None or drawn.shown.read)
        self._describe()

    def _describe(self) -> None:
        """Have screen readers told of what stands still; while it plays, nobody could listen to it all."""
        if self._state is not State.PLAYING:
            self._window.picture.describe()

    def update_badge(self) -> None:
        """Say in the picture's corner what is shown, and whether it is recorded."""
        window = self._window
        result = window.picture.result
        frame = None if result is None else result.frame
        player = window.playback.player
        window.picture.badge = window.recording.badge() or window.showing.badge(
            frame, paused=self._state is State.PAUSED, duration_s=None if player is None else player.duration_s
        )
        window.picture.update()
