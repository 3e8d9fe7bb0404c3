"""The user's session library in the window: its page, and the offer to recover interrupted recordings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.background import Background
from app.ui.language import translate
from app.ui.localised import localised
from models.errors import InputError

if TYPE_CHECKING:
    from app.sessions.folder import Session
    from app.sessions.library import Library
    from app.ui.history_page import HistoryPage
    from app.ui.window import MainWindow

_JOIN_S = 2.0


class HistoryController(QObject):
    """Opens the history page, which is created on first use.

    Args:
        window: The window.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._library: Library | None = None
        self._background = Background(self, self._tell)
        self.page: HistoryPage | None = None

    def show(self) -> None:
        """Open the page."""
        if self.page is None:
            from app.ui.history_page import HistoryPage

            self.page = HistoryPage(self._window, self._opened())
            self.page.chosen.connect(self._choose)
        self.page.begin()

    def look_for_cut_off(self) -> None:
        """Search for interrupted recordings in the background, and offer to recover them."""

        def work() -> "list[Session]":
            library = self._opened()
            return library.cut_off() if library.folder.is_dir() else []

        self._background.do(work, self._offer)

    def close(self) -> None:
        """Close the page and the library; waits a bounded time for background work."""
        if self.page is not None:
            self.page.hide()
            self.page.join(_JOIN_S)
        self._background.join(_JOIN_S)
        if self._library is not None:
            self._library.close()

    def _opened(self) -> "Library":
        if self._library is None:
            from app.sessions.library import Library

            self._library = Library(self._window.openers.library())
        return self._library

    def _offer(self, sessions: "Sequence[Session]") -> None:
        if not sessions:
            return
        count = len(sessions)
        one = translate("history", "A recording was cut off, by a crash or a power cut. What was recorded is there.")
        more = translate("history", "{count} recordings were cut off. What was recorded is there.")
        told = one if count == 1 else more.format(count=count)
        steps = [
            (translate("history", "Recover"), lambda: self._recover(sessions)),
            (translate("history", "History…"), self.show),
        ]
        self._window.banners.tell("cut off", "notice", told, steps)

    def _recover(self, sessions: "Sequence[Session]") -> None:
        def work() -> "tuple[list[Session], list[InputError]]":
            from app.sessions.recovery import recover

            done, failed = [], []
            for session in sessions:
                try:
                    recover(session)
                    done.append(session)
                except InputError as error:  # one failure does not stop the recovery of the others
                    failed.append(error)
            return done, failed

        def then(outcome: "tuple[list[Session], list[InputError]]") -> None:
            done, failed = outcome
            count = len(done)
            for error in failed[:1]:
                self._tell(localised(str(error)))
            if not done:
                return
            one = translate("history", "The recording is complete, up to where it was cut off.")
            more = translate("history", "{count} recordings are complete, up to where they were cut off.")
            look = (translate("history", "Look at it"), lambda: self._window.show_source(str(done[0].path)))
            steps = [look] if count == 1 else [(translate("history", "History…"), self.show)]
            told = one if count == 1 else more.format(count=count)
            self._window.banners.tell("cut off", "info", told, steps)

        self._background.do(work, then)

    def _choose(self, path: str) -> None:
        self._window.show_source(path)
        self._window.activateWindow()

    def _tell(self, sentence: str) -> None:
        self._window.banners.tell("history", "notice", sentence)
