"""Passes events from the session and the player to the parts of the window."""

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
"""Least seconds between updates of the parts around a playing picture, and between redraws of a card's strip."""

WORKING = (
    QT_TRANSLATE_NOOP("following", "Loading model…"),
    QT_TRANSLATE_NOOP("following", "Opening…"),
    QT_TRANSLATE_NOOP("following", "Opening camera…"),
)
"""Status texts of the session before the first picture."""


class EventController:
    """Handles events and frames of the current run; drops those of earlier runs."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._run = 0
        self._state: State | None = None
        self._beat_s = self._strip_s = self._cards_s = 0.0
        self._people_shown: tuple[object, ...] = ()
        self._pending = False
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
        """Start over for another run; `run` is the number that its events carry."""
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
        """Enlarge one face for as long as it is in the picture."""
        self._large.choose(track_id)
        self.refresh()

    def toggle(self) -> None:
        """Pause or play. A source that is still opening is paused once it is open."""
        window = self._window
        if window.playback.player is not None:
            window.playback.pause(window.playback.playing)
            self._state = None  # `pull` then sets the menu's switch again

    def pull(self) -> None:
        """Take new events and frames. Never waits."""
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
        # While nothing plays, a new frame answers the user and is followed at once.
        if (shown is None or self._state is State.PLAYING) and now_s - self._beat_s < BEAT_S:
            return
        self._beat_s = now_s
        if self._pending and now_s - self._cards_s >= BEAT_S:
            self.refresh()  # the update that `refresh` put off
        window.deck.refresh(window.picture.shown, window.picture.chosen)
        if now_s - self._strip_s > STRIP_S:
            self._strip_s = now_s
            window.side.show_strip(player)
        window.contacting.follow()

    def read(self) -> None:
        """Update the rates in the status bar."""
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
        """Follow the player's state, whatever caused the change."""
        window, showing = self._window, self._window.showing
        self._state = state
        if self._pending:
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
        player = window.playback.player  # a film that breaks off stays usable up to the break
        window.showing.ended = player is None or player.state in (State.ENDED, State.LOST)
        self.update_badge()
        steps = self._ways.after(event.kind, own_model=window.choice.model is not None)
        window.banners.tell("source", "error", localised(event.sentence), steps)
        window.failed.emit(event.sentence)

    def refresh(self) -> None:
        """Update the parts that depend on the picture: every `BEAT_S` while it plays, at once if the people change.

        Updating holds the interpreter's lock (GIL), so the analysis stands still meanwhile.
        """
        face = self._choose_face()
        people = self._people(face)
        now_s = time.monotonic()
        soon = self._state is State.PLAYING and now_s - self._cards_s < BEAT_S
        self._pending = soon and people == self._people_shown
        if not self._pending:
            self._people_shown, self._cards_s = people, now_s
            self.update_badge()
            self._show_people(face)

    def _choose_face(self) -> FaceResult | None:
        """Choose the enlarged face among those shown now, and mark it in the picture."""
        window = self._window
        result = window.picture.result
        face = self._large.of(result)
        window.picture.chosen = None if face is None else face.track_id
        window.notes.show(result, face)
        return face

    def _people(self, face: FaceResult | None) -> tuple[object, ...]:
        """Face ids in the picture, and the enlarged face with whether it is unreadable."""
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
        """Describe a still picture to screen readers; while it plays, they could not keep up."""
        if self._state is not State.PLAYING:
            self._window.picture.describe()

    def update_badge(self) -> None:
        """Update the badge: what is shown, and whether it is recorded."""
        window = self._window
        result = window.picture.result
        frame = None if result is None else result.frame
        player = window.playback.player
        window.picture.badge = window.recording.badge() or window.showing.badge(
            frame, paused=self._state is State.PAUSED, duration_s=None if player is None else player.duration_s
        )
        window.picture.update()
