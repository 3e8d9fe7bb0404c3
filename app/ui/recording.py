"""Recording in the window: R starts and stops it, a badge in the picture shows its progress."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.ui import theme
from app.ui.background import Background
from app.ui.badge import Badge
from app.ui.language import QT_TRANSLATE_NOOP, translate
from app.ui.localised import localised
from app.ui.words import size_text
from models.errors import InputError

if TYPE_CHECKING:
    from app.player.live import LivePlayer
    from app.player.recording import LiveRecording
    from app.sessions.blur import Faces
    from app.sessions.folder import Session
    from app.sessions.recorder import RecordingPlan
    from app.ui.window import MainWindow

_BLURS = (
    ("", QT_TRANSLATE_NOOP("recording", "&Nobody's")),
    ("all", QT_TRANSLATE_NOOP("recording", "&Everybody's")),
    ("others", QT_TRANSLATE_NOOP("recording", "All but the &chosen one's")),
)
_TICK_MS = 500
_JOIN_S = 60.0


class RecordingController(QObject):
    """Records live sources, and saves a film's readings as a session. The recorder is imported on first use.

    Args:
        window: The window.
    """

    _told = Signal(str)
    _over = Signal(object, object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._recording: LiveRecording | None = None
        self._player: LivePlayer | None = None
        self._background = Background(self, self._tell)
        self._told.connect(lambda sentence: self._tell(localised(sentence)), Qt.ConnectionType.QueuedConnection)
        self._over.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        self._add_menu()
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(lambda: window.following.update_badge())

    def _add_menu(self) -> None:
        """Add the menu that chooses whose faces recordings blur."""
        preferences = self._window.preferences
        menu = QMenu(translate("recording", "&Blur faces in recordings"), self._window)
        group = QActionGroup(self)
        for blur, text in _BLURS:
            action = QAction(translate("recording", text), group)
            action.setCheckable(True)
            action.setChecked(blur == preferences.blur())
            action.triggered.connect(lambda _=False, blur=blur: preferences.keep_blur(blur))
            menu.addAction(action)
        self._window.menus.file.insertMenu(self._window.menus["note"], menu)

    @property
    def active(self) -> "LiveRecording | None":
        """The current recording, if any."""
        return self._recording

    def toggle(self) -> None:
        """Start or stop recording a live source; for a film, save its readings as a session."""
        if self._recording is not None:
            self.stop()
        elif self._window.showing.live:
            self._begin()
        else:
            self._keep()
        self._window.menus["record"].setChecked(self._player is not None)

    def stop(self) -> None:
        """Stop the recording; its files are finished in the background."""
        player, self._player = self._player, None
        if player is not None:
            self._background.do(player.end_recording)

    def join(self) -> None:
        """After closing: wait a bounded time until the files are finished."""
        if self._recording is not None:
            self._recording.wait(_JOIN_S)
        self._background.join(_JOIN_S)

    def badge(self) -> Badge | None:
        """The badge during a recording: time, size, free disk space and dropped frames; None otherwise."""
        if self._recording is None:
            return None
        status = self._recording.status()
        if status is None:
            return Badge(f"REC   {translate('recording', 'beginning…')}", theme.LIVE_ON_GLASS)
        minutes, seconds = divmod(int(status.seconds), 60)
        parts = [f"REC   {minutes}:{seconds:02d}", size_text(status.size)]
        parts += [] if status.free is None else [_free(status.free)]
        parts += [_left_out(status.dropped)] if status.dropped else []
        parts += [] if status.has_video else [translate("recording", "readings only")]
        return Badge("   ".join(parts), theme.LIVE_ON_GLASS)

    def _begin(self) -> None:
        from app.player.live import LivePlayer
        from app.player.recording import LiveRecording

        player, plan = self._window.playback.player, self._plan()
        if plan is None or not isinstance(player, LivePlayer):
            return
        recording = LiveRecording(plan, self._told.emit, lambda session: self._over.emit(recording, session))
        try:
            player.record(recording)
        except ValueError:  # the previous recording is still being finished
            self._tell(translate("recording", "The recording before is still being written; try again in a moment."))
            return
        except InputError as error:
            self._tell(localised(str(error)))
            return
        self._recording, self._player = recording, player
        self._window.banners.dismiss("record")
        self._ticking.start()
        self._window.following.update_badge()

    def _keep(self) -> None:
        from app.core.store import ReadingStore
        from app.player.recorded import session_of
        from app.sessions.kept import keep_readings

        window = self._window
        film, plan, info = window.playback.film, self._plan(), window.showing.info
        if film is None or plan is None or info is None:
            return
        if session_of(window.showing.spec or "") is not None:
            self._hint(
                translate("recording", "This is a session already; its notes and labels are kept as they are made.")
            )
            return
        if plan.film is None:
            self._hint(translate("recording", "Only a camera, a stream or a film in a file can be kept as a session."))
            return
        result, store = window.picture.result, film.readings
        assert isinstance(store, ReadingStore)
        picture = None if result is None else result.frame.image
        told = translate("recording", "The readings are being kept as a session…")
        window.banners.tell("record", "info", told)
        self._background.do(lambda: keep_readings(plan, info, store, picture), self._say_kept)

    def _plan(self) -> "RecordingPlan | None":
        from app.headless.identity import place_of
        from app.headless.naming import stem_of
        from app.sessions.recorder import RecordingPlan

        window = self._window
        spec, facts = window.showing.spec, window.showing.facts
        if spec is None or facts is None:
            return None
        place = None if window.showing.live else place_of(spec)
        film = place if place is not None and place.is_file() else None
        return RecordingPlan(
            window.openers.library(), stem_of(spec), facts, film, None if film is not None else self._faces()
        )

    def _faces(self) -> "Faces | None":
        """Whose faces a recording that starts now blurs; None for nobody's."""
        from app.sessions.blur import Faces

        blur, chosen = self._window.preferences.blur(), self._window.picture.chosen
        if blur == "all" or (blur == "others" and chosen is None):
            return Faces("all")
        return Faces("others", (chosen,)) if blur == "others" and chosen is not None else None

    def _ended(self, recording: "LiveRecording", session: "Session | None") -> None:
        if recording is not self._recording:
            return
        self._recording = self._player = None
        self._ticking.stop()
        self._window.menus["record"].setChecked(False)
        self._window.following.update_badge()
        if session is not None and not self._window.banners.shown.keys() & {"record"}:
            self._say_kept(session)

    def _say_kept(self, session: "Session") -> None:
        steps = [
            (translate("recording", "Look at it"), lambda: self._window.show_source(str(session.path))),
            (translate("recording", "History…"), self._window.history.show),
        ]
        told = translate("recording", "Kept as {name}.").format(name=session.name)
        self._window.banners.tell("record", "info", told, steps)

    def _hint(self, sentence: str) -> None:
        """Tell what holds of the present source; it goes with it."""
        self._window.banners.tell("hint", "notice", sentence, passing=True)

    def _tell(self, sentence: str) -> None:
        self._window.banners.tell("record", "notice", sentence)


def _free(size: int) -> str:
    return translate("recording", "{size} free").format(size=size_text(size))


def _left_out(count: int) -> str:
    return translate("recording", "{count} left out").format(count=count)
