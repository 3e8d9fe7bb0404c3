"""The picture with everything painted over it."""

import time

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.core.types import UNREADABLE, Box, FaceResult, FrameResult
from app.player.player import Shown
from app.ui import theme
from app.ui.badge import Badge
from app.ui.painting import face_text, paint_badge, paint_face, paint_note, paint_panel, panel_size, tag_rect
from app.ui.placing import Rect, fit, place_panels
from app.ui.scaling import Scaler


class PictureView(QWidget):
    """Shows one result: its own frame, scaled to the widget, and boxes, labels and bars at the screen's resolution.

    Signals:
        face_chosen: The id of a face that was clicked, or stepped to by the keys up and down.
        painted: Emitted after every paint event.
    """

    face_chosen = Signal(int)
    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture")
        self.setAccessibleName("Picture")
        self.setAccessibleDescription("The picture with its faces; the keys up and down choose a face")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.overlay = QVBoxLayout(self)
        self.overlay.setContentsMargins(14, 14, 14, 14)
        self.shown: Shown | None = None
        self.chosen: int | None = None
        self.mirrored = False
        self.bars = True
        self.note = ("", "")
        self.badge: Badge | None = None
        self.latency_s: float | None = None
        self._fresh = False
        self._places: dict[int, int] = {}
        self._scaler = Scaler()
        self._scaled: tuple[FrameResult, bool, Rect, QImage] | None = None

    def sizeHint(self) -> QSize:
        return QSize(960, 620)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 320)

    @property
    def result(self) -> FrameResult | None:
        return None if self.shown is None else self.shown.result

    def show_result(self, shown: Shown | None) -> None:
        """Show a result with its own frame, or the note where there is none."""
        self.shown = shown
        self._fresh = shown is not None
        self.update()

    def picture_rect(self) -> Rect:
        """Where the picture lies in the widget."""
        bounds = Rect(0, 0, self.width(), self.height())
        if self.result is None:
            return bounds
        height, width = self.result.frame.image.shape[:2]
        return fit(width, height, bounds)

    def face_rect(self, box: Box) -> Rect:
        """Where a box of the frame lies in the widget, mirrored as the picture is."""
        if self.result is None:
            return Rect(box.x, box.y, box.w, box.h)
        area = self.picture_rect()
        height, width = self.result.frame.image.shape[:2]
        across, down = area.w / width, area.h / height
        x = width - box.x - box.w if self.mirrored else box.x
        return Rect(area.x + x * across, area.y + box.y * down, box.w * across, box.h * down)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)
        painter.end()
        if self._fresh and self.shown is not None:
            self.latency_s = time.monotonic() - self.shown.since_s
            self._fresh = False
        self.painted.emit()

    def snapshot(self) -> QImage:
        """What is shown, without the sentences over it."""
        ratio = self.devicePixelRatioF()
        image = QImage(round(self.width() * ratio), round(self.height() * ratio), QImage.Format.Format_RGB888)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        return image

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(theme.PICTURE))
        bounds = Rect(0, 0, self.width(), self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.result is None:
            paint_note(painter, bounds, *self.note)
        else:
            area, image = self._picture(self.result)
            painter.drawImage(QPointF(area.x, area.y), image)
            self._paint_faces(painter, self.result, bounds)
        if self.badge is not None:
            dot = None if self.badge.dot is None else QColor(self.badge.dot)
            paint_badge(painter, QPointF(12, bounds.h - 36), self.badge.text, dot, bounds.w - 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        hit = [face for face in self._faces() if self.face_rect(face.box).contains(place.x(), place.y())]
        if hit:
            # The smallest face under the pointer is the one meant where boxes overlap.
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
            before = [self._places.get(face.track_id) for face in faces]
            panels = place_panels(boxes, tags, panel_size(result.labels), bounds, before)
        self._places = {face.track_id: panel[0] for face, panel in zip(faces, panels, strict=True) if panel is not None}
        # The chosen face comes last, so that nothing lies over it.
        for face, box, tag, panel in reversed(list(zip(faces, boxes, tags, panels, strict=True))):
            paint_face(painter, face, box, tag, result.labels, face.track_id == self.chosen and len(faces) > 1)
            if panel is not None and face.label != UNREADABLE:
                paint_panel(painter, panel[1], result.labels, face.smooth)

    def _picture(self, result: FrameResult) -> tuple[Rect, QImage]:
        """The frame at the size of the screen, made once for each result, size and side."""
        area = self.picture_rect()
        kept = self._scaled
        if kept is None or kept[0] is not result or kept[1] != self.mirrored or kept[2] != area:
            image = self._scaler.image(result.frame.image, area, self.devicePixelRatioF(), self.mirrored)
            kept = self._scaled = (result, self.mirrored, area, image)
        return area, kept[3]

    def describe(self) -> str:
        """The faces in words, for whoever cannot see them."""
        result = self.result
        return "" if result is None else "; ".join(face_text(face, result.labels) for face in result.faces)
