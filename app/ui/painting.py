"""Painting over a picture, at screen resolution: boxes, labels and the bars of every emotion."""

from collections.abc import Sequence
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from app.core.palette import color_of
from app.core.types import FaceResult, Probabilities
from app.ui import theme
from app.ui.labels import label_words
from app.ui.panel_layout import Rect, clamp
from app.ui.shapes import blank, paint_outline, paint_rounded

ROW = 17.0
PAD = 9.0
FONT = 12
BAR, LEAST_BAR = 74.0, 44.0
USUAL_NAME = 78.0
"""Names wider than this (in pixels) shorten the bars, so that panels cover no more of the picture in any language."""
GLASS = QColor(13, 14, 17, 205)
_ON_GLASS = QColor(255, 255, 255, 32)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
BADGE_ROOM = 32.0
"""Screen pixels reserved for the badge at the lower edge of a picture, besides a margin."""
_LEAD = 16.0
"""Width in pixels of a badge's dot and the gap after it."""


def percent(probability: float) -> str:
    """A probability, 0..1, as a whole percentage.

    >>> percent(0.871)
    '87 %'
    """
    return f"{probability * 100:.0f} %"


def face_text(face: FaceResult, labels: Sequence[str]) -> str:
    """Id, label and, if the label is an emotion, its smoothed probability."""
    if face.label in labels:
        return f"#{face.track_id}  {label_words(face.label)}  {percent(float(face.smooth[labels.index(face.label)]))}"
    return f"#{face.track_id}  {label_words(face.label)}"


def panel_size(labels: Sequence[str]) -> tuple[float, float]:
    """Width and height of a panel in screen pixels; the longest name fits."""
    names = _widest(tuple(map(label_words, labels)))
    number = _metrics(True).horizontalAdvance("100 %")
    return PAD * 2 + names + 8 + _bar(names) + 6 + number, PAD * 2 + ROW * len(labels)


@lru_cache(maxsize=8)
def _widest(names: tuple[str, ...]) -> float:
    return max(map(_metrics(True).horizontalAdvance, names), default=0.0)


def _bar(names: float) -> float:
    """Width of a bar next to names of a given width."""
    return max(LEAST_BAR, BAR - max(names - USUAL_NAME, 0.0))


def tag_rect(face: FaceResult, box: Rect, labels: Sequence[str], bounds: Rect) -> Rect:
    """The rectangle of the label above a face's box, moved inside the bounds."""
    width = _metrics(True, 13).horizontalAdvance(face_text(face, labels)) + 14
    return clamp(Rect(box.x - 1, box.y - 24, width, 22), bounds)


def paint_face(painter: QPainter, face: FaceResult, box: Rect, tag: Rect, labels: Sequence[str], chosen: bool) -> None:
    """Paint the box and the label in the label's colour; the chosen face gets a thicker line."""
    shade = theme.color(face.label)
    paint_outline(painter, QRectF(*box), shade, 3 if chosen else 2)
    paint_rounded(painter, QRectF(*tag), 4, shade)
    painter.setPen(theme.ink_on(color_of(face.label)))
    painter.setFont(theme.font(13, bold=True))
    painter.drawText(QRectF(*tag), Qt.AlignmentFlag.AlignCenter, face_text(face, labels))


def paint_panel(painter: QPainter, panel: Rect, labels: Sequence[str], values: Probabilities) -> None:
    """Paint the bars of every emotion on a translucent panel, in the order of the labels, the strongest in bold."""
    number = _metrics(True).horizontalAdvance("100 %")
    strongest = int(values.argmax()) if len(values) else -1
    names = tuple(label_words(label) for label in labels)
    wide = _bar(_widest(names))
    bar = (panel.w - PAD - number - 6 - wide, wide)
    left, upper = round(panel.x), round(panel.y)  # names are copied, numbers drawn: both at whole pixels
    bar_x = left + bar[0]
    ratio = painter.device().devicePixelRatioF()
    glass = _glass(panel.w, panel.h, names, strongest, bar, ratio)
    painter.drawImage(QPointF(left, upper), glass)
    for row, label in enumerate(labels):
        top = upper + PAD + row * ROW
        _write_in(painter, row == strongest)
        place = QRectF(bar_x + wide, top, number + 6, ROW)
        painter.drawText(place, _RIGHT, percent(float(values[row])))
        paint_filled(painter, QRectF(bar_x, top + ROW / 2 - 4, wide, 8), theme.color(label), float(values[row]))


