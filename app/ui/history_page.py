"""The history page: search, open, rename, tag, note, reveal, export, delete with undo."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.sessions.entry import Entry
from app.sessions.folder import Manifest, Session
from app.sessions.library import Library
from app.sessions.notes import add_note
from app.sessions.trash import Trash
from app.ui.background import Background
from app.ui.banner import Banners
from app.ui.history_list import ENTRY, SessionList, SessionPainter, heading_of
from app.ui.keeping import export_session
from app.ui.language import translate

_TYPING_MS, _AGAIN_MS = 150, 3000


class HistoryPage(QDialog):
    """Lists a library. Not modal; slow work runs in the background.

    Args:
        parent: The window.
        library: Its sessions are listed; the caller closes it.

    Signals:
        chosen: The folder of a session to open.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget, library: Library) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("history", "History"))
        self.resize(880, 620)
        self._library = library
        self._background = Background(self, self._tell)
        self.search = QLineEdit()
        self.banners = Banners(self.search)
        self.search.setPlaceholderText(translate("history", "Search titles, tags, notes, days, expressions"))
        self.search.setClearButtonEnabled(True)
        self.sessions = SessionList(self)
        self.view = QListView()
        self.view.setModel(self.sessions)
        self.view.setItemDelegate(SessionPainter(self.view, library.folder))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(translate("history", "Sessions"))
        self.empty = QLabel("")
        self.empty.setObjectName("quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self._again = QTimer(self, interval=_AGAIN_MS)  # other programs may record into the library
        self._again.timeout.connect(self.refresh)
        self.view.activated.connect(lambda _: self._open())
        self.view.selectionModel().currentChanged.connect(lambda *_: self._allow())
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view, self._delete)
        self._shown: list[Entry] = []

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 16, 18, 14)
        rows.setSpacing(10)
        self.search.setAccessibleName(translate("history", "Search"))
        for widget in (self.search, self.banners, self.empty):
            rows.addWidget(widget)
        rows.addWidget(self.view, 1)
        line = QHBoxLayout()
        does: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("open", translate("history", "Open"), self._open),
            ("rename", translate("history", "Rename…"), self._rename),
            ("tag", translate("history", "Tags…"), self._tag),
            ("note", translate("history", "Note…"), self._note),
            ("own", translate("history", "Mine"), self._own),
            ("reveal", translate("history", "Show folder"), self._reveal),
            ("export", translate("history", "Export…"), self._export),
            ("delete", translate("history", "Delete"), self._delete),
        )
        for name, text, call in does:
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, call=call: call())
            self.buttons[name] = button
            line.addWidget(button)
        line.insertStretch(1, 1)
        self.buttons["own"].setCheckable(True)
        self.buttons["own"].setToolTip(translate("history", "Whether the recording belongs into your own journal"))
        rows.addLayout(line)
        self._allow()

    def begin(self) -> None:
        """Show the page and keep its list up to date."""
        self.show()
        self.raise_()
        self.refresh()
        self._again.start()

    def refresh(self) -> None:
        """Read the library again in the background; stops the updates once the page is hidden."""
        if not self.isVisible():
            self._again.stop()
            return
        search = self.search.text()
        self._background.do(lambda: self._library.entries(search), lambda entries: self._list(search, entries))

    @property
    def current(self) -> Entry | None:
        """The selected session; None if there is none."""
        index = self.view.currentIndex()
        return index.data(ENTRY) if index.isValid() else None

    def select(self, name: str) -> None:
        """Select a session by name; does nothing if it is not listed."""
        row = self.sessions.row_of(name)
        if row is not None:
            self.view.setCurrentIndex(self.sessions.index(row, 0))

    def _list(self, search: str, entries: list[Entry]) -> None:
        if search != self.search.text() or (entries == self._shown and self.sessions.rowCount() == len(entries)):
            self._say_empty()
            return
        before, place = self.current, self.view.verticalScrollBar().value()
        self._shown = entries
        self.sessions.show(entries)
        self._say_empty()
        if before is not None:
            self.select(before.name)
        elif entries:
            self.view.setCurrentIndex(self.sessions.index(0, 0))
        self.view.verticalScrollBar().setValue(place)
        self._allow()

    def _say_empty(self) -> None:
        nothing = not self.sessions.rowCount()
        self.empty.setVisible(nothing)
        none, unfit = (
            translate("history", "Nothing has been recorded yet: R records."),
            translate("history", "No session fits."),
        )
        self.empty.setText(unfit if self.search.text() else none)

    def _allow(self) -> None:
        entry = self.current
        for button in self.buttons.values():
            button.setEnabled(entry is not None)
        self.buttons["own"].setChecked(entry is not None and entry.own)

    def _session(self) -> Session | None:
        entry = self.current
        return None if entry is None else Session(self._library.folder / entry.name)

    def _open(self) -> None:
        session = self._session()
        if session is not None:
            self.chosen.emit(str(session.path))

    def _rename(self) -> None:
        entry, session = self.current, self._session()
        if entry is None or session is None:
            return

        def then(text: str) -> None:
            def renamed(manifest: Manifest) -> Manifest:
                return replace(manifest, title=text.strip())

            self._do(lambda: self._library.change(session, renamed))

        self._ask(translate("history", "Rename"), translate("history", "What the session is called"), entry.title, then)

    def _tag(self) -> None:
        entry, session = self.current, self._session()
        if entry is None or session is None:
            return

        def then(text: str) -> None:
            tags = [tag.strip().lstrip("#") for tag in text.split(",")]
            self._do(lambda: self._library.retag(session, tags, [tag for tag in entry.tags if tag not in tags]))

        self._ask(
            translate("history", "Tags"),
            translate("history", "Tags, with commas between them"),
            ", ".join(entry.tags),
            then,
        )

    def _note(self) -> None:
        session = self._session()
        if session is not None:
            title, words = translate("history", "Note"), translate("history", "A note on the session")
            self._ask(title, words, "", lambda text: self._add_note(session, text.strip()))

    def _add_note(self, session: Session, text: str) -> None:
        if text:
            self._do(lambda: add_note(session.notes_path, 0.0, text=text))

    def _own(self) -> None:
        session, own = self._session(), self.buttons["own"].isChecked()

        def marked(manifest: Manifest) -> Manifest:
            return replace(manifest, own=own)

        if session is not None:
            self._do(lambda: self._library.change(session, marked))

    def _export(self) -> None:
        session = self._session()
        if session is not None:
            export_session(self, session.path, self._tell)

    def _reveal(self) -> None:
        session = self._session()
        if session is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(session.path))):
            self._tell(translate("history", "There is no file manager to show {path}.").format(path=session.path))

    def _delete(self) -> None:
        entry, session = self.current, self._session()
        if entry is None or session is None:
            return
        trash = Trash(self._library.folder)

        def back(session: Session) -> None:
            self.select(session.name)

        def then(name: str) -> None:
            undo = (
                translate("history", "Undo"),
                lambda: self._do(lambda: trash.give_back(name), lambda back: self.select(back.name)),
            )
            told = translate("history", "{title} is deleted.").format(title=heading_of(entry))
            self.banners.tell("deleted", "info", told, [undo])
            self.refresh()

        self._background.do(lambda: trash.take(session), then)

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object] = lambda _: None) -> None:
        """Change something in the background, then refresh the list."""

        def done(answer: Any) -> None:
            self.refresh()
            then(answer)

        self._background.do(work, done)

    def _ask(self, title: str, words: str, text: str, then: Callable[[str], object]) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setTextValue(text)
        dialog.resize(420, dialog.sizeHint().height())
        dialog.textValueSelected.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell(self, sentence: str) -> None:
        self.banners.tell("told", "notice", sentence)

    def join(self, timeout_s: float) -> None:
        """Wait for background work, at most `timeout_s` seconds."""
        self._background.join(timeout_s)
