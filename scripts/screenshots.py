"""Writes results/screenshots/NAME-SIZE-THEME.png: the window in its states, each to be looked at.

    python scripts/screenshots.py [NAME...]

What they show is made by `gallery_inputs.py`. Nothing of the user's own settings and readings is used.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.ui.main import prepare

prepare()

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QDialog

from app.journal.journal import Journal
from app.player.messages import Choice
from app.sources import demo_path
from app.ui.export_dialog import ExportDialog
from app.ui.journal_page import JournalPage
from app.ui.language import use_language
from app.ui.preferences import Preferences
from app.ui.window import MainWindow
from scripts.gallery_inputs import CAMERA, SLOW, library_in, make_copies, make_days, make_photos, openers_in

OUT = Path("results") / "screenshots"
SIZES = ((1280, 800), (2560, 1440))
LIMIT_S = 120.0


class Gallery:
    """Opens a window for each state and takes its picture."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self._application = application
        self._folder = folder
        self._size, self._theme = SIZES[0], "dark"
        self._windows = 0

    def take(self, wanted: list[str]) -> None:
        states: dict[str, Callable[[], None]] = {
            "film": self.film,
            "live": self.live,
            "timeline": self.timeline,
            "pictures": self.pictures,
            "error": self.error,
            "empty": self.empty,
            "settings": self.settings,
            "welcome": self.welcome,
            "keys": self.keys,
            "recording": self.recording,
            "session": self.session,
            "history": self.history,
            "german": self.german,
            "export": self.export,
            "journal": self.journal,
        }
        for self._theme in ("dark", "light"):
            for self._size in SIZES:
                for name in wanted or states:
                    states[name]()

    def film(self) -> None:
        window = self._window("demo", timeline=False)
        self._settled(window, 15.6)
        window.menus["why"].trigger()
        self._until(lambda: window.side.why.why is not None)
        self._save(window, "film")

    def timeline(self) -> None:
        window = self._window("demo", timeline=True)
        self._settled(window, 14.2)
        window.playback.mark(6.0, 11.0)
        self._until(lambda: window.deck.timeline is not None)
        self._save(window, "timeline")

    def live(self) -> None:
        window = self._window(CAMERA, timeline=True)
        self._until(lambda: window.playback.player is not None and window.playback.player.position_s > 9.5)
        self._save(window, "live")

    def pictures(self) -> None:
        folder = self._folder / "photos"
        if not folder.exists():
            make_photos(folder)
        window = self._window(str(folder), timeline=False)
        self._until(window.sheet.isVisible)
        player = window.playback.player
        assert player is not None
        self._until(lambda: getattr(player.readings, "complete", False))
        window.sheet.order.setCurrentIndex(1)
        self._spin(2.0)  # for the small pictures
        self._save(window, "pictures")

    def error(self) -> None:
        window = self._window(str(self._folder / "holiday.mp4"), timeline=False)
        self._until(lambda: "source" in window.banners.shown)
        self._save(window, "error")

    def empty(self) -> None:
        window = self._window(SLOW, timeline=False)
        self._until(lambda: window.picture.note[0] == "Opening…")
        self._save(window, "empty")

    def recording(self) -> None:
        self._end(self._recorded(lambda window: self._write(window, "recording")))

    def session(self) -> None:
        window = self._window(str(self._kept()), timeline=True)
        self._settled(window, 3.0, near_s=1.0)
        window.playback.mark(1.5, 3.5)
        window.notes.label(6)
        self._until(lambda: len(window.notes.notes) >= 3)
        self._save(window, "session")

    def history(self) -> None:
        make_copies(self._kept())
        window = self._window("demo", timeline=False)
        window.menus["history"].trigger()
        page = window.history.page
        assert page is not None
        self._until(lambda: page.sessions.rowCount() >= 4)
        self._spin(0.3)
        self._write(page, "history")
        page.close()
        self._end(window)

    def _recorded(self, then: Callable[[MainWindow], None]) -> MainWindow:
        """A window that has recorded six seconds with a note and a mark; `then` is called before the recording ends."""
        window = self._window(CAMERA, timeline=True)
        self._until(lambda: window.playback.player is not None and window.playback.player.position_s > 5)
        window.menus["record"].trigger()
        self._spin(3.0)
        active = window.recording.active
        assert active is not None
        active.note("first smile", "note")
        active.note("", "mark", ago_s=1.0)
        self._spin(3.0)
        then(window)
        window.menus["record"].trigger()
        self._until(lambda: window.recording.active is None)
        return window

    def _kept(self) -> Path:
        """A session; recorded when it is first asked for."""
        if not list(library_in(self._folder).glob("*_camera-0/video.mp4")):
            self._end(self._recorded(lambda _: None))
        return max(library_in(self._folder).glob("*_camera-0/video.mp4")).parent

    def welcome(self) -> None:
        self._dialog("welcome")

    def german(self) -> None:
        translators = use_language("de")
        window = self._window("demo", timeline=True)
        self._settled(window, 15.6)
        window.preferences.keep("why", "occlusion")
        window.menus["why"].trigger()
        self._until(lambda: window.side.why.why is not None)
        self._save(window, "german")
        for translator in translators:
            self._application.removeTranslator(translator)

    def settings(self) -> None:
        self._dialog("settings")

    def keys(self) -> None:
        self._dialog("keys")

    def export(self) -> None:
        window = self._window("demo", timeline=False)
        self._settled(window, 14.2)
        window.playback.mark(6.0, 11.0)
        window.following.choose(0)
        window.menus["export"].trigger()
        (dialog,) = window.findChildren(ExportDialog)
        dialog.kind.setCurrentIndex(dialog.kind.findData("video"))
        dialog.place.setText(str(self._folder / "interview-annotated.mp4"))
        dialog.start.click()
        self._until(lambda: dialog.bar.value() > 300)
        dialog.place.setText("/home/me/interview-annotated.mp4")
        self._write(dialog, "export")
        self._end(window)

    def journal(self) -> None:
        window = self._window("demo", timeline=False)
        library, journal = self._folder / "days", Journal(self._folder / "journal.sqlite")
        if not library.exists():
            make_days(library)
        off = JournalPage(window, Journal(self._folder / "none.sqlite"), library, lambda: date(2026, 3, 20))
        off.show()
        self._spin(0.3)
        self._write(off, "journal-off")
        off.close()
        journal.switch_on()
        page = JournalPage(window, journal, library, lambda: date(2026, 3, 20))
        page.show()
        self._until(lambda: page.job is not None and not page.job.running)
        self._spin(0.5)
        self._write(page, "journal")
        page.close()
        self._end(window)

    def _dialog(self, name: str) -> None:
        window = self._window("demo", timeline=False)
        self._settled(window, 16.0)
        window.menus[name].trigger()
        (dialog,) = window.findChildren(QDialog)
        self._spin(0.3)
        self._write(dialog, name)
        dialog.close()
        self._end(window)

    def _window(self, spec: str, *, timeline: bool) -> MainWindow:
        self._windows += 1
        file = self._folder / f"{self._windows}.ini"
        preferences = Preferences(QSettings(str(file), QSettings.Format.IniFormat))
        preferences.keep_welcomed()
        preferences.keep_scheme(self._theme)
        preferences.keep_timeline(timeline)
        window = MainWindow(spec, Choice("auto"), preferences, openers_in(self._folder))
        window.setFixedSize(*self._size)
        window.show()
        self._until(lambda: window.session is not None)
        return window

    def _settled(self, window: MainWindow, at_s: float, near_s: float = 0.1) -> None:
        """Wait until the film is analysed, and show one moment of it; a recording may lack pictures around it."""
        self._until(lambda: window.playback.player is not None)
        player = window.playback.player
        assert player is not None
        player.pause()
        player.seek(at_s)

        def there() -> bool:
            shown = window.picture.shown
            return (
                getattr(player.readings, "complete", False)
                and shown is not None
                and not shown.provisional
                and abs(shown.result.frame.time_s - at_s) < near_s
            )

        self._until(there)

    def _save(self, window: MainWindow, name: str) -> None:
        self._spin(0.7)
        self._write(window, name)
        self._end(window)

    def _write(self, widget: MainWindow | QDialog, name: str) -> None:
        path = OUT / f"{name}-{self._size[0]}x{self._size[1]}-{self._theme}.png"
        widget.grab().save(str(path))
        print(path)

    def _end(self, window: MainWindow) -> None:
        window.close()
        window.join(5)
        window.deleteLater()

    def _spin(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self._application.processEvents()
            time.sleep(0.002)

    def _until(self, true: Callable[[], bool]) -> None:
        end_s = time.monotonic() + LIMIT_S
        while not true():
            if time.monotonic() > end_s:
                raise SystemExit("the window did not get as far as its picture; try again with less load")
            self._spin(0.01)


def main() -> None:
    if not demo_path().is_file():
        raise SystemExit("the demo clip is missing; build it with: python -m training demo")
    OUT.mkdir(parents=True, exist_ok=True)
    application = QApplication(["mimik"])
    application.setStyle("Fusion")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        Gallery(application, Path(folder)).take(sys.argv[1:])


if __name__ == "__main__":
    main()
