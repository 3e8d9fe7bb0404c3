"""Notes and labels of the current session: flags on the bar, and the user's labels next to the predicted ones."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QInputDialog

from app.core.types import FaceResult, FrameResult
from app.sessions.notes import NOT_SURE, Kind, Note, add_note
from app.spec import camera_index, is_address
from app.ui.background import Background
from app.ui.flags import flags_of, label_said
from app.ui.language import translate
from app.ui.words import day_and_time

if TYPE_CHECKING:
    from app.sessions.folder import Session
    from app.ui.window import MainWindow

_SEEN_S = 0.5
"""A label at a moment is shown for this many seconds before and after it."""

_EMOTIONS = 8


class NotesController(QObject):
    """Asks for notes, takes labels from the keys 1 to 8 (0: not sure), and shows both.

    Args:
        window: The window.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._session: Session | None = None
        self._result: FrameResult | None = None
        self._face: FaceResult | None = None
        self.notes: tuple[Note, ...] = ()
        self._background = Background(self, self._tell)
        for number in range(_EMOTIONS + 1):
            shortcut = QShortcut(QKeySequence(str(number)), window)
            shortcut.activated.connect(lambda number=number: self.label(number))

    def opened(self, spec: str | None) -> None:
        """Load the notes of a newly opened source in the background; None clears them."""
        self._take((None, ()))
        self._window.showing.called = ""
        if spec is None or camera_index(spec) is not None or is_address(spec):
            return

        def work() -> "tuple[Session, tuple[Note, ...], str] | None":
            from app.player.recorded import session_of

            session = session_of(spec)
            if session is None:
                return None
            manifest = session.manifest()
            called = manifest.title or f"{manifest.source_name}, {day_and_time(manifest.started_at)}"
            return session, session.notes(), called

        def then(found: "tuple[Session, tuple[Note, ...], str] | None") -> None:
            if found is not None and self._window.showing.spec == spec:
                session, notes, self._window.showing.called = found
                self._take((session, notes))
                self._window.retitle()
                self._window.following.update_badge()

        self._background.do(work, then)

    def show(self, result: FrameResult | None, face: FaceResult | None) -> None:
        """Show the user's label of the chosen face at the current moment."""
        self._result, self._face = result, face
        said = "" if result is None or face is None else self._said(result.frame.time_s, face.track_id)
        shown = self._window.side.correction
        if shown.text() != said:
            shown.setText(said)

    def ask(self) -> None:
        """Ask for a note at the current moment or over the marked range; an empty text makes it a mark."""
        recording = self._window.recording.active
        if recording is not None:
            started_s = time.monotonic()

            def note(text: str) -> None:
                ago_s = time.monotonic() - started_s
                self._background.do(lambda: recording.note(text, _kind(text), ago_s=ago_s))

            self._ask(note)
        elif self._session is not None:
            start_s, end_s = self._stretch()
            self._ask(lambda text: self._add(start_s, end_s, None, _kind(text), text))
        else:
            hint = translate("notes", "Notes belong to a session: record with R, or open one from the history.")
            self._window.banners.tell("hint", "notice", hint, passing=True)

    def label(self, number: int) -> None:
        """Label the chosen face at the current moment or over the marked range: emotions from 1, 0 for not sure."""
        result, face = self._result, self._face
        if self._session is None or result is None or face is None or number > len(result.labels):
            return
        start_s, end_s = self._stretch()
        text = result.labels[number - 1] if number else NOT_SURE
        self._add(start_s, end_s, face.track_id, "label", text)

    def _stretch(self) -> tuple[float, float | None]:
        """The range between the marks if both are set, else the current position and None; in seconds."""
        playback = self._window.playback
        start_s, end_s = playback.marks
        if start_s is not None and end_s is not None:
            return start_s, end_s
        return (0.0 if playback.film is None else playback.film.position_s), None

    def _add(self, start_s: float, end_s: float | None, face_id: int | None, kind: Kind, text: str) -> None:
        session = self._session
        if session is None:
            return

        def work() -> "tuple[Session | None, tuple[Note, ...]]":
            add_note(session.notes_path, start_s, kind, text, end_s=end_s, face_id=face_id)
            return session, session.notes()

        self._background.do(work, lambda found: self._take(found) if self._session is session else None)

    def _take(self, found: "tuple[Session | None, tuple[Note, ...]]") -> None:
        self._session, self.notes = found
        bar = self._window.deck.bar
        bar.flags = flags_of(self.notes)
        bar.update()
        self._window.side.correction.setVisible(any(note.kind == "label" for note in self.notes))
        self.show(self._result, self._face)

    def _said(self, time_s: float, face_id: int) -> str:
        """The text of the newest label that applies to a face at a moment; empty if there is none."""
        said = [note for note in self.notes if note.kind == "label" and note.face_id in (None, face_id)]
        here = [note for note in said if _holds(note, time_s)]
        return translate("notes", "You say: {label}").format(label=label_said(max(here, key=_age).text)) if here else ""

    def _ask(self, then: Callable[[str], object]) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(translate("notes", "Note"))
        dialog.setLabelText(translate("notes", "Note at this moment (empty for a mark)"))
        dialog.resize(420, dialog.sizeHint().height())
        dialog.textValueSelected.connect(lambda text: then(text.strip()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell(self, sentence: str) -> None:
        self._window.banners.tell("note", "notice", sentence)


def _kind(text: str) -> Kind:
    return "note" if text else "mark"


def _holds(note: Note, time_s: float) -> bool:
    if note.end_s is not None:
        return note.covers(time_s)
    return abs(note.start_s - time_s) <= _SEEN_S


def _age(note: Note) -> tuple[float, str]:
    return 0.0 if note.created_at is None else note.created_at.timestamp(), note.id
