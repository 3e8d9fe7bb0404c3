"""The journal page: off by default; once on, a month of days as strips, sums, CSV export and deletion."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.commands.journal import delete_sessions, save_journal
from app.journal.journal import Journal
from app.journal.periods import BY, By, Period, after, first_of, joined
from app.ui.calendar_strips import CalendarStrips, Month, day_name
from app.ui.choice import ChoiceBox
from app.ui.controls import quiet_label
from app.ui.journal_off import JournalOff
from app.ui.journal_sums import JournalSums
from app.ui.journal_update import JournalUpdate
from app.ui.language import QT_TRANSLATE_NOOP, translate
from app.ui.localised import localised
from app.ui.scrolling import scrolled
from models.errors import InputError

_LOOK_MS = 100
_PATIENCE_S = 0.5
_BY = {
    "day": QT_TRANSLATE_NOOP("journal", "by day"),
    "week": QT_TRANSLATE_NOOP("journal", "by week"),
    "month": QT_TRANSLATE_NOOP("journal", "by month"),
}


class JournalPage(QDialog):
    """The journal page. Not modal.

    Args:
        parent: The window.
        journal: The journal to show.
        library: The folder with the sessions.
        today: Returns the current date.
    """

    def __init__(
        self, parent: QWidget | None, journal: Journal, library: Path, today: Callable[[], date] = date.today
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("journal", "Journal"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1120, min(820, self.screen().availableGeometry().height() - 60))
        self.journal, self._library, self._today = journal, library, today
        self.first = first_of(today(), "month")
        self.day: date | None = None
        self.job: JournalUpdate | None = None
        self._build()
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._begin()

    def _build(self) -> None:
        what = quiet_label(
            translate(
                "journal",
                "Minutes per apparent expression, of the recordings that you have marked as your own. It tells how "
                "your face looked to a network, not how you felt. Where nothing was recorded there is a gap. It is "
                "kept on this computer, in one file.",
            )
        )
        self.message = quiet_label()
        self.message.setVisible(False)
        self.pages = QStackedWidget()
        off = JournalOff()
        self.switch = off.switch
        self.switch.clicked.connect(self._switch_on)
        self.pages.addWidget(off)
        self.pages.addWidget(self._on_page())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(26, 20, 26, 18)
        rows.setSpacing(12)
        rows.addWidget(what)
        rows.addWidget(self.pages, 1)
        rows.addWidget(self.message)

    def _on_page(self) -> QWidget:
        page = QWidget()
        self.title = QLabel()
        self.title.setObjectName("clock")
        self.title.setMinimumWidth(170)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        turning = QHBoxLayout()
        self.before, self.next = (
            _tool_button("‹", translate("journal", "The month before")),
            _tool_button("›", translate("journal", "The next month")),
        )
        self.before.clicked.connect(lambda: self._turn(-1))
        self.next.clicked.connect(lambda: self._turn(1))
        for widget in (self.before, self.title, self.next):
            turning.addWidget(widget)
        turning.addStretch(1)
        self.strips = CalendarStrips()
        self.strips.chosen.connect(self._choose)
        self.sums = JournalSums()
        self.by = ChoiceBox()
        self.by.setAccessibleName(translate("journal", "Rows of the table"))
        for by in BY:
            self.by.addItem(translate("journal", _BY[by]), by)
        self.export, self.delete = (
            QPushButton(translate("journal", "Export as CSV…")),
            QPushButton(translate("journal", "Delete the journal…")),
        )
        self.export.clicked.connect(self._export)
        self.delete.clicked.connect(self._ask_delete)
        buttons = QHBoxLayout()
        buttons.addWidget(self.export)
        buttons.addWidget(self.by)
        buttons.addStretch(1)
        buttons.addWidget(self.delete)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(turning)
        self._month = scrolled(self.strips)
        rows.addWidget(self._month, 1)
        rows.addWidget(self.sums)
        rows.addLayout(buttons)
        return page

    def _begin(self) -> None:
        """Show the journal as it is, and start an update if it is on."""
        self.pages.setCurrentIndex(int(self.journal.on))
        if self.journal.on:
            self._show()
            self.job = JournalUpdate(self.journal, self._library)
            self.job.start()
            self._tell(translate("journal", "Going through the recordings…"))
            self._looking.start()

    def _look(self) -> None:
        if self.job is None or self.job.running:
            return
        self._looking.stop()
        self._tell("\n".join(map(localised, filter(None, [*self.job.notices, self.job.error]))))
        if self.journal.on:
            days = self.journal.days()
            if days and not any(first_of(day.first, "month") == self.first for day in days):
                self.first = first_of(days[-1].first, "month")  # the newest month with data
        self._show()

    def _switch_on(self) -> None:
        try:
            self.journal.switch_on()
        except InputError as error:
            self._tell(localised(str(error)))
            return
        self._begin()

    def _turn(self, months: int) -> None:
        self.first = after(self.first, "month") if months > 0 else first_of(self.first - timedelta(days=1), "month")
        self.day = None
        self._show()

    def _choose(self, day: date) -> None:
        self.day = day
        self._show()

    def _show(self) -> None:
        try:
            self._show_month()
        except InputError as error:
            self._tell(localised(str(error)))

    def _show_month(self) -> None:
        last = after(self.first, "month") - timedelta(days=1)
        known = {day.first: day for day in self.journal.days(self.first, last)}
        days = [self.first + timedelta(days=number) for number in range((last - self.first).days + 1)]
        month = Month(tuple(known.get(day, Period(day, {})) for day in days), self.journal.strips(self.first, last))
        if self.day is None or not self.first <= self.day <= last:
            self.day = max(known, default=None)
        self.title.setText(day_name(self.first, "MMMM yyyy"))
        self.strips.show_month(month, self.day)
        if self.day is not None:
            self._month.ensureVisible(0, self.strips.middle_of(self.day))
        self.sums.show_periods(self._columns(tuple(known.values())))

    def _columns(self, days: tuple[Period, ...]) -> list[tuple[str, Period | None]]:
        """Name and data of the chosen day, its week and the month; data is None where nothing was recorded."""
        columns: list[tuple[str, Period | None]] = [
            (translate("journal", "this month"), next(iter(joined(days, "month")), None))
        ]
        if self.day is not None:
            monday = first_of(self.day, "week")
            week = self.journal.days(monday, monday + timedelta(days=6))
            only = next((day for day in week if day.first == self.day), None)
            named = translate("journal", "week from {day}").format(day=day_name(monday, translate("journal", "d MMM")))
            columns.insert(0, (named, next(iter(joined(week, "week")), None)))
            columns.insert(0, (day_name(self.day, translate("journal", "ddd d MMM")), only))
        return columns

    def _export(self) -> None:
        dialog = QFileDialog(self, translate("journal", "Export the journal"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([translate("journal", "Table (*.csv)")])
        dialog.setDefaultSuffix("csv")
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # `save` never overwrites a file
        dialog.selectFile("journal.csv")
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: str) -> None:
        """Write the whole journal as CSV, by day, week or month as chosen; an existing file is kept."""
        by: By = self.by.currentData()
        try:
            notices: list[str] = []
            placed = save_journal(
                Path(path), joined(self.journal.days(), by), by, overwrite=False, notify=notices.append
            )
            wrote = translate("journal", "Wrote {path}.").format(path=placed)
            self._tell("\n".join([wrote, *map(localised, notices)]))
        except InputError as error:
            self._tell(localised(str(error)))

    def _ask_delete(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(translate("journal", "Delete the journal"))
        box.setText(translate("journal", "Delete all of the journal, and switch it off?"))
        box.setInformativeText(
            translate("journal", "What it holds was derived from your recordings, and could be derived again.")
        )
        sessions = QCheckBox(
            translate("journal", "Also delete the recordings that are marked as my own; for some days it can be undone")
        )
        box.setCheckBox(sessions)
        yes = box.addButton(translate("journal", "Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        yes.clicked.connect(lambda: self.delete_all(sessions=sessions.isChecked()))
        box.finished.connect(box.deleteLater)
        box.open()

    def delete_all(self, *, sessions: bool) -> None:
        """Delete the journal and, with `sessions`, the recordings marked as the user's own (which can be undone)."""
        self._end_job()
        try:
            self.journal.delete()
            message = translate("journal", "The journal is deleted and off.")
            if sessions:
                also = translate("journal", "{count} recordings are deleted too; that can be undone.")
                message += " " + also.format(count=delete_sessions(self._library))
            self._tell(message)
        except InputError as error:
            self._tell(localised(str(error)))
        self.pages.setCurrentIndex(int(self.journal.on))

    def _end_job(self) -> None:
        self._looking.stop()
        if self.job is not None:
            self.job.stop()
            self.job.join(_PATIENCE_S)

    def _tell(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    def reject(self) -> None:
        """Close on Escape, so that `closeEvent` stops the update."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end_job()
        event.accept()


def _tool_button(text: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName("transport")
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
