"""Shapes copied from images look like painted ones, and painting does not use Qt's thread pool."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.ui.shapes import paint_outline, paint_rounded

SHADE = QColor(0, 158, 115)


def canvas(pixel_ratio: float = 1.0) -> QImage:
    image = QImage(round(400 * pixel_ratio), round(340 * pixel_ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(QColor(90, 120, 200))
    return image


def levels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


@pytest.mark.parametrize(
    "box", [(20, 30, 10, 10), (20, 30, 11, 200), (20, 30, 129, 138), (3, 5, 390, 330), (7, 9, 0, 4)]
)
@pytest.mark.parametrize(("width", "pixel_ratio"), [(2, 1.0), (3, 1.0), (2, 2.0)])
def test_an_outline_of_any_size_is_two_strokes(
    qapp, box: tuple[int, int, int, int], width: int, pixel_ratio: float
) -> None:
    copied, stroked = canvas(pixel_ratio), canvas(pixel_ratio)
    for image in (copied, stroked):
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if image is copied:
            paint_outline(painter, QRectF(*box), SHADE, width)
        else:
            for colour, wide in ((QColor(0, 0, 0, 150), 2 * width), (SHADE, width)):
                painter.setPen(QPen(colour, wide))
                painter.drawRoundedRect(QRectF(*box), 4, 4)
        painter.end()
    difference = np.abs(levels(copied) - levels(stroked))
    assert difference.max() <= 6, "rounding of what shows through"
    assert (levels(copied) != levels(canvas(pixel_ratio))).any()


def test_a_rounded_rectangle_is_filled_and_has_its_line(qapp) -> None:
    image = canvas()
    painter = QPainter(image)
    paint_rounded(painter, QRectF(10.4, 20.3, 100, 60), 9, QColor("white"), QColor("red"), 2)
    painter.end()
    assert image.pixelColor(60, 50) == QColor("white")
    assert image.pixelColor(10, 50) == image.pixelColor(60, 20) == QColor("red")
    assert image.pixelColor(9, 19) == QColor(90, 120, 200), "beyond the corner"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the names of threads are read from /proc")
def test_painting_faces_wakes_none_of_qts_threads() -> None:
    """Qt fills large paths in a thread pool and waits for it; called from Python, that stops the analysis."""
    painted = """
import sys
from collections import deque
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.core.types import Box, FaceResult, Frame, FrameResult
from app.player.player import Shown
from app.ui.badge import Badge
from app.ui.cards import Person, PersonCard
from app.ui.drawing import make_drawing
from app.ui.picture import PictureView

application = QApplication(["test"])
labels = ("anger", "happiness", "neutral")
view, card = PictureView(), PersonCard()
view.resize(1280, 720)
card.resize(272, 300)
view.badge, view.chosen = Badge("a film   0:01 / 0:20", "#ff0000"), 0


def paint(step):
    values = np.array([0.2, 0.7 - step / 50, 0.1 + step / 50], np.float32)
    boxes = (Box(50.3 + 400 * n + 1.7 * step, 40.7, 300 + step, 330) for n in range(2))
    faces = tuple(FaceResult(n, box, 0.9, values, values, "happiness", ()) for n, box in enumerate(boxes))
    shown = Shown(FrameResult(Frame(0, 0.0, np.zeros((720, 1280, 3), np.uint8)), faces, labels, {}), False, 0.0)
    view.drawn = make_drawing(deque(), shown, view._area(shown), 1.0, False)
    image = QImage(1280, 720, QImage.Format.Format_RGB32)  # as a window's own picture
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    view._paint(painter)
    card._paint(painter, Person(faces[0], labels, view.drawn.portraits[0], True, True))
    painter.end()


def wakes():
    tasks = [task for task in Path("/proc/self/task").iterdir() if "pooled" in (task / "comm").read_text()]
    lines = [line for task in tasks for line in (task / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))


pictures = 24
for step in range(pictures):  # makes the images that are copied from then on
    paint(step)
before = wakes()
for step in range(pictures):
    paint(step)
woken = wakes() - before  # a thread that was woken before may still go to sleep
sys.exit(woken >= pictures and f"woken {woken} times in {pictures} pictures")
"""
    done = subprocess.run([sys.executable, "-c", painted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
