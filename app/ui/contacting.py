"""Decides when the contact sheet is shown, and what it shows: only a folder of single pictures has one."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.reading import Reading
from app.core.store import ReadingStore
from app.ui.window_tasks import WindowTasks

if TYPE_CHECKING:
    from app.ui.window import MainWindow

REFRESH_S = 1.0
_SAME_S = 1e-3


class ContactSheetController:
    """Connects folder, player and contact sheet."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._sheet = window.sheet
        self._folder: Path | None = None
        self._run = 0
        self._read = 0
        self._refreshed_s = 0.0
        self._listing = WindowTasks(window)
        self._listing.on_done(self._take)
        self._sheet.opened.connect(self._open)
        window.menus["sheet"].setEnabled(False)
        window.menus["sheet"].toggled.connect(self._switch)
        self.set_width()

    def set_width(self) -> None:
        """Use the thumbnail size of the settings."""
        self._sheet.set_width(int(self._window.preferences.value("thumbnail")))

    def begin(self) -> None:
        """A new source is shown."""
        self._run += 1
        self._folder = None
        action = self._window.menus["sheet"]
        action.setChecked(False)
        action.setEnabled(False)

    def follow(self) -> None:
        """Update the contact sheet, if the source has one, with new readings."""
        window = self._window
        result, player = window.picture.result, window.playback.player
        if result is None or player is None or not result.frame.still or window.showing.single:
            return
        if self._folder is None:
            self._folder = Path(player.info.name)
            self._listing.ask(self._run, partial(_list, self._folder))
        now_s = time.monotonic()
        if window.menus["sheet"].isChecked() and now_s - self._refreshed_s > REFRESH_S:
            self._refreshed_s = now_s
            store = player.readings
            if isinstance(store, ReadingStore) and len(store) != self._read:
                self._read = len(store)
                self._sheet.refresh()

    def _take(self, run: object, found: object) -> None:
        window, player = self._window, self._window.playback.player
        # files added or removed since the source was opened would shift all labels, so there is no sheet then
        if run != self._run or player is None or not isinstance(found, tuple):
            return
        if self._folder is None or len(found) != player.info.frame_count:
            return
        self._read = 0
        self._sheet.show_folder(self._folder, found, self._reading)
        window.menus["sheet"].setEnabled(True)
        if window.preferences.value("open_sheet"):
            window.menus["sheet"].setChecked(True)

    def _reading(self, place: int) -> Reading | None:
        """The reading of the picture at an index of the folder."""
        player = self._window.playback.player
        store = None if player is None else player.readings
        if not isinstance(store, ReadingStore):
            return None
        time_s = self._time_of(place)
        reading = store.at_time(time_s + _SAME_S)
        return reading if reading is not None and abs(reading.time_s - time_s) < _SAME_S else None

    def _time_of(self, place: int) -> float:
        player = self._window.playback.player
        rate = None if player is None else player.info.fps
        return place / rate if rate else 0.0

    def _switch(self, on: bool) -> None:
        window = self._window
        window.surface.show_sheet(on)
        if on:
            window.playback.pause()
            result, player = window.picture.result, window.playback.player
            if result is not None and player is not None:
                self._sheet.mark(round(result.frame.time_s * (player.info.fps or 0.0)))
            self._sheet.refresh()
            self._sheet.list.setFocus()
        else:
            window.picture.setFocus()

    def _open(self, place: int) -> None:
        self._window.playback.seek(self._time_of(place))
        self._window.menus["sheet"].setChecked(False)


def _list(folder: Path) -> tuple[Path, ...]:
    from app.sources.folder import pictures_in

    return tuple(pictures_in(folder))
