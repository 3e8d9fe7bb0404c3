"""The window: fetches what the session and the player offer, when notified or by timer, and passes it to its parts."""

import time
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialog, QMainWindow

from app.player.messages import Choice
from app.player.parts import Openers
from app.player.session import PlayerSession
from app.ui import theme
from app.ui.applying import SettingsController
from app.ui.contacting import ContactSheetController
from app.ui.deck import Deck
from app.ui.following import EventController
from app.ui.history import HistoryController
from app.ui.language import translate
from app.ui.menus import Menus
from app.ui.notes import NotesController
from app.ui.playback import Playback
from app.ui.preferences import Preferences
from app.ui.readings import StatusReadings
from app.ui.recording import RecordingController
from app.ui.requests import CommandController
from app.ui.showing import Showing
from app.ui.surface import Surface
from app.ui.window_tasks import News, WindowTasks

PULL_MS, READINGS_MS, LATEST_START_MS = 50, 500, 400


class MainWindow(QMainWindow):
    """The main window. It never waits for a frame, a detector, a network or a thread.

    Signals:
        failed: A source, detector or model cannot be used; carries the sentence, which a banner shows already.
        shown: A result has reached the screen; carries its latency in seconds.

    Args:
        source: What to show first; None for the first camera, or the demo clip if there is none.
        choice: Detector and model to use.
        preferences: Where the window's state is stored.
        openers: How detector, model and sources are opened.
    """

    failed = Signal(str)
    shown = Signal(float)

    def __init__(
        self, source: str | None, choice: Choice, preferences: Preferences, openers: Openers | None = None
    ) -> None:
        super().__init__()
        self.openers = openers or Openers()
        self.preferences = preferences
        self.playback = Playback()
        self.showing = Showing(source)
        self.choice = choice
        self._closed = False
        self.session: PlayerSession | None = None
        self._build()
        self.recording = RecordingController(self)
        self.notes = NotesController(self)
        self.history = HistoryController(self)
        self.requests = CommandController(self)
        self.following = EventController(self)
        self.contacting = ContactSheetController(self)
        self.applying = SettingsController(self)
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle("Mimik")
        self.setMinimumSize(940, 600)
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.menus = Menus(self, self.show_source, self.choose_detector, self.choose_model)
        self.deck = Deck(self.menus, self.playback)
        self.surface = surface = Surface(self.deck, self.openers)
        self.picture, self.banners, self.side = surface.picture, surface.banners, surface.side
        self.playlist, self.sheet = surface.playlist, surface.sheet
        self.picture.note = (translate("window", "Starting…"), "")
        self.picture.bars = self.preferences.bars()
        self.setCentralWidget(surface)
        self.menus.bars.setChecked(self.picture.bars)
        self.menus.timeline.setChecked(self.preferences.timeline())
        self.deck.unfold(self.preferences.timeline())
        self.menus.check_detector(self.choice.detector)
        self.menus.set_recent(self.preferences.recent())
        self.side.add_buttons((self.menus["why"],))
        self.side.add_buttons((self.menus.pause, self.menus.mirror, self.menus.bars))
        self.statusBar().setSizeGripEnabled(False)
        self.readings = StatusReadings(self.statusBar())
        self.take_colours()
        self.picture.setFocus()
        geometry = self.preferences.geometry()
        if geometry is not None:
            self.restoreGeometry(geometry)

    def _connect(self) -> None:
        menus = self.menus
        menus.mirror.toggled.connect(self._mirror)
        menus.mirror.triggered.connect(lambda on: self.preferences.keep_mirrors(on, live=self.showing.live))
        menus.bars.toggled.connect(self._show_bars)
        menus.timeline.toggled.connect(self._unfold)
        menus["mute"].toggled.connect(self._mute)
        menus["mute"].setChecked(self.preferences.muted())
        self.deck.transport.volume.chosen.connect(self._set_volume)
        self.deck.transport.volume.show_level(self.preferences.volume())
        menus.full_screen.toggled.connect(lambda on: self.showFullScreen() if on else self.showNormal())
        menus.scheme_chosen.connect(self._choose_scheme)
        self.picture.face_chosen.connect(self.choose_face)
        self.side.face_chosen.connect(self.choose_face)
        self.picture.painted.connect(self._painted)
        self.picture.changed.connect(self.following.refresh)
        self.playlist.picked.connect(self.show_source)
        self.deck.loaded.connect(self.deck.recolour)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.take_colours)
        self.news = News(self)
        self.news.on_come(self._pull)
        self._pulling = QTimer(self, interval=PULL_MS)
        self._pulling.timeout.connect(self._pull)
        self._reading = QTimer(self, interval=READINGS_MS)
        self._reading.timeout.connect(self.following.read)
        # The first paint starts the session; a minimised window is not painted, so a timer starts it there.
        QTimer.singleShot(LATEST_START_MS, self, self._begin)

    def _begin(self) -> None:
        """Start the session, once the window has been painted."""
        if self.session is None and not self._closed:
            self.session = PlayerSession(self.openers)
            self.session.post.on_put(self.news.tell)
            self._pulling.start()
            self._reading.start()
            self._ask_session()
            self.history.look_for_cut_off()
            if not self.preferences.welcomed():
                self.requests.welcome()

    def _pull(self) -> None:
        if not self._closed:
            self._pulling.start()  # restarted, so that it only fires while no frame comes
            self.following.pull()

    def _painted(self) -> None:
        if self.session is None:
            QTimer.singleShot(0, self, self._begin)
        elif self.picture.latency_s is not None:
            self.readings.painted(self.picture.latency_s)
            self.shown.emit(self.picture.latency_s)
            self.picture.latency_s = None

    # Commands of the user

    def show_source(self, spec: str) -> None:
        """Close the current source and show another one."""
        self.showing.spec, self.showing.info = spec, None
        self.playlist.mark(spec)
        self.picture.badge = None
        self.picture.show_result(None)
        self._ask_session()

    def show_sources(self, specs: list[str]) -> None:
        """Show the first of several sources, and list them all."""
        if specs:
            self.playlist.set_specs(specs)
            self.show_source(specs[0])

    def retitle(self) -> None:
        """Name what is shown in the window's title."""
        spec = self.showing.spec
        self.setWindowTitle("Mimik" if spec is None else f"{self.showing.title} – Mimik")

    def replay(self) -> None:
        """Open the current source again."""
        self._ask_session()

    def choose_face(self, track_id: int) -> None:
        """Enlarge one face for as long as it is in the picture."""
        self.following.choose(track_id)

    def choose_detector(self, name: str) -> None:
        # A model file given for BlazeFace stays in use for every choice that can use it.
        self.preferences.keep_detector(name)
        self._choose(replace(self.choice, detector=name))

    def choose_model(self, name: str | None) -> None:
        self.preferences.keep_model(name)
        self._choose(replace(self.choice, model=name))

    def list_models(self) -> None:
        self.menus.set_models(self.openers.models(), self.choice.model)

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        self.menus.check_detector(choice.detector)
        self.banners.dismiss("detector")
        self._ask_session()

    def _ask_session(self) -> None:
        if self.session is None:
            return
        self.following.begin(self.session.show(self.showing.spec, self.choice))

    def _mirror(self, mirrored: bool) -> None:
        self.picture.mirrored = mirrored

    def _show_bars(self, bars: bool) -> None:
        self.preferences.keep_bars(bars)
        self.picture.bars = bars
        self.picture.update()

    def _unfold(self, shown: bool) -> None:
        self.preferences.keep_timeline(shown)
        self.deck.unfold(shown)

    def _mute(self, muted: bool) -> None:
        self.preferences.keep_muted(muted)
        self.playback.mute(muted)

    def _set_volume(self, level: float) -> None:
        self.preferences.keep_volume(level)
        self.playback.set_volume(level)

    def _choose_scheme(self, scheme: str) -> None:
        self.preferences.keep_scheme(scheme)
        self.take_colours()

    def take_colours(self) -> None:
        """Apply the colour scheme of the settings, or the system's current one."""
        scheme = self.preferences.scheme()
        system = QGuiApplication.styleHints().colorScheme()
        theme.use(light=scheme == "light" or (scheme == "system" and system == Qt.ColorScheme.Light))
        self.menus.check_scheme(scheme)
        QGuiApplication.setPalette(theme.palette())
        self.setStyleSheet(theme.style())
        self.deck.recolour()

    def tell_fault(self, sentence: str) -> None:
        """Report an internal error; the window keeps running."""
        self.banners.tell("fault", "error", sentence)

    # Qt events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        urls = event.mimeData().urls()
        self.show_sources([url.toLocalFile() if url.isLocalFile() else url.toString() for url in urls])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.menus.full_screen.setChecked(False)
            return
        if event.key() == Qt.Key.Key_Escape and self.menus["sheet"].isEnabled():
            self.menus["sheet"].setChecked(True)
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.isFullScreen():
            self.preferences.keep_geometry(self.saveGeometry())
        self.preferences.write()
        self._closed = True
        self.hide()
        self.recording.stop()
        for dialog in self.findChildren(QDialog):
            dialog.close()  # which also ends its background work
        self._pulling.stop()
        self._reading.stop()
        self.history.close()
        if self.session is not None:
            self.session.close()
        for task in self.findChildren(WindowTasks):
            task.close()
        event.accept()

    def join(self, timeout_s: float) -> bool:
        """After closing: wait for the recording, then at most `timeout_s` for session and tasks; True if they ended."""
        self.recording.join()
        until_s = time.monotonic() + timeout_s
        ended = self.session is None or self.session.join(timeout_s)
        tasks = self.findChildren(WindowTasks)
        return ended and all(task.join(max(until_s - time.monotonic(), 0.0)) for task in tasks)
