"""What is painted over a picture: boxes, labels and the bars of every emotion. Painted at the screen's resolution."""

from collections.abc import Sequence
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from app.core.palette import color_of
from app.core.types import FaceResult, Probabilities
from app.ui import theme
from app.ui.labels import label_words
from app.ui.panel_layout import Rect, clamp

ROW = 17.0
PAD = 9.0
FONT = 12
BAR, LEAST_BAR = 74.0, 44.0
USUAL_NAME = 78.0
"""Wider names take their room from the bars, so that a panel hides no more of a picture in any language."""
GLASS = QColor(13, 14, 17, 205)
_ON_GLASS = QColor(255, 255, 255, 32)


def percent(probability: float) -> str:
    """
    >>> percent(0.871)
    '87 %'
    """
    return f"{probability * 100:.0f} %"


def face_text(face: FaceResult, labels: Sequence[str]) -> str:
    """Id, label and, where the label is an emotion, its smoothed probability."""
    if face.label in labels:
        return f"#{face.track_id}  {label_words(face.label)}  {percent(float(face.smooth[labels.index(face.label)]))}"
    return f"#{face.track_id}  {label_words(face.label)}"


def panel_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height that hold the longest of the names uncut."""
    names = _widest(labels)
    number = _metrics(True).horizontalAdvance("100 %")
    return PAD * 2 + names + 8 + _bar(names) + 6 + number, PAD * 2 + ROW * len(labels)


def _widest(labels: Sequence[str]) -> float:
    return max((_metrics(True).horizontalAdvance(label_words(label)) for label in labels), default=0.0)


def _bar(names: float) -> float:
    """Width of a bar next to names of a given width."""
    return max(LEAST_BAR, BAR - max(names - USUAL_NAME, 0.0))


def tag_rect(face: FaceResult, box: Rect, labels: Sequence[str], bounds: Rect) -> Rect:
    """The label above a face, inside the bounds."""
    width = _metrics(True, 13).horizontalAdvance(face_text(face, labels)) + 14
    return clamp(Rect(box.x - 1, box.y - 24, width, 22), bounds)


def paint_face(painter: QPainter, face: FaceResult, box: Rect, tag: Rect, labels: Sequence[str], chosen: bool) -> None:
    """Paint the box and the label in the colour of the shown label; the chosen face has the heavier line."""
    shade = theme.color(face.label)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # A dark line under the coloured one keeps the box visible on a picture of the same colour.
    painter.setPen(QPen(QColor(0, 0, 0, 150), 6 if chosen else 4))
    painter.drawRoundedRect(QRectF(*box), 4, 4)
    painter.setPen(QPen(shade, 3 if chosen else 2))
    painter.drawRoundedRect(QRectF(*box), 4, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRoundedRect(QRectF(*tag), 4, 4)
    painter.setPen(theme.ink_on(color_of(face.label)))
    painter.setFont(theme.font(13, bold=True))
    painter.drawText(QRectF(*tag), Qt.AlignmentFlag.AlignCenter, face_text(face, labels))


def paint_panel(painter: QPainter, panel: Rect, labels: Sequence[str], values: Probabilities) -> None:
    """Paint the bars of every emotion on a glass panel, in the labels' order, the strongest in bold."""
    number = _metrics(True).horizontalAdvance("100 %")
    strongest = int(values.argmax()) if len(values) else -1
    wide = _bar(_widest(labels))
    bar_x = panel.x + panel.w - PAD - number - 6 - wide
    ratio = painter.device().devicePixelRatioF()
    painter.drawImage(QPointF(panel.x, panel.y), _glass(panel.w, panel.h, len(labels), (bar_x - panel.x, wide), ratio))
    for row, label in enumerate(labels):
        top = panel.y + PAD + row * ROW
        bold = row == strongest
        painter.setFont(theme.font(FONT, bold=bold))
        painter.setPen(QColor(theme.ON_GLASS if bold else theme.QUIET_ON_GLASS))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(panel.x + PAD, top, bar_x - panel.x - PAD, ROW), left, label_words(label))
        painter.drawText(QRectF(bar_x + wide, top, number + 6, ROW), right, percent(float(values[row])))
        paint_filled(painter, QRectF(bar_x, top + ROW / 2 - 4, wide, 8), theme.color(label), float(values[row]))


@lru_cache(maxsize=8)
def _glass(width: float, height: float, rows: int, bar: tuple[float, float], pixel_ratio: float) -> QImage:
    """A panel without names and values; `bar` is where the bars begin and how wide they are.

    Kept, because rounded corners are what takes the longest to paint.
    """
    image = QImage(
        round(width * pixel_ratio) + 1, round(height * pixel_ratio) + 1, QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255, 40), 1))
    painter.setBrush(GLASS)
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 7, 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_ON_GLASS)
    for row in range(rows):
        painter.drawRoundedRect(QRectF(bar[0], PAD + row * ROW + ROW / 2 - 4, bar[1], 8), 4, 4)
    painter.end()
    return image


def paint_bar(painter: QPainter, track: QRectF, label: str, value: float) -> None:
    """Paint one bar, 0..1, and its track on a surface."""
    radius = track.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.LINE))
    painter.drawRoundedRect(track, radius, radius)
    paint_filled(painter, track, theme.seen(label), value)


def paint_filled(painter: QPainter, track: QRectF, shade: QColor, value: float) -> None:
    """Paint a bar, 0..1, where its track has been painted already."""
    radius = track.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    filled = track.width() * min(max(value, 0.0), 1.0)
    if filled >= 1:
        painter.setBrush(shade)
        bar = QRectF(track.topLeft(), track.size())
        bar.setWidth(max(filled, 2.0))
        painter.drawRoundedRect(bar, min(radius, filled / 2), radius)


def paint_note(painter: QPainter, bounds: Rect, text: str, detail: str = "") -> None:
    """Paint a sentence in the middle of an empty picture, and a quieter one below it."""
    area = QRectF(*bounds).adjusted(24, 24, -24, -24)
    wrap = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.setFont(theme.font(22))
    painter.setPen(QColor(theme.TEXT))
    painter.drawText(area.adjusted(0, area.height() / 2 - 40, 0, 0), wrap, text)
    painter.setFont(theme.font(13))
    painter.setPen(QColor(theme.QUIET))
    painter.drawText(area.adjusted(0, area.height() / 2, 0, 0), wrap, detail)


def paint_badge(painter: QPainter, at: QPointF, text: str, dot: QColor | None, widest: float) -> None:
    """Paint a small badge, its left edge at a point; text that is too long for it ends in an ellipsis."""
    metrics = _metrics(True)
    lead = 16.0 if dot is not None else 0.0
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, widest - 20 - lead)
    badge = QRectF(at.x(), at.y(), metrics.horizontalAdvance(shown) + 20 + lead, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(GLASS)
    painter.drawRoundedRect(badge, 12, 12)
    if dot is not None:
        painter.setBrush(dot)
        painter.drawEllipse(QPointF(at.x() + 15, at.y() + 12), 4.5, 4.5)
    painter.setFont(theme.font(FONT, bold=True))
    painter.setPen(QColor(theme.ON_GLASS))
    painter.drawText(
        badge.adjusted(10 + lead, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown
    )


@cache
def _metrics(bold: bool, pixels: int = FONT) -> QFontMetricsF:
    return QFontMetricsF(theme.font(pixels, bold=bold))
