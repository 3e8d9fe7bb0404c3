"""A card for one person in the picture: face, label, quality in words, the label over time, and the bars."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.palette import color_of
from app.core.types import UNREADABLE, FaceResult
from app.ui import theme
from app.ui.drawing import PORTRAIT, PORTRAIT_RADIUS
from app.ui.keys import keep_space
from app.ui.labels import label_words, quality_words
from app.ui.language import translate
from app.ui.painting import paint_filled, percent
from app.ui.shapes import blank, paint_rounded

PAD, GAP = 11, 9
PLATE, STRIP, ROW = 28, 9, 21
_WRAP = Qt.TextFlag.TextWordWrap
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Person:
    """The content of a card.

    Attributes:
        face: The reading of the person.
        labels: Emotions in the order of the probabilities.
        portrait: The face, a square, or None if there is none yet.
        chosen: Whether this is the chosen face.
        followed: Whether the face is tracked over time, and so has a strip.
    """

    face: FaceResult
    labels: tuple[str, ...]
    portrait: QImage | None
    chosen: bool
    followed: bool

    @property
    def readable(self) -> bool:
        return self.face.label != UNREADABLE

    @property
    def value(self) -> float | None:
        """The probability of the label, 0..1, if it is an emotion."""
        face = self.face
        return float(face.smooth[self.labels.index(face.label)]) if face.label in self.labels else None

    @property
    def quality(self) -> str:
        """The problems of the face, in words."""
        words = ", ".join(quality_words(word) for word in self.face.quality)
        if not self.readable:
            return translate("cards", "{reasons} – no emotion is shown").format(reasons=words)
        return words or translate("cards", "readable")


class PersonCard(QWidget):
    """Shows one person. A click, Space or Enter chooses it.

    Signals:
        picked: The person's id.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        keep_space(self)
        self.person: Person | None = None
        self.strip: QImage | None = None
        self._told = ""
        self._tall = 0

    def show_person(self, person: Person) -> None:
        """Show the reading of a person in one frame."""
        if self.person is None or self.person.face.track_id != person.face.track_id:
            self.strip = None
        self.person = person
        tall = self._height()
        if tall != self._tall:
            self._tall = tall
            self.updateGeometry()
        self._tell(person)
        self.update()

    def show_strip(self, strip: QImage) -> None:
        """Show the label over time: a picture of one row."""
        self.strip = strip
        self.update()

    def _tell(self, person: Person) -> None:
        name = translate("cards", "Person #{id}").format(id=person.face.track_id)
        label = label_words(person.face.label)
        share = "" if person.value is None else f" {percent(person.value)}"
        told = f"{label}{share}; {person.quality}"
        if person.chosen:
            told = translate("cards", "chosen: {person}").format(person=told)
        if f"{name} {told}" != self._told:
            self._told = f"{name} {told}"
            self.setAccessibleName(name)
            self.setAccessibleDescription(told)
            self.setToolTip(person.quality)

    def sizeHint(self) -> QSize:
        return QSize(260, self._tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self._tall)

    def _height(self) -> int:
        person = self.person
        if person is None:
            return 0
        height = PAD + PORTRAIT + PAD
        if person.face.quality:
            height += round(self._quality_height(person.quality)) + 5
        if person.followed:
            height += GAP + STRIP
        if person.chosen and person.readable:
            height += GAP + ROW * len(person.labels)
        return height

    def _quality_height(self, text: str) -> float:
        width = max(self.width(), 180) - 2 * PAD
        return QFontMetricsF(theme.font(12)).boundingRect(QRectF(0, 0, width, 400), _WRAP, text).height()

    # Qt events

    def resizeEvent(self, event: object) -> None:
        if self._height() != self._tall:
            self._tall = self._height()
            self.updateGeometry()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _pick(self) -> None:
        if self.person is not None:
            self.picked.emit(self.person.face.track_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.person is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, self.person)
        painter.end()

    def _paint(self, painter: QPainter, person: Person) -> None:
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        marked = person.chosen or self.hasFocus()
        edge = QColor(theme.ACCENT if marked else theme.LINE)
        paint_rounded(painter, frame, 9, QColor(theme.RAISED), edge, 2 if self.hasFocus() else 1)
        self._paint_portrait(painter, person)
        left = PAD + PORTRAIT + 12.0
        line = QRectF(left, PAD - 2, self.width() - PAD - left, 18)
        painter.setFont(theme.font(13, bold=person.chosen))
        painter.setPen(QColor(theme.TEXT if person.chosen else theme.QUIET))
        painter.drawText(line, _LEFT, translate("cards", "Person #{id}").format(id=person.face.track_id))
        paint_plate(painter, QRectF(left, PAD + 18, line.width(), PLATE), person.face.label, person.value)
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.QUIET))
        top = float(PAD + PORTRAIT)
        if person.face.quality:
            height = self._quality_height(person.quality)
            painter.drawText(QRectF(PAD, top + 5, self.width() - 2 * PAD, height + 2), _WRAP, person.quality)
            top += height + 5
        else:
            painter.drawText(QRectF(left, PAD + 18 + PLATE + 2, line.width(), 17), _LEFT, person.quality)
        if person.followed:
            top += GAP
            self._paint_strip(painter, QRectF(PAD, top, self.width() - 2 * PAD, STRIP))
            top += STRIP
        if person.chosen and person.readable:
            paint_rows(painter, QRectF(PAD, top + GAP, self.width() - 2 * PAD, ROW * len(person.labels)), person)

    def _paint_portrait(self, painter: QPainter, person: Person) -> None:
        place = QRectF(PAD, PAD, PORTRAIT, PORTRAIT)
        if person.portrait is None:
            paint_rounded(painter, place, PORTRAIT_RADIUS, QColor(theme.LINE))
        else:
            painter.drawImage(place, person.portrait)

    def _paint_strip(self, painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, QColor(theme.LINE))
        if self.strip is not None:
            painter.drawImage(place, self.strip, QRectF(0, 0, self.strip.width(), 1))


