"""The contact sheet: thumbnails of a folder's pictures, each with the labels of its faces."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.core.palette import color_of
from app.core.types import UNREADABLE, FaceResult
from app.ui import theme
from app.ui.choice import ChoiceBox
from app.ui.contact_model import FACES, FAILED, PLACE, PictureModel, ReadingOf
from app.ui.keys import MOVES, keep_keys
from app.ui.labels import label_words
from app.ui.language import QT_TRANSLATE_NOOP, translate

PAD, GAP, CHIP, NAME = 7, 5, 19, 18
_CENTRE = Qt.AlignmentFlag.AlignCenter
ORDERS = (("name", QT_TRANSLATE_NOOP("contact", "By name")), ("emotion", QT_TRANSLATE_NOOP("contact", "By emotion")))


class ContactSheet(QWidget):
    """Shows a folder. Enter or a double click opens a picture.

    Signals:
        opened: The index of a picture in the folder, in the order of names.
    """

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.pictures = PictureModel(self)
        self.title = QLabel()
        self.title.setObjectName("quiet")
        self.order = ChoiceBox()
        self.order.setAccessibleName(translate("contact", "Order of the pictures"))
        for name, text in ORDERS:
            self.order.addItem(translate("contact", text), name)
        self.order.currentIndexChanged.connect(self._sort)
        self.list = QListView()
        self.list.setObjectName("contact")
        self.list.setAccessibleName(translate("contact", "Pictures of the folder"))
        self.list.setModel(self.pictures)
        self._cell = _Cell(self.list)
        self.list.setItemDelegate(self._cell)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(GAP)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.activated.connect(lambda index: self.opened.emit(int(index.data(PLACE))))
        keep_keys(self.list, *MOVES)
        head = QHBoxLayout()
        head.addSpacing(GAP)  # the list has it before its first picture, too
        head.addWidget(self.title, 1)
        head.addWidget(self.order)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14 - GAP, 10, 6, 4)
        rows.addLayout(head)
        rows.addWidget(self.list, 1)

    def show_folder(self, folder: Path, paths: tuple[Path, ...], reading_of: ReadingOf) -> None:
        """As `PictureModel.show_folder`."""
        self.pictures.show_folder(folder, paths, reading_of)
        self.title.setText(translate("contact", "Pictures: {count}").format(count=len(paths)) if paths else "")
        self._sort()

    def set_width(self, width: int) -> None:
        """Show pictures of another width, in screen pixels."""
        self._cell.width = width
        self.pictures.set_size(width, self.devicePixelRatioF())
        self.list.setUniformItemSizes(True)  # have the size computed again
        self.list.doItemsLayout()

    def refresh(self) -> None:
        """Show new readings."""
        self._sort()
        self.list.viewport().update()

    def mark(self, place: int) -> None:
        """Select the picture at an index of the folder."""
        if 0 <= place < self.pictures.rowCount():
            index = self.pictures.index(self.pictures.row_of(place))
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _sort(self) -> None:
        sort: Callable[[], None] = (
            self.pictures.sort_by_emotion if self.order.currentData() == "emotion" else self.pictures.sort_by_name
        )
        sort()


class _Cell(QStyledItemDelegate):
    """Paints one picture with its labels and its name."""

    width = 160

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self.width + 2 * PAD, round(self.width * 0.75) + 3 * PAD + CHIP + NAME)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(theme.ACCENT if chosen else theme.LINE), 2 if chosen else 1))
        painter.setBrush(QColor(theme.RAISED))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 7, 7)
        inner = place.adjusted(PAD, PAD, -PAD, -PAD)
        picture = QRectF(inner.left(), inner.top(), inner.width(), self.width * 0.75)
        self._paint_picture(painter, picture, index)
        chips = QRectF(inner.left(), picture.bottom() + PAD, inner.width(), CHIP)
        if not index.data(FAILED):
            _paint_chips(painter, chips, index.data(FACES))
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.TEXT if chosen else theme.QUIET))
        line = QRectF(inner.left(), chips.bottom() + 2, inner.width(), NAME)
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, int(line.width()))
        painter.drawText(line, _CENTRE, name)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage):
            wide, high = image.width() / image.devicePixelRatio(), image.height() / image.devicePixelRatio()
            share = min(place.width() / wide, place.height() / high, 1.0)
            size = (wide * share, high * share)
            corner = place.center() - QPointF(size[0] / 2, size[1] / 2)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(corner.x(), corner.y(), *size), image)
            return
        painter.fillRect(place, QColor(theme.PICTURE))
        if index.data(FAILED):
            painter.setFont(theme.font(12))
            painter.setPen(QColor(theme.QUIET))
            painter.drawText(place, _CENTRE | Qt.TextFlag.TextWordWrap, translate("contact", "cannot be read"))


def _paint_chips(painter: QPainter, place: QRectF, faces: tuple[FaceResult, ...] | None) -> None:
    """Paint the labels of the faces, the largest face first, as many as fit."""
    painter.setFont(theme.font(12))
    metrics = painter.fontMetrics()
    if not faces:
        painter.setPen(QColor(theme.FAINT))
        words = translate("contact", "not read yet") if faces is None else translate("contact", "nobody")
        painter.drawText(place, _CENTRE, words)
        return
    ordered = sorted(faces, key=lambda face: -face.box.area)
    x, rest = place.left(), metrics.horizontalAdvance("+88") + 4
    for number, face in enumerate(ordered):
        words = label_words(face.label)
        wide = metrics.horizontalAdvance(words) + 12
        left = place.right() - x - (rest if number + 1 < len(ordered) else 0)
        if wide > left and number:
            painter.setPen(QColor(theme.QUIET))
            painter.drawText(
                QRectF(x, place.top(), rest, CHIP), Qt.AlignmentFlag.AlignVCenter, f"+{len(faces) - number}"
            )
            return
        chip = QRectF(x, place.top(), min(wide, left), CHIP)
        readable = face.label != UNREADABLE
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(face.label) if readable else QColor(theme.LINE))
        painter.drawRoundedRect(chip, 5, 5)
        painter.setPen(theme.ink_on(color_of(face.label)) if readable else QColor(theme.TEXT))
        painter.drawText(chip, _CENTRE, metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(chip.width() - 6)))
        x += chip.width() + 4
