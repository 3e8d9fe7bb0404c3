"""BlazeFace finds the same faces in LiteRT and in MediaPipe's library. Run in the sandbox, by tests/privacy."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import pytest

from app.core.geometry import iou
from app.core.scan import tiles
from app.core.stages import ViewDetector
from app.core.types import Box, Image
from app.core.views import VIEW, Pyramid
from app.detectors import open_detector

ROOT = Path(__file__).parents[3]
EVERY = 10
"""Every n-th frame of a film is compared."""

pytestmark = pytest.mark.skipif(
    not os.environ.get("MIMIK_CAGED"), reason="MediaPipe's library is opened in a cage only, by tests/privacy"
)


def compared(images: Iterable[Image], model: Path) -> tuple[int, int, int]:
    """Number of faces found by the library, number of them that BlazeFace finds too, and of its extra faces."""
    ours = open_detector("blazeface", model_file=model)
    theirs = open_detector("mediapipe", model_file=model, notify=lambda _: None)
    wanted = same = besides = 0
    try:
        for image in images:
            left = list(ours.detect(image))
            for face in theirs.detect(image):
                wanted += 1
                twin = max(left, key=lambda one: iou(one.box, face.box), default=None)
                if twin is not None and iou(twin.box, face.box) > 0.95 and abs(twin.score - face.score) < 0.03:
                    same += 1
                    left.remove(twin)
            besides += len(left)
    finally:
        ours.close()
        theirs.close()
    return wanted, same, besides


def frames(film: Path) -> Iterator[Image]:
    capture = cv2.VideoCapture(str(film))
    number = 0
    while (read := capture.read())[0]:
        if number % EVERY == 0:
            yield read[1]
        number += 1
    capture.release()


def assert_the_same(images: Iterable[Image], model: Path) -> None:
    wanted, same, besides = compared(images, model)
    assert wanted > 0
    assert same >= 0.99 * wanted, f"{same} of {wanted} alike, {besides} besides"
    assert besides <= 0.01 * wanted, f"{besides} besides {wanted}"


def test_on_the_demo(blazeface: Path) -> None:
    assert_the_same(frames(ROOT / "assets" / "demo.mp4"), blazeface)


def test_on_photos(shared: Path, blazeface: Path) -> None:
    paths = sorted((shared / "data" / "photos" / "images").iterdir())
    assert_the_same((cv2.imread(str(path)) for path in paths), blazeface)


def clamped(box: Box) -> Box:
    """How the library treats a box that extends beyond its view: position and size are clamped separately, which
    moves the box. In films this affects about one box in twenty, where the edge of a tile cuts a face."""
    return Box(max(box.x, 0.0), max(box.y, 0.0), min(box.w, float(VIEW)), min(box.h, float(VIEW)))


@pytest.mark.parametrize("seed", [3, 7])
def test_on_the_views_of_a_made_clip(seed: int, shared: Path, blazeface: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    words = [str(clip), "--seed", str(seed), "--seconds", "3"]
    subprocess.run([sys.executable, str(shared / "tools" / "make_clip.py"), *words], check=True, timeout=120)
    ours = open_detector("blazeface", model_file=blazeface)
    theirs = open_detector("mediapipe", model_file=blazeface, notify=lambda _: None)
    assert isinstance(ours, ViewDetector) and isinstance(theirs, ViewDetector)
    wanted = same = 0
    for image in frames(clip):
        pyramid = Pyramid(image)
        plan = [tile.square for tile in tiles(pyramid.width, pyramid.height) if tile.rank < 2]
        views = pyramid.views(plan)
        for mine, library in zip(ours.look(views), theirs.look(views), strict=True):
            assert len(mine) == len(library)
            for one, other in zip(mine, library, strict=True):
                wanted += 1
                same += iou(clamped(one.box), other.box) > 0.95 and abs(one.score - other.score) < 1e-5
    ours.close()
    theirs.close()
    assert wanted > 20
    assert same == wanted
