"""The export dialog (E): format, stretch, blurred faces and file; then the progress."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.commands.export import usual_name
from app.export.content import Content
from app.export.delimited import Dialect
from app.export.kinds import KINDS, ExportOptions, Kind
from app.export.video import Veil
from app.ui.choice import ChoiceBox
from app.ui.controls import quiet_label
from app.ui.export_job import ExportJob
from app.ui.language import QT_TRANSLATE_NOOP, translate
from app.ui.localised import localised
from app.ui.words import moment

_LOOK_MS, _PATIENCE_S = 100, 0.5
TITLES = {
    "csv": QT_TRANSLATE_NOOP("export", "Table (CSV)"),
    "excel": QT_TRANSLATE_NOOP("export", "Table for Excel (CSV)"),
    "wide": QT_TRANSLATE_NOOP("export", "Wide table, a row a moment (CSV)"),
    "json": QT_TRANSLATE_NOOP("export", "Everything (JSON)"),
    "video": QT_TRANSLATE_NOOP("export", "Annotated video (MP4)"),
    "html": QT_TRANSLATE_NOOP("export", "Page (HTML)"),
    "timeline": QT_TRANSLATE_NOOP("export", "Timeline (SVG, PNG)"),
    "clip": QT_TRANSLATE_NOOP("export", "Clean clip (MP4)"),
    "frame": QT_TRANSLATE_NOOP("export", "Picture at a moment (PNG)"),
}
"""Names of the formats of `app.export.kinds` on the screen."""


class ExportDialog(QDialog):
    """Exports one content. Not modal; closing it cancels a running export.

    Args:
        parent: The window.
        content: The content to export.
        marks: The marked stretch; None for an end that is not set.
        face: The chosen face, or None.
        at_s: The shown moment.
        note: A sentence about the content that the user should know, or empty.
        folder: Default folder for files.
    """

    def __init__(
        self,
        parent: QWidget | None,
        content: Content,
        *,
        marks: tuple[float | None, float | None] = (None, None),
        face: int | None = None,
        at_s: float = 0.0,
        note: str = "",
        folder: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("export", "Export"))
        self.setMinimumWidth(560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._content, self._marks, self._face, self._at_s = content, marks, face, at_s
        self._folder = folder or Path.home()
        self.job: ExportJob | None = None
        self._named = False
        self._build(note)
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._choose_kind()

    def _build(self, note: str) -> None:
        self.kind, self.stretch, self.blur = ChoiceBox(), ChoiceBox(), ChoiceBox()
        for kind in KINDS.values():
            self.kind.addItem(translate("export", TITLES[kind.name]), kind.name)
        self.stretch.addItem(translate("export", "All of it"))
        if self._marks != (None, None):
            start_s, end_s = self._marks
            if end_s is None:
                words = translate("export", "From {start} to the end").format(start=moment(start_s or 0.0))
            else:
                words = translate("export", "From {start} to {end}").format(
                    start=moment(start_s or 0.0), end=moment(end_s)
                )
            self.stretch.addItem(words, self._marks)
            self.stretch.setCurrentIndex(1)
        self.blur.addItem(translate("export", "No face"), Veil())
        self.blur.addItem(translate("export", "All faces"), Veil("all"))
        if self._face is not None:
            words = translate("export", "All but face #{number}").format(number=self._face)
            self.blur.addItem(words, Veil("others", frozenset((self._face,))))
        self.place = QLineEdit()
        self.place.textEdited.connect(self._name)
        browse = QPushButton(translate("export", "Choose…"))
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        form.addRow(translate("export", "As"), self.kind)
        form.addRow(translate("export", "Stretch"), self.stretch)
        form.addRow(translate("export", "Blur"), self.blur)
        form.addRow(translate("export", "File"), where)
        heading = QLabel(self._content.title)
        heading.setObjectName("clock")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        self.message = quiet_label(note)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(translate("export", "How far the export is"))
        self.bar.setVisible(False)
        self.start, self.cancel, self.reveal = (
            QPushButton(translate("export", "Export")),
            QPushButton(translate("export", "Close")),
            QPushButton(translate("export", "Show in folder")),
        )
        self.start.setDefault(True)
        self.reveal.setVisible(False)
        self.start.clicked.connect(self._start)
        self.cancel.clicked.connect(self._cancel)
        self.reveal.clicked.connect(self._reveal)
        self.kind.currentIndexChanged.connect(self._choose_kind)
        buttons = QHBoxLayout()
        buttons.addWidget(self.reveal)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        self._choices = (self.kind, self.stretch, self.blur, self.place, browse)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(26, 22, 26, 20)
        rows.setSpacing(14)
        rows.addWidget(heading)
        rows.addLayout(form)
        rows.addWidget(self.bar)
        rows.addWidget(self.message)
        rows.addLayout(buttons)

    @property
    def chosen(self) -> Kind:
        """The chosen format."""
        return KINDS[str(self.kind.currentData())]

    def _choose_kind(self) -> None:
        kind = self.chosen
        self.blur.setEnabled(kind.pictures)
        self.stretch.setEnabled(kind.name != "frame")
        named = Path(self.place.text().strip())
        if not self._named:
            self.place.setText(str(self._folder / usual_name(self._content, kind)))
        elif named.suffix.lower() not in kind.suffixes:
            self.place.setText(str(named.with_suffix(kind.suffixes[0])) if named.name else "")

    def _name(self) -> None:
        self._named = True

    def _browse(self) -> None:
        dialog = QFileDialog(self, translate("export", "Export to"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{self.kind.currentText()} (*{suffix})" for suffix in self.chosen.suffixes])
        dialog.setDefaultSuffix(self.chosen.suffixes[0].removeprefix("."))
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # existing files are kept
        dialog.selectFile(self.place.text())
        dialog.fileSelected.connect(self._take_place)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_place(self, path: str) -> None:
        self._named = True
        self.place.setText(path)

    def _start(self) -> None:
        kind, text = self.chosen, self.place.text().strip()
        out = Path(text).expanduser() if "\0" not in text else Path()
        if out.suffix.lower() not in kind.suffixes:
            suffixes = ", ".join(kind.suffixes)
            self.message.setText(
                translate("export", "Give the file one of these suffixes: {suffixes}").format(suffixes=suffixes)
            )
            return
        start_s, end_s = self.stretch.currentData() or (None, None)
        decimal = "," if QLocale.system().decimalPoint() == "," else "."
        options = ExportOptions(Dialect.excel(decimal), veil=self.blur.currentData(), at_s=self._at_s)
        self.job = ExportJob(self._content.between(start_s, end_s), kind, options, out)
        self.job.start()
        self.message.setText("")
        self._show_work(True)
        self._looking.start()

    def _show_work(self, working: bool) -> None:
        for choice in (*self._choices, self.start):
            choice.setEnabled(not working)
        self.bar.setVisible(working)
        self.bar.setValue(0)
        self.cancel.setText(translate("export", "Cancel") if working else translate("export", "Close"))
        self.reveal.setVisible(False)
        if not working:
            self.blur.setEnabled(self.chosen.pictures)
            self.stretch.setEnabled(self.chosen.name != "frame")

    def _look(self) -> None:
        job = self.job
        if job is None:
            return
        self.bar.setValue(round(job.progress * 1000))
        if job.running:
            return
        self._looking.stop()
        self._show_work(False)
        sentences = [localised(notice) for notice in job.notices]
        if job.placed is not None:
            sentences.insert(0, translate("export", "Wrote {path}.").format(path=job.placed))
            self.reveal.setVisible(True)
            self.cancel.setFocus()
        elif job.cancelled:
            sentences.insert(0, translate("export", "Cancelled; nothing was written."))
        else:
            fault = translate("export", "The export has failed by a fault of Mimik's.")
            sentences.insert(0, localised(job.error) if job.error else fault)
        self.message.setText("\n".join(sentences))

    def _cancel(self) -> None:
        if self.job is not None and self.job.running:
            self.job.stop()
        else:
            self.close()

    def _reveal(self) -> None:
        if self.job is not None and self.job.placed is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.job.placed.parent)))

    def reject(self) -> None:
        """Escape closes it as its button does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._looking.stop()
        if self.job is not None:
            self.job.stop()
            self.job.join(_PATIENCE_S)
        event.accept()
