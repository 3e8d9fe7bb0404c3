"""Variants of a picture of a face: the box stays on the face."""

from types import ModuleType

import numpy as np
import pytest

from app.commands import variants
from app.commands.variants import varied
from app.core.geometry import iou
from app.core.types import Box, Detection, Image

BOX = Box(60, 40, 50, 50)
EYES = np.array([[72, 58], [96, 58], [84, 70], [84, 80], [62, 62], [108, 62]], np.float32)


@pytest.fixture
def image(fakes: ModuleType) -> Image:
    """A bright square as a face."""
    return fakes.picture((int(BOX.x), int(BOX.y), int(BOX.w)))


def bright(image: Image) -> Box:
    """The bounding box of the pixels above half of the maximum."""
    rows, columns = np.nonzero(image.max(axis=2) > image.max() / 2)
    x, y = columns.min(), rows.min()
    return Box(x, y, columns.max() + 1 - x, rows.max() + 1 - y)


def seen(box: Box, image: Image) -> Box:
    """The part of a box inside the picture."""
    height, width = image.shape[:2]
    x, y = max(box.x, 0), max(box.y, 0)
    return Box(x, y, min(box.x + box.w, width) - x, min(box.y + box.h, height) - y)


@pytest.mark.parametrize("way", sorted(set(variants._WAYS), key=lambda way: way.__name__), ids=lambda way: way.__name__)
def test_the_box_is_where_the_face_is(image: Image, way) -> None:
    before, rng = image.copy(), np.random.default_rng(1)
    changed = False
    for _ in range(20):
        picture, box = way(image, Detection(BOX, 0.9, EYES), rng)
        assert picture.dtype == np.uint8 and picture.shape[2] == 3
        changed |= picture.shape != image.shape or not np.array_equal(picture, image)
        if way in (variants._covered, variants._sunglasses):
            assert box == BOX and not np.array_equal(picture, image)
        else:
            assert iou(seen(box, picture), bright(picture)) > 0.5  # a tilted square has a wider box
    assert changed == (way is not variants._as_it_is)
    assert np.array_equal(image, before), "the picture itself is left alone"


def test_half_of_them_are_mirrored_and_chance_repeats(image: Image) -> None:
    face = Detection(BOX, 0.9)  # sunglasses need eyes
    made = [varied(image, face, np.random.default_rng(seed)) for seed in range(60)]
    again = [varied(image, face, np.random.default_rng(seed)) for seed in range(60)]
    assert all(np.array_equal(a, b) and box == same for (a, box), (b, same) in zip(made, again, strict=True))
    left = sum(box.center[0] < picture.shape[1] / 2 for picture, box in made)
    assert 10 < left < 50, "the face is to the right of the middle unless the picture is mirrored"