@lru_cache(maxsize=64)
def _glass(
    width: float, height: float, names: tuple[str, ...], strongest: int, bar: tuple[float, float], pixel_ratio: float
) -> QImage:
    """A panel without values; `bar` is the left edge and the width of its bars."""
    image = blank(width + 1, height + 1, pixel_ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255, 40), 1))
    painter.setBrush(GLASS)
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 7, 7)
    painter.setBrush(_ON_GLASS)
    for row, name in enumerate(names):
        top = PAD + row * ROW
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(bar[0], top + ROW / 2 - 4, bar[1], 8), 4, 4)
        _write_in(painter, row == strongest)
        painter.drawText(QRectF(PAD, top, bar[0] - PAD, ROW), _LEFT, name)
    painter.end()
    return image


def _write_in(painter: QPainter, bold: bool) -> None:
    painter.setFont(theme.font(FONT, bold=bold))
    painter.setPen(QColor(theme.ON_GLASS if bold else theme.QUIET_ON_GLASS))


def paint_filled(painter: QPainter, track: QRectF, shade: QColor, value: float) -> None:
    """Fill a bar up to `value`, 0..1; its track has been painted already."""
    radius = track.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    filled = track.width() * min(max(value, 0.0), 1.0)
    if filled >= 1:
        painter.setBrush(shade)
        bar = QRectF(track.topLeft(), track.size())
        bar.setWidth(max(filled, 2.0))
        painter.drawRoundedRect(bar, min(radius, filled / 2), radius)


def paint_note(painter: QPainter, bounds: Rect, text: str, detail: str = "") -> None:
    """Paint a sentence in the middle of an empty picture, with a smaller one below it."""
    area = QRectF(*bounds).adjusted(24, 24, -24, -24)
    wrap = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.setFont(theme.font(22))
    painter.setPen(QColor(theme.TEXT))
    painter.drawText(area.adjusted(0, area.height() / 2 - 40, 0, 0), wrap, text)
    painter.setFont(theme.font(13))
    painter.setPen(QColor(theme.QUIET))
    painter.drawText(area.adjusted(0, area.height() / 2, 0, 0), wrap, detail)


def badge_rect(text: str, dot: bool, bounds: Rect) -> Rect:
    """The badge in the lower left corner, as wide as its text, but not wider than the bounds."""
    width = _metrics(True).horizontalAdvance(text) + 20 + (_LEAD if dot else 0.0)
    return Rect(bounds.x + 12, bounds.y + bounds.h - 36, min(width, bounds.w - 24), 24)


def paint_badge(painter: QPainter, place: Rect, text: str, dot: QColor | None) -> None:
    """Paint a badge; text that is too long is elided in the middle."""
    lead = 0.0 if dot is None else _LEAD
    # one pixel to spare: adding and subtracting the text width rounds
    shown = _metrics(True).elidedText(text, Qt.TextElideMode.ElideMiddle, place.w - 20 - lead + 1)
    badge = QRectF(*place)
    paint_rounded(painter, badge, 12, GLASS)
    if dot is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dot)
        painter.drawEllipse(QPointF(place.x + 15, place.y + 12), 4.5, 4.5)
    _write_in(painter, True)
    painter.drawText(badge.adjusted(10 + lead, 0, 0, 0), _LEFT, shown)


@cache
def _metrics(bold: bool, pixels: int = FONT) -> QFontMetricsF:
    return QFontMetricsF(theme.font(pixels, bold=bold))
