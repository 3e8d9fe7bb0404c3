"""Writes results/screenshots/NAME-SIZE-THEME.png: the window in its states, each to be looked at.

    python scripts/screenshots.py [NAME...]

Everything shown is made from the demo clip. Nothing of the user's own settings and readings is used.
"""

import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.ui.main import prepare

prepare()

import cv2
import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QDialog

from app.core.stages import FrameSource
from app.core.types import Box, Damage, FaceResult, Frame
from app.journal.journal import Journal
from app.player.cache import Cache
from app.player.messages import Camera, Choice
from app.player.parts import Openers, open_any_source
from app.sessions.folder import Session, write_manifest
from app.sinks.csv_file import RowFile, header, rows_of
from app.sources import demo_path, open_source
from app.ui.export_dialog import ExportDialog
from app.ui.journal_page import JournalPage
from app.ui.language import use_language
from app.ui.preferences import Preferences
from app.ui.window import MainWindow
from models.emotions import FERPLUS

OUT = Path("results") / "screenshots"
SIZES = ((1280, 800), (2560, 1440))
LIMIT_S = 120.0


class PlayedLive:
    """The demo clip as a camera would deliver it."""

    def __init__(self) -> None:
        self._source = open_source("demo")
        self.info = replace(self._source.info, live=True, frame_count=None, clock_s=time.monotonic())
        self.dropped, self.damage = 0, Damage()

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            time.sleep(max((self.info.clock_s or 0.0) + frame.time_s - time.monotonic(), 0.0))
            yield frame

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


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
        window = self._window("0", timeline=True)
        self._until(lambda: window.playback.player is not None and window.playback.player.position_s > 9.5)
        self._save(window, "live")

    def pictures(self) -> None:
        folder = self._folder / "photos"
        if not folder.exists():
            folder.mkdir()
            for number, frame in enumerate(open_source("demo")):
                if number % 20 == 10:
                    cv2.imwrite(str(folder / f"photo {number // 20 + 1}.png"), frame.image)
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
        window = self._window("waits", timeline=False)
        self._until(lambda: window.picture.note[0] == "Opening…")
        self._save(window, "empty")

    def recording(self) -> None:
        self._end(self._recorded(lambda window: self._write(window, "recording")))

    def session(self) -> None:
        window = self._window(str(self._kept()), timeline=True)
        self._settled(window, 3.0)
        window.playback.mark(1.5, 3.5)
        window.notes.label(6)
        self._until(lambda: len(window.notes.notes) >= 3)
        self._save(window, "session")

    def history(self) -> None:
        path = self._kept()
        for day, (title, tags) in enumerate((("Interview, morning", ("interview",)), ("", ()), ("Pilot", ())), 1):
            copy = self._library / f"2026-03-0{day}T09-05-00_camera-0"
            if not copy.exists():
                shutil.copytree(path, copy)
                start = datetime(2026, 3, day, 9, 5, tzinfo=UTC)
                told = replace(Session(copy).manifest(), title=title, tags=tags, started_at=start)
                write_manifest(copy / "session.json", told)
        window = self._window("demo", timeline=False)
        window.menus["history"].trigger()
        page = window.history.page
        assert page is not None
        self._until(lambda: page.sessions.rowCount() >= 4)
        self._spin(0.3)
        self._write(page, "history")
        page.close()
        self._end(window)

    @property
    def _library(self) -> Path:
        return self._folder / "library"

    def _recorded(self, then: Callable[[MainWindow], None]) -> MainWindow:
        """A window that has recorded six seconds with a note and a mark; `then` is called before the recording ends."""
        window = self._window("0", timeline=True)
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
        if not list(self._library.glob("*_camera-0/video.mp4")):
            self._end(self._recorded(lambda _: None))
        return max(self._library.glob("*_camera-0/video.mp4")).parent

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
        library, journal = self._folder / "library", Journal(self._folder / "journal.sqlite")
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
        self._until(lambda: page.updating is not None and not page.updating.running)
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
        openers = Openers(
            source=self._open,
            cameras=lambda: (Camera(0, "Front camera"),),
            cache=lambda: Cache(self._folder / "cache"),
            library=lambda: self._library,
        )
        window = MainWindow(spec, Choice("auto"), preferences, openers)
        window.setFixedSize(*self._size)
        window.show()
        self._until(lambda: window.session is not None)
        return window

    def _open(self, spec: str) -> FrameSource:
        if spec == "waits":
            time.sleep(1.0)
        if spec == "0":
            return PlayedLive()
        return open_any_source(spec, fps=0 if Path(spec).is_dir() else None)

    def _settled(self, window: MainWindow, at_s: float) -> None:
        """Wait until the film is analysed, and show one moment of it."""
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
                and abs(shown.result.frame.time_s - at_s) < 0.1
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


def make_days(library: Path) -> None:
    """Sessions of somebody's own on most days of a March, with one reading a second; drawn at random, of nobody."""
    random = np.random.default_rng(3)
    labels = FERPLUS
    flat = np.full(len(labels), 1 / len(labels), np.float32)
    shares = np.array([0.5, 0.16, 0.06, 0.08, 0.04, 0.02, 0.02, 0.02, 0.1])
    for day in range(1, 21):
        for _ in range(int(random.integers(0, 3))):
            start = datetime(2026, 3, day, int(random.integers(7, 22)), tzinfo=timezone(timedelta(hours=1)))
            folder = library / f"{start:%Y-%m-%dT%H-%M-%S}_camera-{random.integers(1000)}"
            folder.mkdir(parents=True)
            table = RowFile(folder / "readings.csv")
            table.put([header(labels)])
            second = 0
            while second < random.integers(1200, 6000):
                label = str(random.choice([*labels, "uncertain"], p=shares))
                faces = [] if random.random() < 0.06 else [FaceResult(0, Box(0, 0, 9, 9), 1, flat, flat, label)]
                for _ in range(int(random.integers(60, 400))):
                    table.put(rows_of(second, float(second), faces, labels))
                    second += 1
            table.close()
            manifest = {"format": 1, "state": "complete", "source": "camera", "own": True}
            (folder / "session.json").write_text(json.dumps({**manifest, "started_at": start.isoformat()}))


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
