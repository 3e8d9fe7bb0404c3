"""Shapes painted in every frame, rendered once and then copied.

Qt fills paths of about a hundred spans or more in a thread pool and waits for it. Called from Python, it holds the
interpreter's lock (GIL) meanwhile, and the analysis stands still. Copying an image needs no other thread.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

_DARK = QColor(0, 0, 0, 150)
_CORNER, _SIDE = 10, 128
_RADIUS = 4.0


def blank(width: float, height: float, pixel_ratio: float) -> QImage:
    """A transparent image of a size in screen pixels, in the format that is copied fastest."""
    size = QSize(max(1, round(width * pixel_ratio)), max(1, round(height * pixel_ratio)))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def paint_rounded(
    painter: QPainter, place: QRectF, radius: float, fill: QColor, line: QColor | None = None, line_width: int = 1
) -> None:
    """Paint a rectangle with rounded corners at the nearest whole pixels, and an outline if `line` is given.

    Args:
        painter: Its pen and brush are neither used nor changed.
        place: In screen pixels; the outline is centred on its edge.
        radius: Corner radius in screen pixels.
        fill: Fill colour.
        line, line_width: Colour and width of the outline.
    """
    ratio = painter.device().devicePixelRatioF()
    edge = None if line is None else line.rgba()
    image = _rounded(round(place.width()), round(place.height()), radius, fill.rgba(), edge, line_width, ratio)
    room = 0 if line is None else line_width
    painter.drawImage(QPointF(round(place.x()) - room, round(place.y()) - room), image)


@lru_cache(maxsize=256)
def _rounded(
    width: int, height: int, radius: float, fill: int, line: int | None, line_width: int, pixel_ratio: float
) -> QImage:
    room = 0 if line is None else line_width
    image = blank(width + 2 * room, height + 2 * room, pixel_ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if line is None else QPen(QColor.fromRgba(line), line_width))
    painter.setBrush(QColor.fromRgba(fill))
    painter.drawRoundedRect(QRectF(room, room, width, height), radius, radius)
    painter.end()
    return image


@lru_cache(maxsize=4)
def hatching(width: int, height: int, ink: int, pixel_ratio: float) -> QImage:
    """Thin diagonal lines on a transparent image; `ink` is 0xAARRGGBB."""
    image = blank(width, height, pixel_ratio)
    painter = QPainter(image)
    painter.fillRect(QRectF(0, 0, width, height), QBrush(QColor.fromRgba(ink), Qt.BrushStyle.BDiagPattern))
    painter.end()
    return image


def paint_outline(painter: QPainter, box: QRectF, shade: QColor, width: int) -> None:
    """Paint the outline of a face at the nearest whole pixels: a coloured line over a dark one twice as wide.

    The dark line keeps the box visible on a picture of the same colour.

    Args:
        painter: Paints in screen pixels.
        box: The centre of the line, in screen pixels.
        shade: Colour of the line.
        width: Of the coloured line in pixels.
    """
    left, top = round(box.left()), round(box.top())
    across, down = round(box.right()) - left, round(box.bottom()) - top
    if min(across, down) < _CORNER:  # the corners would overlap, and there are few spans
        _stroke(painter, QRectF(left, top, across, down), shade, width)
        return
    ratio = painter.device().devicePixelRatioF()
    image = _outline(shade.rgba(), width, ratio)

    def copy(x: int, y: int, from_x: int, from_y: int, wide: int, high: int) -> None:
        part = QRectF(from_x * ratio, from_y * ratio, wide * ratio, high * ratio)
        painter.drawImage(QRectF(x, y, wide, high), image, part)

    reach, far = _CORNER // 2, _CORNER + _SIDE
    ends_x = ((left - reach, 0), (left + across - reach, far))
    ends_y = ((top - reach, 0), (top + down - reach, far))
    for x, from_x in ends_x:
        for y, from_y in ends_y:
            copy(x, y, from_x, from_y, _CORNER, _CORNER)
    for start in range(reach, across - reach, _SIDE):
        for y, from_y in ends_y:
            copy(left + start, y, _CORNER, from_y, min(_SIDE, across - reach - start), _CORNER)
    for start in range(reach, down - reach, _SIDE):
        for x, from_x in ends_x:
            copy(x, top + start, from_x, _CORNER, _CORNER, min(_SIDE, down - reach - start))


@lru_cache(maxsize=64)
def _outline(shade: int, width: int, pixel_ratio: float) -> QImage:
    """The outline of a square, from which the corners and sides of any box are copied."""
    image = blank(2 * _CORNER + _SIDE, 2 * _CORNER + _SIDE, pixel_ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = _CORNER + _SIDE
    _stroke(painter, QRectF(_CORNER // 2, _CORNER // 2, side, side), QColor.fromRgba(shade), width)
    painter.end()
    return image


def _stroke(painter: QPainter, box: QRectF, shade: QColor, width: int) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, wide in ((_DARK, width * 2), (shade, width)):
        painter.setPen(QPen(colour, wide))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
