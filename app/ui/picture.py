"""The picture, with boxes, labels, bars and badge painted over it."""

import time
from collections import deque
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.core.types import UNREADABLE, Box, FaceResult, FrameResult
from app.player.player import Shown
from app.ui import theme
from app.ui.badge import Badge
from app.ui.drawing import Drawn, make_drawing
from app.ui.language import translate
from app.ui.painting import (
    BADGE_ROOM,
    badge_rect,
    face_text,
    paint_badge,
    paint_face,
    paint_note,
    paint_panel,
    panel_size,
    tag_rect,
)
from app.ui.panel_layout import Rect, fit, place_panels
from app.ui.scaling import Scaler
from app.ui.window_tasks import WindowTasks


class PictureView(QWidget):
    """Shows one result: its frame, scaled to the widget, with boxes, labels and bars at screen resolution.

    Frames are scaled in a background thread, so painting takes equally long for frames of any size.

    Signals:
        changed: Another result is shown.
        face_chosen: Id of a face that was clicked, or chosen with the up and down keys.
        painted: Emitted after every paint event.
    """

    changed = Signal()
    face_chosen = Signal(int)
    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture")
        self.setAccessibleName(translate("picture", "Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.overlay = QVBoxLayout(self)
        self.overlay.setContentsMargins(14, 14, 14, 14)
        self.drawn: Drawn | None = None
        self.chosen: int | None = None
        self.bars = True
        self.note = ("", "")
        self.badge: Badge | None = None
        self.latency_s: float | None = None
        self._fresh = False
        self._places: dict[int, int] = {}
        self._mirrored = self._ringed = False
        self._sources = 0
        self._wanted: Shown | None = None
        self._spare: deque[Scaler] = deque()
        self._scaling = WindowTasks(self)
        self._scaling.on_done(self._take)
        self.describe()

    def sizeHint(self) -> QSize:
        return QSize(960, 620)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 200)

    @property
    def shown(self) -> Shown | None:
        """The result on the screen, with its timing; None if there is none."""
        return None if self.drawn is None else self.drawn.shown

    @property
    def result(self) -> FrameResult | None:
        """The result on the screen; None if there is none."""
        return None if self.shown is None else self.shown.result

    @property
    def mirrored(self) -> bool:
        """Whether pictures are mirrored."""
        return self._mirrored

    @mirrored.setter
    def mirrored(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self._redraw()

    def show_result(self, shown: Shown | None) -> None:
        """Show a result as soon as its frame is scaled; None shows the note at once."""
        self._wanted = shown
        if shown is not None:
            self._redraw()
            return
        self._scaling.forget()
        self._sources += 1  # drops the frame that is being scaled
        self._use(None)
        self.changed.emit()

    def picture_rect(self) -> Rect:
        """The picture's rectangle in the widget."""
        return self._bounds() if self.shown is None else self._area(self.shown)

    def _bounds(self) -> Rect:
        return Rect(0, 0, self.width(), self.height())

    def _area(self, shown: Shown) -> Rect:
        height, width = shown.result.frame.image.shape[:2]
        return fit(width, height, self._bounds())

    def _redraw(self) -> None:
        """Scale the newest result for the widget's current size."""
        if self._wanted is not None:
            area, ratio = self._area(self._wanted), self.devicePixelRatioF()
            self._scaling.ask(
                self._sources, partial(make_drawing, self._spare, self._wanted, area, ratio, self._mirrored)
            )

    def _take(self, sources: object, found: object) -> None:
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, Drawn)
        if sources != self._sources:
            self._spare.append(found.scaler)
            return
        another = found.shown is not self.shown
        self._use(found)
        self._fresh |= another
        if another:
            self.changed.emit()

    def _use(self, drawn: Drawn | None) -> None:
        """Paint this from now on; the memory of the previous picture is reused."""
        if self.drawn is not None:
            self._spare.append(self.drawn.scaler)
        self.drawn = drawn
        self.update()

    def face_rect(self, box: Box) -> Rect:
        """The rectangle of a frame's box in the widget, mirrored if the picture is."""
        if self.result is None:
            return Rect(box.x, box.y, box.w, box.h)
        area = self.picture_rect()
        height, width = self.result.frame.image.shape[:2]
        across, down = area.w / width, area.h / height
        x = width - box.x - box.w if self.drawn is not None and self.drawn.mirrored else box.x
        return Rect(area.x + x * across, area.y + box.y * down, box.w * across, box.h * down)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)
        if self._ringed:
            painter.setPen(QPen(QColor(theme.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
        if self._fresh and self.shown is not None:
            self.latency_s = time.monotonic() - self.shown.since_s
            self._fresh = False
        self.painted.emit()

    def snapshot(self) -> QImage:
        """An image of the widget, without the banners over it."""
        ratio = self.devicePixelRatioF()
        image = QImage(round(self.width() * ratio), round(self.height() * ratio), QImage.Format.Format_RGB888)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        return image

    def _paint(self, painter: QPainter) -> None:
        bounds = self._bounds()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.drawn is None:
            painter.fillRect(self.rect(), QColor(theme.PICTURE))
            paint_note(painter, bounds, *self.note)
        else:
            area = self.picture_rect()
            # fill only the area around the picture: filling all of it takes longer than drawing the picture
            painter.setClipRegion(QRegion(self.rect()) - QRegion(QRectF(*area).toAlignedRect()))
            painter.fillRect(self.rect(), QColor(theme.PICTURE))
            painter.setClipping(False)
            if area == self.drawn.area:
                painter.drawImage(QPointF(area.x, area.y), self.drawn.image)
            else:  # the widget was resized, and the frame is still being scaled for the new size
                painter.drawImage(QRectF(*area), self.drawn.image)
            self._paint_faces(painter, self.drawn.shown.result, bounds)
        if self.badge is not None:
            dot = None if self.badge.dot is None else QColor(self.badge.dot)
            paint_badge(painter, badge_rect(self.badge.text, dot is not None, bounds), self.badge.text, dot)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Keyboard users need to see the focus; a ring after each click would distract.
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._redraw()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._redraw()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        hit = [face for face in self._faces() if self.face_rect(face.box).contains(place.x(), place.y())]
        if hit:
            # Where boxes overlap, the smallest face under the pointer is meant.
            self.face_chosen.emit(min(hit, key=lambda face: face.box.area).track_id)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        faces = sorted(self._faces(), key=lambda face: self.face_rect(face.box).x)
        if step is None or not faces:
            super().keyPressEvent(event)
            return
        ids = [face.track_id for face in faces]
        position = ids.index(self.chosen) + step if self.chosen in ids else 0
        self.face_chosen.emit(ids[position % len(ids)])

    def _faces(self) -> tuple[FaceResult, ...]:
        return () if self.result is None else self.result.faces

    def _paint_faces(self, painter: QPainter, result: FrameResult, bounds: Rect) -> None:
        faces = sorted(result.faces, key=lambda face: (face.track_id != self.chosen, -face.box.area))
        boxes = [self.face_rect(face.box) for face in faces]
        tags = [tag_rect(face, box, result.labels, bounds) for face, box in zip(faces, boxes, strict=True)]
        panels: list[tuple[int, Rect] | None] = [None] * len(faces)
        if self.bars:
            free = bounds if self.badge is None else Rect(bounds.x, bounds.y, bounds.w, bounds.h - BADGE_ROOM)
            before = [self._places.get(face.track_id) for face in faces]
            panels = place_panels(boxes, tags, panel_size(result.labels), free, before)
        self._places = {face.track_id: panel[0] for face, panel in zip(faces, panels, strict=True) if panel is not None}
        # The chosen face is painted last, on top of the others.
        for face, box, tag, panel in reversed(list(zip(faces, boxes, tags, panels, strict=True))):
            paint_face(painter, face, box, tag, result.labels, face.track_id == self.chosen and len(faces) > 1)
            if panel is not None and face.label != UNREADABLE:
                paint_panel(painter, panel[1], result.labels, face.smooth)

    def describe(self) -> None:
        """Describe the faces in words for screen readers."""
        faces = "; ".join(face_text(face, self.result.labels) for face in self.result.faces) if self.result else ""
        keys = translate("picture", "The picture with its faces; the keys up and down choose a face")
        told = faces or keys
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)
