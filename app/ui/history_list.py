"""The list of sessions: one row each, with thumbnail, title, facts and a strip of labels over time."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.sessions.entry import Entry
from app.sessions.folder import THUMBNAIL
from app.ui import theme
from app.ui.language import translate
from app.ui.words import day_and_time

ENTRY = Qt.ItemDataRole.UserRole
HEIGHT, PICTURE_WIDTH, PAD = 84, 116, 10
MOST_PICTURES = 200

Index = QModelIndex | QPersistentModelIndex


class SessionList(QAbstractListModel):
    """Qt model of a library's sessions.

    Args:
        parent: Its Qt parent.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace the listed sessions."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def row_of(self, name: str) -> int | None:
        """The row of a session; None if it is not listed."""
        return next((row for row, entry in enumerate(self._entries) if entry.name == name), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join((heading_of(entry), *facts_of(entry)))
        if role == Qt.ItemDataRole.ToolTipRole:  # the row may elide it
            return entry.damage or "\n".join((heading_of(entry), "  ·  ".join(facts_of(entry))))
        return None


class SessionPainter(QStyledItemDelegate):
    """Paints one row of the list.

    Args:
        parent: The view.
        library: The folder with the sessions and their thumbnails.
    """

    def __init__(self, parent: QObject, library: Path) -> None:
        super().__init__(parent)
        self._pictures = _Pictures(library)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(360, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        area = QRect(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.LINE))
        painter.setPen(QColor(theme.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._paint_picture(painter, QRectF(area.left() + PAD, area.top() + 9, PICTURE_WIDTH, HEIGHT - 18), entry)
        left = area.left() + 2 * PAD + PICTURE_WIDTH
        text = QRectF(left, area.top() + 8, area.right() - PAD - left, 22)
        painter.setFont(theme.font(15, bold=True))
        painter.setPen(QColor(theme.TEXT))
        _write(painter, text, heading_of(entry))
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.DANGER if entry.damage else theme.QUIET))
        _write(painter, text.translated(0, 22), entry.damage or "  ·  ".join(facts_of(entry)))
        _paint_strip(painter, QRectF(left, area.top() + 60, text.width(), 12), entry.strip)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRectF, entry: Entry) -> None:
        path = QPainterPath()
        path.addRoundedRect(place, 5, 5)
        painter.fillPath(path, QColor(theme.PICTURE))
        pixels = self._pictures.of(entry.name)
        if pixels.isNull():
            return
        scale = max(place.width() / pixels.width(), place.height() / pixels.height())
        wide, high = place.width() / scale, place.height() / scale
        part = QRectF((pixels.width() - wide) / 2, (pixels.height() - high) / 2, wide, high)
        painter.save()
        painter.setClipPath(path)
        painter.drawPixmap(place, pixels, part)
        painter.restore()


def heading_of(entry: Entry) -> str:
    """The title of a session, else its source, else its name."""
    return entry.title or entry.source or entry.name


def facts_of(entry: Entry) -> list[str]:
    """The facts below a session's title: date, duration, people, source, notes, state and tags."""
    minutes, seconds = divmod(round(entry.duration_s), 60)
    lasts = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}" if minutes >= 60 else f"{minutes}:{seconds:02d}"
    several = translate("history", "{count} people").format(count=entry.people)
    one, none = translate("history", "1 person"), translate("history", "nobody")
    people = one if entry.people == 1 else several if entry.people else none
    facts = [day_and_time(entry.start), lasts, people]
    facts += [entry.source] if entry.title and entry.source else []
    notes = translate("history", "{count} notes").format(count=entry.notes)
    facts += [translate("history", "1 note") if entry.notes == 1 else notes] if entry.notes else []
    states = {"recording": translate("history", "not complete"), "recovered": translate("history", "recovered")}
    facts += [states[entry.state]] if entry.state in states else []
    facts += [translate("history", "mine")] if entry.own else []
    return facts + [f"#{tag}" for tag in entry.tags]


def _paint_strip(painter: QPainter, place: QRectF, strip: Sequence[str]) -> None:
    painter.fillRect(place, QColor(theme.RAISED))
    if not strip:
        return
    width = place.width() / len(strip)
    for number, label in enumerate(strip):
        if label:
            part = QRectF(place.left() + number * width, place.top(), width + 0.5, place.height())
            painter.fillRect(part.intersected(place), theme.color(label))
    painter.setPen(QColor(theme.FAINT))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place)


def _write(painter: QPainter, place: QRectF, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class _Pictures:
    """Thumbnails, loaded when first painted; the `MOST_PICTURES` used last are kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()

    def of(self, name: str) -> QPixmap:
        """The thumbnail of a session; a null pixmap if it has none."""
        pixels = self._kept.pop(name, None)
        if pixels is None:
            pixels = QPixmap(str(self._folder / name / THUMBNAIL))
        self._kept[name] = pixels
        if len(self._kept) > MOST_PICTURES:
            self._kept.popitem(last=False)
        return pixels
