"""Explains the chosen face's label on demand: the face as the network sees it, and a heat map over it."""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.core.types import Crops, FaceResult, Image
from app.faults import fault_sentence
from app.player.messages import Choice
from app.player.parts import Openers
from app.player.why import Explainer, Why
from app.ui.controls import quiet_label
from app.ui.keys import keep_space
from app.ui.labels import label_words
from app.ui.language import translate
from app.ui.localised import localised
from app.ui.window_tasks import WindowTasks
from models.errors import InputError

SIDE = 128
LEAST = 0.01
"""If a map's largest value is below this, no single region matters."""

_WARM = np.array((255, 122, 24), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class ExplanationRequest:
    """A face to explain.

    Attributes:
        image: The frame, BGR uint8 (H, W, 3).
        face: One of its faces.
        place: Position in the source, in words; empty for a single picture.
    """

    image: Image
    face: FaceResult
    place: str


class WhyPanel(QWidget):
    """Shows the latest explanation; hidden until one is requested.

    Signals:
        answered: An explanation is shown, or the reason why it failed.

    Args:
        openers: Open the detector and the network.
    """

    answered = Signal()

    def __init__(self, openers: Openers) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._openers = openers
        self._choice: Choice | None = None
        self._occlusion = False
        self._explainer: Explainer | None = None
        self._tasks = WindowTasks(self, most=4)
        self._tasks.on_done(self._take)
        self._asked: ExplanationRequest | None = None
        self.why: Why | None = None
        self.title, self.place = QLabel(), QLabel()
        self.title.setObjectName("strong")
        self.title.setWordWrap(True)
        self.place.setObjectName("quiet")
        self.place.setWordWrap(True)
        close = QToolButton()
        close.setObjectName("plain")
        close.setText("×")
        close.setAccessibleName(translate("why", "Close the explanation"))
        close.setToolTip(translate("why", "Close the explanation"))
        close.clicked.connect(self.clear)
        keep_space(close)
        self.crop, self.map = _Square(), _Square()
        self.crop.setAccessibleName(translate("why", "The face as the network reads it"))
        self.map.setAccessibleName(translate("why", "Heat map of the face"))
        self.sentence = quiet_label()
        upper, pictures = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(self.title, 1)
        upper.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        pictures.setSpacing(6)
        pictures.addWidget(self.crop)
        pictures.addWidget(self.map)
        pictures.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(11, 8, 8, 10)
        rows.setSpacing(5)
        rows.addLayout(upper)
        rows.addWidget(self.place)
        rows.addLayout(pictures)
        rows.addWidget(self.sentence)
        self.setVisible(False)

    def ask(self, asked: ExplanationRequest, choice: Choice, *, occlusion: bool) -> None:
        """Explain a face in the background.

        Args:
            asked: The face to explain.
            choice: Detector and model in use.
            occlusion: Cover parts of the face even if Keras could compute Grad-CAM.
        """
        if self._explainer is None or (choice, occlusion) != (self._choice, self._occlusion):
            self.release()
            self._choice, self._occlusion = choice, occlusion
            self._explainer = Explainer(self._openers, choice, occlusion=occlusion)
        self._asked, self.why = asked, None
        label = label_words(asked.face.label)
        self._show(translate("why", "Why “{label}”?").format(label=label), translate("why", "Computing…"))
        self.place.setText("")
        self.crop.set_image(None)
        self.map.set_image(None)
        self._tasks.ask(asked, partial(self._explainer.explain, asked.image, asked.face))

    def clear(self) -> None:
        """Hide the explanation, for example when another source is opened."""
        self._asked = self.why = None
        self._tasks.forget()
        self.setVisible(False)

    def release(self) -> None:
        """Release the explainer, with its detector and network."""
        if self._explainer is not None:
            self._tasks.ask("release", self._explainer.close)
            self._explainer = None

    def _take(self, asked: object, found: object) -> None:
        if asked is not self._asked or not isinstance(asked, ExplanationRequest):
            return
        if isinstance(found, Why):
            self.why = found
            self._tell(asked, found)
        else:
            assert isinstance(found, Exception)
            known = isinstance(found, InputError)
            self._show(self.title.text(), localised(str(found) if known else fault_sentence(found)))
        self.answered.emit()

    def _tell(self, asked: ExplanationRequest, why: Why) -> None:
        person = translate("why", "Person #{id}").format(id=asked.face.track_id)
        label = label_words(why.label)
        title = translate("why", "Why “{label}”?").format(label=label)
        self.place.setText(f"{person}, {asked.place}" if asked.place else person)
        self._show(title, sentence_of(why))
        self.crop.set_image(gray_image(why.crop))
        self.map.set_image(heat_image(why.crop, why.heat))
        self.map.setAccessibleDescription(self.sentence.text())

    def _show(self, title: str, sentence: str) -> None:
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.setVisible(True)


class _Square(QWidget):
    """A picture in a square."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._image: QImage | None = None

    def sizeHint(self) -> QSize:
        return QSize(SIDE - 8, SIDE - 8)

    def set_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._image)
            painter.end()


def sentence_of(why: Why) -> str:
    """What the map shows and what it does not, and whether smoothing makes the label differ from this frame's."""
    label = label_words(why.label)
    if float(why.heat.max()) < LEAST:
        text = translate("why", "No single place of the face mattered for “{label}”.")
    elif why.method == "grad-cam":
        text = translate(
            "why",
            "Warm places raised the network's score for “{label}” most (Grad-CAM). It shows what the network looked "
            "at, not what the person feels.",
        )
    else:
        text = translate(
            "why",
            "Covering the warm places lowers the probability of “{label}” most, by up to {points} points. It shows "
            "what the network looked at, not what the person feels.",
        )
    message = text.format(label=label, points=round(float(why.heat.max()) * 100))
    if why.alone != why.label:
        held = translate("why", "This moment alone reads as “{other}”; the label is smoothed over time.")
        message = f"{message} {held.format(other=label_words(why.alone))}"
    return message


def gray_image(crop: Crops) -> QImage:
    """A crop, uint8 (h, w, 1), as an image of four times its size."""
    return _image_of(np.repeat(crop, 3, axis=2).astype(np.float32))


def heat_image(crop: Crops, heat: NDArray[np.float32]) -> QImage:
    """A crop, uint8 (h, w, 1), with a map, 0..1 (h, w), as colour over it, scaled to the map's maximum."""
    top = float(heat.max())
    share = heat / top if top >= LEAST else np.zeros_like(heat)
    gray = np.repeat(crop, 3, axis=2).astype(np.float32)
    weight = 0.8 * share[..., np.newaxis]
    return _image_of(gray * (1 - weight) + _WARM * weight)


def _image_of(rgb: NDArray[np.float32]) -> QImage:
    levels = np.clip(np.rint(rgb), 0, 255).astype(np.uint8)
    pixels = cv2.resize(levels, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888).copy()
