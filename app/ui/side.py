"""The panel at the right: the chosen face with large bars, and everybody who is in the picture."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.palette import color_of
from app.core.types import UNREADABLE, FaceResult, FrameResult, Probabilities
from app.ui import theme
from app.ui.keys import keep_space
from app.ui.painting import face_text, paint_bar, percent
from app.ui.words import words_of

WIDTH = 300


class LabelPlate(QWidget):
    """The label of the chosen face in large letters on its colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(58)
        self.setAccessibleName("Label of the chosen face")
        self._label = ""
        self._value: float | None = None
        self._empty = ""

    def set_label(self, label: str, value: float | None, empty: str = "") -> None:
        """Show a label and, where it is an emotion, its probability 0..1; `empty` is said where there is no label."""
        if (label, value, empty) != (self._label, self._value, self._empty):
            self._label, self._value, self._empty = label, value, empty
            self.setAccessibleDescription(label)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect())
        shade = theme.color(self._label) if self._label else QColor(theme.RAISED)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawRoundedRect(plate, 9, 9)
        painter.setPen(theme.ink_on(color_of(self._label)) if self._label else QColor(theme.QUIET))
        inner = plate.adjusted(16, 0, -16, 0)
        painter.setFont(theme.font(24, bold=bool(self._label)) if self._label else theme.font(15))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self._label or self._empty)
        if self._value is not None:
            painter.setFont(theme.font(20))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(inner, right, percent(self._value))
        painter.end()


class LargeBars(QWidget):
    """Every emotion with its name, its number and a large bar, in the labels' order; the strongest in bold."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Probability of every emotion")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._labels: tuple[str, ...] = ()
        self._values: Probabilities | None = None

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 36, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH - 36, 26 * max(len(self._labels), 8))

    def set_values(self, labels: tuple[str, ...], values: Probabilities | None) -> None:
        """Show probabilities, shape (k,), or empty bars."""
        if labels != self._labels:
            self._labels = labels
            self.updateGeometry()
        self._values = values
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._labels:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = min(48.0, self.height() / len(self._labels))
        thick = 12.0 if row >= 38 else 7.0
        strongest = int(self._values.argmax()) if self._values is not None else -1
        for position, label in enumerate(self._labels):
            top = position * row
            value = 0.0 if self._values is None else float(self._values[position])
            bold = position == strongest
            line = QRectF(0, top, self.width(), row - thick - 4)
            painter.setFont(theme.font(14 if row >= 38 else 12, bold=bold))
            painter.setPen(QColor(theme.TEXT if bold else theme.QUIET))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, label)
            if self._values is not None:
                painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, percent(value))
            paint_bar(painter, QRectF(0, top + row - thick - 2, self.width(), thick), label, value, QColor(theme.LINE))
        painter.end()


class SidePanel(QWidget):
    """Shows one face of a result in large; `face_chosen` carries the id picked from the list of people."""

    face_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.title = QLabel("")
        self.title.setObjectName("quiet")
        self.title.setAccessibleName("Chosen person")
        self.plate = LabelPlate()
        self.quality = QLabel("")
        self.quality.setObjectName("quiet")
        self.quality.setWordWrap(True)
        self.quality.setAccessibleName("What is the matter with the face")
        self.quality.setVisible(False)
        self.correction = QLabel("")
        self.correction.setWordWrap(True)
        self.correction.setTextFormat(Qt.TextFormat.PlainText)
        self.correction.setAccessibleName("What a person says of the face")
        self.correction.setVisible(False)
        self.bars = LargeBars()
        self.caption = QLabel("Apparent expression, not a feeling.")
        self.caption.setObjectName("quiet")
        self.caption.setWordWrap(True)
        self.people = QListWidget()
        self.people.setAccessibleName("People in the picture")
        self.people.setMaximumHeight(124)
        self.people.setMinimumHeight(64)
        self.people.setVisible(False)
        self.people.itemClicked.connect(self._pick)
        self.people.itemActivated.connect(self._pick)
        self.people.currentItemChanged.connect(self._pick)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 14, 18, 12)
        rows.setSpacing(9)
        rows.addWidget(self.title)
        rows.addWidget(self.plate)
        rows.addWidget(self.correction)
        rows.addWidget(self.quality)
        rows.addWidget(self.bars, 1)
        rows.addWidget(self.caption)
        rows.addWidget(self.people)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(7)
        rows.addLayout(self._buttons)

    def add_buttons(self, actions: Sequence[QAction]) -> None:
        """Put a row of buttons for actions of the menus below everything."""
        for action in actions:
            button = QToolButton()
            button.setObjectName("control")
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            keep_space(button)
            self._buttons.addWidget(button)

    def show_result(self, result: FrameResult | None, chosen: FaceResult | None) -> None:
        """Show the chosen face of a result, or that there is none."""
        labels = () if result is None else result.labels
        self.title.setText("" if chosen is None else f"Person #{chosen.track_id}")
        if chosen is None:
            self.plate.set_label("", None, "No picture yet" if result is None else "No face in the picture")
        elif chosen.label in labels:
            self.plate.set_label(chosen.label, float(chosen.smooth[labels.index(chosen.label)]))
        else:
            self.plate.set_label(words_of(chosen.label), None)
        self.quality.setText("" if chosen is None else ", ".join(chosen.quality))
        self.quality.setVisible(chosen is not None and bool(chosen.quality))
        readable = chosen is not None and chosen.label != UNREADABLE
        self.bars.set_values(labels, chosen.smooth if chosen is not None and readable else None)
        faces = () if result is None else tuple(sorted(result.faces, key=lambda face: face.track_id))
        self._list_people(faces, labels, chosen)

    def _list_people(self, faces: Sequence[FaceResult], labels: tuple[str, ...], chosen: FaceResult | None) -> None:
        several = len(faces) > 1
        self.people.setVisible(several)
        if not several:
            return
        blocked = QSignalBlocker(self.people)  # only the user picks
        ids = [face.track_id for face in faces]
        if ids != [self.people.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.people.count())]:
            self.people.clear()
            for track_id in ids:
                item = QListWidgetItem()
                item.setData(Qt.ItemDataRole.UserRole, track_id)
                self.people.addItem(item)
        for row, face in enumerate(faces):
            item = self.people.item(row)
            text = face_text(face, labels)
            if item.text() != text:
                item.setText(text)
                item.setIcon(_swatch(face.label))
            if chosen is not None and face.track_id == chosen.track_id and self.people.currentRow() != row:
                self.people.setCurrentRow(row)
        blocked.unblock()

    def _pick(self, item: QListWidgetItem) -> None:
        self.face_chosen.emit(int(item.data(Qt.ItemDataRole.UserRole)))


_swatches: dict[str, QIcon] = {}


def _swatch(label: str) -> QIcon:
    """A square in the label's colour; made once, there are about ten."""
    if label not in _swatches:
        pixels = QPixmap(12, 12)
        pixels.fill(theme.color(label))
        icon = QIcon(pixels)
        icon.addPixmap(pixels, QIcon.Mode.Selected)  # else Qt tints it in the selected row
        _swatches[label] = icon
    return _swatches[label]
