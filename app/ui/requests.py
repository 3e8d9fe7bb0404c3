"""Connects menu commands to their actions, one line each; commands that need input ask for it here."""

from typing import TYPE_CHECKING

from app.core.store import ReadingStore
from app.core.types import UNREADABLE
from app.player.parts import DEMO
from app.ui.asking import ask_address, ask_files, ask_folder, ask_moment, save_snapshot
from app.ui.keeping import open_export, open_journal
from app.ui.language import decimal, translate
from app.ui.scrub import ZOOM
from app.ui.settings_page import SettingsPage
from app.ui.sheet import KeySheet
from app.ui.welcome import Welcome
from app.ui.why import ExplanationRequest
from app.ui.words import moment, time_from

if TYPE_CHECKING:
    from app.ui.window import MainWindow


class CommandController:
    """Connects the commands of a window to their actions."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        playback = window.playback
        does = {
            "open_file": self.ask_files,
            "open_folder": lambda: ask_folder(
                window, translate("requests", "Open a folder of pictures"), window.show_source
            ),
            "open_address": lambda: ask_address(window, window.show_source),
            "demo": lambda: window.show_source(DEMO),
            "snapshot": self._snapshot,
            "record": window.recording.toggle,
            "note": window.notes.ask,
            "history": window.history.show,
            "export": lambda: open_export(window),
            "journal": lambda: open_journal(window),
            "forget": self._forget,
            "settings": lambda: SettingsPage(window, window.preferences, window.applying.apply).show(),
            "why": self._why,
            "quit": window.close,
            "pause": lambda: window.following.toggle(),
            "stop": playback.pause,
            "step_on": lambda: playback.step(1),
            "step_back": lambda: playback.step(-1),
            "second_on": lambda: playback.by(1),
            "second_back": lambda: playback.by(-1),
            "ten_on": lambda: playback.by(10),
            "ten_back": lambda: playback.by(-10),
            "to_start": lambda: playback.seek(0.0),
            "to_end": playback.to_end,
            "go_to": lambda: ask_moment(window, self._go_to, apart=self._apart),
            "faster": playback.faster,
            "slower": playback.slower,
            "louder": lambda: window.deck.transport.volume.step(1),
            "quieter": lambda: window.deck.transport.volume.step(-1),
            "mark_in": playback.mark_in,
            "mark_out": playback.mark_out,
            "mark_none": lambda: playback.mark(None, None),
            "replay": window.replay,
            "open_model": self.ask_model,
            "zoom_in": lambda: window.deck.bar.zoom(ZOOM),
            "zoom_out": lambda: window.deck.bar.zoom(1 / ZOOM),
            "keys": lambda: KeySheet(window).show(),
            "welcome": self.welcome,
        }
        for name, call in does.items():
            window.menus[name].triggered.connect(lambda _=False, call=call: call())
        window.menus["why"].setEnabled(False)  # until a face is chosen
        window.menus.file.aboutToShow.connect(self._before_file)
        window.menus.model.aboutToShow.connect(window.list_models)

    def ask_files(self) -> None:
        ask_files(self._window, self._window.show_sources)

    def ask_model(self) -> None:
        ask_folder(self._window, translate("requests", "Open the folder of a model"), self._window.choose_model)

    def welcome(self) -> None:
        """Show the welcome page; once confirmed, it no longer opens at start."""
        page = Welcome(self._window)
        page.accepted.connect(self._window.preferences.keep_welcomed)
        page.show()

    def _before_file(self) -> None:
        if self._window.session is not None:
            self._window.session.find_cameras()
        cache = self._window.openers.cache()
        size = 0 if cache is None else cache.size()
        self._window.menus["forget"].setText(
            translate("requests", "Delete &kept readings ({size} MB)").format(size=decimal(size / 1e6, 1))
        )
        self._window.menus["forget"].setEnabled(size > 0)

    def _forget(self) -> None:
        cache = self._window.openers.cache()
        if cache is not None:
            cache.empty()
            told = translate("requests", "The kept readings are deleted.")
            self._window.banners.tell("cache", "info", told, passing=True)

    def _snapshot(self) -> None:
        # Taken now, before the user types a name.
        window = self._window
        save_snapshot(
            window, window.picture.snapshot(), lambda message: window.banners.tell("snapshot", "error", message)
        )

    def _why(self) -> None:
        """Explain the label of the chosen face in the frame on the screen."""
        window, result = self._window, self._window.picture.result
        face = None if result is None else next((f for f in result.faces if f.track_id == window.picture.chosen), None)
        if result is None or face is None or face.label == UNREADABLE:
            return
        place = "" if window.showing.single else result.frame.name or moment(result.frame.time_s)
        occlusion = window.preferences.value("why") == "occlusion"
        window.side.why.ask(ExplanationRequest(result.frame.image, face, place), window.choice, occlusion=occlusion)

    @property
    def _apart(self) -> bool:
        """Whether single pictures are shown, which have numbers instead of times."""
        result = self._window.picture.result
        return result is not None and result.frame.still

    def _go_to(self, text: str) -> None:
        """Go to a time (`1:02.5`), to an analysed frame (`#1562`) or to a picture of a folder (`5`)."""
        window, film, apart = self._window, self._window.playback.film, self._apart
        if film is None:
            return
        store = film.readings
        number = text.strip().removeprefix("#")
        if (apart or text.strip().startswith("#")) and number.isascii() and number.isdigit():
            time_s = film.time_of(int(number) - apart)  # pictures are counted from 1 on the screen
            if time_s is None:
                self._tell_missing(number, apart, complete=isinstance(store, ReadingStore) and store.complete)
                return
        else:
            wanted_s = time_from(text)
            if wanted_s is None:
                message = translate("requests", "“{text}” is no time and no frame; write 1:02.5 or #1562.")
                window.banners.tell("go", "notice", message.format(text=text), passing=True)
                return
            time_s = wanted_s
        film.seek(time_s)

    def _tell_missing(self, number: str, apart: bool, *, complete: bool) -> None:
        """Say why there is no frame, or picture, of a number."""
        if apart:
            missing = translate("requests", "There is no picture {number}.")
            unread = translate("requests", "Picture {number} has not been analysed yet; try again in a moment.")
        else:
            missing = translate("requests", "There is no frame {number}; name a time instead.")
            unread = translate("requests", "Frame {number} has not been analysed yet; name a time instead.")
        message = (missing if complete else unread).format(number=number)
        self._window.banners.tell("go", "notice", message, passing=True)