def paint_plate(painter: QPainter, plate: QRectF, label: str, value: float | None) -> None:
    """Paint a label on its colour, with its probability 0..1 if it is an emotion."""
    readable = label != UNREADABLE
    paint_rounded(painter, plate, 6, theme.color(label) if readable else QColor(theme.LINE))
    painter.setPen(theme.ink_on(color_of(label)) if readable else QColor(theme.TEXT))
    inner = plate.adjusted(9, 0, -9, 0)
    number = "" if value is None else percent(value)
    painter.setFont(theme.font(14))
    painter.drawText(inner, _RIGHT, number)
    name = inner.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(number) - 4, 0)
    font = theme.font(15, bold=True)
    words = label_words(label)
    wide = QFontMetricsF(font).horizontalAdvance(words)
    if wide > name.width():
        font.setPixelSize(max(10, int(15 * name.width() / wide)))
    painter.setFont(font)
    painter.drawText(name, _LEFT, words)


def paint_rows(painter: QPainter, place: QRectF, person: Person) -> None:
    """Paint every emotion with its name, a bar and its number, in the labels' order; the strongest in bold."""
    values = person.face.smooth
    strongest = int(values.argmax())
    names = tuple(map(label_words, person.labels))
    bar_x, bar_wide = _bars(place.width(), names)
    ratio = painter.device().devicePixelRatioF()
    inks = theme.TEXT, theme.QUIET, theme.LINE
    painter.drawImage(place.topLeft(), _rows(place.width(), names, strongest, inks, ratio))
    for row, label in enumerate(person.labels):
        line = QRectF(place.left(), place.top() + row * ROW, place.width(), ROW)
        painter.setFont(theme.font(13, bold=row == strongest))
        painter.setPen(QColor(theme.TEXT if row == strongest else theme.QUIET))
        painter.drawText(line, _RIGHT, percent(float(values[row])))
        bar = QRectF(line.left() + bar_x, line.center().y() - 4, bar_wide, 8)
        paint_filled(painter, bar, theme.seen(label), float(values[row]))


@lru_cache(maxsize=8)
def _bars(width: float, names: tuple[str, ...]) -> tuple[float, float]:
    """Where the bars begin next to these names, and how wide they are."""
    bold = QFontMetricsF(theme.font(13, bold=True))
    start = max(map(bold.horizontalAdvance, names)) + 10
    return start, width - start - bold.horizontalAdvance("100 %") - 6


@lru_cache(maxsize=64)
def _rows(
    width: float, names: tuple[str, ...], strongest: int, inks: tuple[str, str, str], pixel_ratio: float
) -> QImage:
    """The names and the tracks of the bars; `inks` are the colours of the strongest, of the others and of tracks."""
    bold_ink, ink, track = inks
    bar_x, bar_wide = _bars(width, names)
    image = blank(width, ROW * len(names), pixel_ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row, name in enumerate(names):
        painter.setFont(theme.font(13, bold=row == strongest))
        painter.setPen(QColor(bold_ink if row == strongest else ink))
        painter.drawText(QRectF(0, row * ROW, width, ROW), _LEFT, name)
        paint_filled(painter, QRectF(bar_x, (row + 0.5) * ROW - 4, bar_wide, 8), QColor(track), 1.0)
    painter.end()
    return image
