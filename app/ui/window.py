"""The window: pulls what the session offers with a timer and hands it to its parts."""

import time
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow

from app.ui import theme
from app.ui.asking import ask_address, ask_file, ask_folder, save_snapshot
from app.ui.large import FaceInLarge
from app.ui.menus import Menus
from app.ui.messages import Analysed, Cameras, Choice, Ended, Event, Failed, Loaded, Notice, Opened, Working
from app.ui.parts import Openers
from app.ui.preferences import Preferences
from app.ui.readings import Readings
from app.ui.recovery import Ways
from app.ui.session import DEMO, Session
from app.ui.showing import Showing
from app.ui.surface import Surface
from app.ui.words import sentence_case

LIVE_MS, FILE_MS, READINGS_MS, LATEST_START_MS = 5, 10, 500, 400


class MainWindow(QMainWindow):
    """The window of Mimik. Nothing in it waits for a frame, a detector, a network or a thread.

    Signals:
        failed: A source or a part cannot be used; the sentence is in a banner by then.
        shown: A result has reached the screen; the seconds that it took.

    Args:
        source: What to show first, or None for a camera or else the demo.
        choice: What analyses it.
        preferences: Where the window's state is kept.
        openers: How detector, model and sources are opened.
    """

    failed = Signal(str)
    shown = Signal(float)

    def __init__(
        self, source: str | None, choice: Choice, preferences: Preferences, openers: Openers | None = None
    ) -> None:
        super().__init__()
        self._openers = openers or Openers()
        self._preferences = preferences
        self._showing = Showing(source)
        self._choice = choice
        self._run = 0
        self._closed = False
        self._large = FaceInLarge()
        self.session: Session | None = None
        self._ways = Ways(
            again=self.replay,
            demo=lambda: self.show_source(DEMO),
            open_file=self.ask_file,
            open_model=self._ask_model,
            default_model=lambda: self._choose_model(None),
            haar=lambda: self._choose_detector("haar"),
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle("Mimik")
        self.setStyleSheet(theme.STYLE)
        self.setMinimumSize(860, 560)
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        surface = Surface()
        self.picture, self.banners, self.side = surface.picture, surface.banners, surface.side
        self.picture.note = ("Starting…", "")
        self.picture.bars = self._preferences.bars()
        self.setCentralWidget(surface)
        self.menus = Menus(self, self.show_source, self._choose_detector, self._choose_model)
        self.menus.bars.setChecked(self.picture.bars)
        self.menus.check_detector(self._choice.detector)
        self.side.add_buttons((self.menus.pause, self.menus.mirror, self.menus.bars))
        self.statusBar().setSizeGripEnabled(False)
        self.readings = Readings(self.statusBar())
        self.picture.setFocus()
        geometry = self._preferences.geometry()
        if geometry is not None:
            self.restoreGeometry(geometry)

    def _connect(self) -> None:
        menus = self.menus
        menus.source.aboutToShow.connect(self._find_cameras)
        menus.model.aboutToShow.connect(self._list_models)
        menus.open_file.triggered.connect(self.ask_file)
        menus.open_folder.triggered.connect(lambda: ask_folder(self, "Open a folder of pictures", self.show_source))
        menus.open_address.triggered.connect(lambda: ask_address(self, self.show_source))
        menus.open_model.triggered.connect(self._ask_model)
        menus.snapshot.triggered.connect(self._snapshot)
        menus.quit.triggered.connect(self.close)
        menus.pause.toggled.connect(self._pause)
        menus.replay.triggered.connect(self.replay)
        menus.mirror.toggled.connect(self._mirror)
        menus.mirror.triggered.connect(lambda on: self._preferences.keep_mirrors(on, live=self._showing.live))
        menus.bars.toggled.connect(self._show_bars)
        menus.full_screen.toggled.connect(lambda on: self.showFullScreen() if on else self.showNormal())
        self.picture.face_chosen.connect(self.choose_face)
        self.side.face_chosen.connect(self.choose_face)
        self.picture.painted.connect(self._painted)
        self._pulling = QTimer(self, interval=FILE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._pulling.timeout.connect(self._pull)
        self._reading = QTimer(self, interval=READINGS_MS)
        self._reading.timeout.connect(self._read)
        # The first paint starts the work; a window that opens minimised is not painted, so a timer starts it there.
        QTimer.singleShot(LATEST_START_MS, self, self._begin)

    def _begin(self) -> None:
        """Start the session, once there is something on the screen."""
        if self.session is None and not self._closed:
            self.session = Session(self._openers)
            self._pulling.start()
            self._reading.start()
            self._ask_session()

    def _painted(self) -> None:
        if self.session is None:
            QTimer.singleShot(0, self, self._begin)
        elif self.picture.latency_s is not None:
            self.readings.painted(self.picture.latency_s)
            self.shown.emit(self.picture.latency_s)
            self.picture.latency_s = None

    # What the user asks for

    def show_source(self, spec: str) -> None:
        """Leave the present source and show another one."""
        self._showing.spec, self._showing.info = spec, None
        self.picture.badge = None
        self.picture.show_result(None)
        self.side.show_result(None, None)
        self._ask_session()

    def replay(self) -> None:
        """Show the present source again from its start."""
        self._ask_session()

    def ask_file(self) -> None:
        ask_file(self, self.show_source)

    def choose_face(self, track_id: int) -> None:
        """Show one face in large for as long as it is in the picture."""
        self._large.choose(track_id)
        self._refresh()

    def _ask_session(self) -> None:
        if self.session is None:
            return
        self._showing.ended = False
        self._large.clear()
        for key in ("source", "end"):
            self.banners.dismiss(key)
        self.menus.pause.setChecked(False)
        self.readings.clear()
        self._run = self.session.show(self._showing.spec, self._choice)

    def _choose_detector(self, name: str) -> None:
        # A model file given for BlazeFace stays in use for every choice that can use it.
        self._preferences.keep_detector(name)
        self._choose(replace(self._choice, detector=name))

    def _choose_model(self, name: str | None) -> None:
        self._preferences.keep_model(name)
        self._choose(replace(self._choice, model=name))

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self.menus.check_detector(choice.detector)
        self.banners.dismiss("detector")
        self._ask_session()

    def _ask_model(self) -> None:
        ask_folder(self, "Open the folder of a model", self._choose_model)

    def _find_cameras(self) -> None:
        if self.session is not None:
            self.session.find_cameras()

    def _list_models(self) -> None:
        self.menus.set_models(self._openers.models(), self._choice.model)

    def _pause(self, paused: bool) -> None:
        if self.session is not None:
            self.session.pause(paused)
        self._update_badge()

    def _mirror(self, mirrored: bool) -> None:
        self.picture.mirrored = mirrored
        self.picture.update()

    def _show_bars(self, bars: bool) -> None:
        self._preferences.keep_bars(bars)
        self.picture.bars = bars
        self.picture.update()

    def _snapshot(self) -> None:
        # Taken now, not when a name has been typed.
        save_snapshot(self, self.picture.snapshot(), lambda told: self.banners.tell("snapshot", "error", told))

    # What the session tells

    def _pull(self) -> None:
        if self.session is None:
            return
        for event in self.session.post.take_all():
            self._take(event)
        analysed = self.session.results.take()
        if analysed is not None and analysed.run == self._run:
            self._show(analysed)

    def _take(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.banners.tell(event.about, "notice", sentence_case(event.sentence))
        elif isinstance(event, Cameras):
            self._showing.cameras = event.cameras
            self.menus.set_cameras(event.cameras, searching=False)
        elif event.run != self._run:
            return
        elif isinstance(event, Working):
            self.picture.note = (event.text, "The picture appears here.")
            self.picture.update()
        elif isinstance(event, Loaded):
            self.readings.parts(event.detector, event.model)
        elif isinstance(event, Opened):
            self._opened(event)
        elif isinstance(event, Ended):
            self._end()
        elif isinstance(event, Failed):
            self._fail(event)

    def _opened(self, event: Opened) -> None:
        self._showing.spec, self._showing.info = event.spec, event.info
        self._pulling.setInterval(LIVE_MS if event.info.live else FILE_MS)
        self.menus.mirror.setChecked(self._preferences.mirrors(live=event.info.live))
        self.setWindowTitle(f"{self._showing.title} – Mimik")
        self._update_badge()
        if self.menus.pause.isChecked():
            self._pause(True)

    def _end(self) -> None:
        self._showing.ended = True
        self._update_badge()
        if self._showing.info is None or self._showing.info.frame_count != 1:
            steps = [("Replay", self.replay), ("Open file…", self.ask_file)]
            self.banners.tell("end", "info", f"{self._showing.title} has ended.", steps)

    def _fail(self, event: Failed) -> None:
        self._showing.spec = event.spec
        self.picture.note = ("No picture", "")
        self._showing.ended = True
        self._update_badge()
        steps = self._ways.after(event.kind, own_model=self._choice.model is not None)
        self.banners.tell("source", "error", sentence_case(event.sentence), steps)
        self.failed.emit(event.sentence)

    def tell_fault(self, sentence: str) -> None:
        """Say that something inside the program failed; the window goes on."""
        self.banners.tell("fault", "error", sentence)

    def _show(self, analysed: Analysed) -> None:
        self.picture.show_result(analysed)
        self._update_badge()
        self._refresh()

    def _refresh(self) -> None:
        result = self.picture.result
        face = self._large.of(result)
        self.picture.chosen = None if face is None else face.track_id
        self.side.show_result(result, face)
        self.picture.update()

    def _read(self) -> None:
        if self.session is not None and not self._showing.ended and not self.menus.pause.isChecked():
            self.readings.update(self.session.counts(), self._showing.live, time.monotonic())

    def _update_badge(self) -> None:
        result = self.picture.result
        frame = None if result is None else result.frame
        self.picture.badge = self._showing.badge(frame, paused=self.menus.pause.isChecked())
        self.picture.update()

    # Qt's own events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        url = event.mimeData().urls()[0]
        event.acceptProposedAction()
        self.show_source(url.toLocalFile() if url.isLocalFile() else url.toString())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.menus.full_screen.setChecked(False)
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.isFullScreen():
            self._preferences.keep_geometry(self.saveGeometry())
        self._closed = True
        self.hide()
        self._pulling.stop()
        self._reading.stop()
        if self.session is not None:
            self.session.close()
        event.accept()

    def join(self, timeout_s: float) -> bool:
        """After closing: wait a bounded time for the session; True when it has ended."""
        return self.session is None or self.session.join(timeout_s)
