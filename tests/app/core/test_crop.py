import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.crop import crop_face, crop_faces
from app.core.types import Box, Detection, Face
from models.bundle import CropGeometry

PLAIN = CropGeometry()
boxes = st.builds(Box, st.floats(-80, 160), st.floats(-80, 160), st.floats(1, 200), st.floats(1, 200))
angles = st.one_of(st.just(0.0), st.floats(-math.pi, math.pi))
geometries = st.builds(CropGeometry, st.floats(0.5, 2), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def gray(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


@given(boxes, geometries, angles, st.integers(0, 255), st.integers(1, 100), st.integers(1, 100))
def test_a_flat_image_gives_a_flat_crop(
    box: Box, geometry: CropGeometry, angle: float, level: int, height: int, width: int
) -> None:
    crop = crop_face(np.full((height, width, 3), level, np.uint8), box, geometry=geometry, angle=angle)
    assert crop.shape == (48, 48, 1)
    assert crop.dtype == np.uint8
    assert (crop == level).all()


@given(boxes, geometries, angles)
def test_levels_stay_within_those_of_the_image(box: Box, geometry: CropGeometry, angle: float) -> None:
    image = noise(70, 90)
    crop = crop_face(image, box, geometry=geometry, angle=angle)
    assert gray(image).min() <= crop.min()
    assert crop.max() <= gray(image).max()


@given(st.integers(-40, 40), st.integers(-40, 40), st.floats(4, 150), st.floats(0, 1))
def test_moving_image_and_box_together_changes_nothing(dx: int, dy: int, size: float, offset: float) -> None:
    small = noise(100, 100)
    around = np.zeros((400, 400, 3), np.uint8)
    around[150:250, 150:250] = small
    moved = np.roll(around, (dy, dx), (0, 1))
    box = Box(170 + offset, 165 + offset, size, size)
    a = crop_face(around, box, geometry=PLAIN)
    b = crop_face(moved, Box(box.x + dx, box.y + dy, size, size), geometry=PLAIN)
    np.testing.assert_allclose(a.astype(int), b.astype(int), atol=1)


@pytest.mark.parametrize("factor", [1, 2, 5])
def test_whole_factors_equal_area_averaging(factor: int) -> None:
    side = 48 * factor
    image = noise(side + 40, side + 30)
    crop = crop_face(image, Box(10, 20, side, side), geometry=PLAIN)[:, :, 0]
    expected = cv2.resize(gray(image)[20 : 20 + side, 10 : 10 + side], (48, 48), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(crop.astype(int), expected.astype(int), atol=1)


def test_broken_factors_equal_area_averaging() -> None:
    image = noise(200, 200)
    crop = crop_face(image, Box(30, 40, 101, 101), geometry=PLAIN)[:, :, 0]
    expected = cv2.resize(gray(image)[40:141, 30:131], (48, 48), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(crop.astype(int), expected.astype(int), atol=1)


def test_enlarging_equals_bilinear() -> None:
    image = noise(40, 40)
    crop = crop_face(image, Box(0, 0, 40, 40), geometry=PLAIN)[:, :, 0]
    expected = cv2.resize(gray(image), (48, 48), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_allclose(crop.astype(int), expected.astype(int), atol=1)


@pytest.mark.parametrize("size", [30.0, 60.0, 300.0])
def test_a_fraction_of_a_pixel_counts(size: float) -> None:
    ramp = np.repeat(np.linspace(0, 250, 501)[np.newaxis, :, np.newaxis], 400, 0).repeat(3, 2)
    image = np.rint(ramp).astype(np.uint8)
    shift = 0.4 * size / 4
    crop = crop_face(image, Box(50 + shift, 20, size, size), geometry=PLAIN)[:, :, 0]
    centers = 50 + shift + size / 48 * (np.arange(48) + 0.5)
    np.testing.assert_allclose(crop.mean(0), (centers - 0.5) / 2, atol=0.75)


def test_border_is_replicated() -> None:
    image = noise(60, 60)
    padded = cv2.copyMakeBorder(image, 100, 100, 100, 100, cv2.BORDER_REPLICATE)
    for box in (Box(-30, -20, 70, 70), Box(40, 45, 64, 64), Box(-80, 70, 50, 50), Box(-90, -90, 230, 230)):
        a = crop_face(image, box, geometry=PLAIN)
        b = crop_face(padded, Box(box.x + 100, box.y + 100, box.w, box.h), geometry=PLAIN)
        np.testing.assert_allclose(a.astype(int), b.astype(int), atol=1)


def test_strong_shrinking_does_not_alias() -> None:
    stripes = np.zeros((960, 960, 3), np.uint8)
    stripes[:, ::2] = 255
    crop = crop_face(stripes, Box(0.5, 0, 955, 955), geometry=PLAIN)
    assert abs(int(crop.min()) - 127) <= 8
    assert abs(int(crop.max()) - 127) <= 8


def smooth(size: int) -> np.ndarray:
    """A picture whose gradient varies everywhere, so that a wrong position or angle is noticed."""
    y, x = np.mgrid[:size, :size] / size
    levels = 127 + 60 * np.sin(9 * x + 2 * y) + 60 * np.cos(7 * y - 3 * x)
    return np.repeat(np.rint(levels).astype(np.uint8)[..., np.newaxis], 3, 2)


@pytest.mark.parametrize("side", [40.0, 101.3, 260.0, 700.0])
@pytest.mark.parametrize("degrees", [0.5, -20.0, 45.0, 90.0, -135.0, 180.0])
def test_a_tilted_face_is_set_upright(side: float, degrees: float) -> None:
    size = int(side * 2.5)
    image, box = smooth(size), Box(size * 0.3, size * 0.28, side, side * 0.9)
    turn = cv2.getRotationMatrix2D((box.center[0] - 0.5, box.center[1] - 0.5), -degrees, 1.0)  # clockwise
    leaning = cv2.warpAffine(image, turn, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    geometry = CropGeometry(1.05, 0.05, -0.1)
    wanted = crop_face(image, box, geometry=geometry).astype(int)
    given_ = crop_face(leaning, box, geometry=geometry, angle=math.radians(degrees)).astype(int)
    assert np.abs(given_ - wanted).max() <= 3


def test_a_quarter_turn_is_exact() -> None:
    image = noise(96, 96)
    turned = crop_face(image, Box(0, 0, 96, 96), geometry=PLAIN, angle=math.pi / 2)[..., 0].astype(int)
    np.testing.assert_allclose(
        turned, np.rot90(crop_face(image, Box(0, 0, 96, 96), geometry=PLAIN)[..., 0].astype(int)), atol=1
    )


@pytest.mark.parametrize("angle", [0.0, 0.7])
@pytest.mark.parametrize("shape", [(1, 1), (2, 16000), (16000, 2)])
def test_odd_sizes(shape: tuple[int, int], angle: float) -> None:
    image = noise(*shape)
    for box in (Box(0, 0, shape[1], shape[0]), Box(0, 0, 1, 1), Box(-5, -5, 20000, 20000)):
        assert crop_face(image, box, geometry=PLAIN, angle=angle).shape == (48, 48, 1)


def test_the_image_is_not_modified() -> None:
    image = noise(80, 80)
    before = image.copy()
    image.flags.writeable = False
    crop_face(image, Box(10, 10, 50, 50), geometry=CropGeometry(1.5, 0.1, -0.1))
    np.testing.assert_array_equal(image, before)


def test_a_box_without_area_is_refused() -> None:
    with pytest.raises(ValueError, match="without area"):
        crop_face(noise(10, 10), Box(1, 1, 0, 4), geometry=PLAIN)


@settings(max_examples=20)
@given(st.lists(boxes, max_size=5))
def test_many_faces_are_cut_as_each_alone(many: list[Box]) -> None:
    image = noise(90, 120)
    faces = [Face(i, box, 1.0) for i, box in enumerate(many)]
    crops = crop_faces(image, faces, geometry=PLAIN)
    assert crops.shape == (len(many), 48, 48, 1)
    assert crops.dtype == np.uint8
    for crop, box in zip(crops, many, strict=True):
        np.testing.assert_array_equal(crop, crop_face(image, box, geometry=PLAIN))


def test_keypoints_turn_a_face_upright() -> None:
    image, box = noise(90, 120), Box(30, 20, 50, 50)
    eyes_and_mouth = np.float32([[50, 30], [50, 50], [43, 40], [35, 40]])  # a head lying on its left side
    (crop,) = crop_faces(image, [Detection(box, 1.0, eyes_and_mouth)], geometry=PLAIN)
    np.testing.assert_array_equal(crop, crop_face(image, box, geometry=PLAIN, angle=math.pi / 2))
