import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.crop import crop_face, crop_faces
from app.core.types import Box, Face
from models.bundle import CropGeometry

PLAIN = CropGeometry()
boxes = st.builds(Box, st.floats(-80, 160), st.floats(-80, 160), st.floats(1, 200), st.floats(1, 200))
geometries = st.builds(CropGeometry, st.floats(0.5, 2), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def gray(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


@given(boxes, geometries, st.integers(0, 255), st.integers(1, 100), st.integers(1, 100))
def test_a_flat_image_gives_a_flat_crop(box: Box, geometry: CropGeometry, level: int, height: int, width: int) -> None:
    crop = crop_face(np.full((height, width, 3), level, np.uint8), box, geometry=geometry)
    assert crop.shape == (48, 48, 1)
    assert crop.dtype == np.uint8
    assert (crop == level).all()


@given(boxes, geometries)
def test_levels_stay_within_those_of_the_image(box: Box, geometry: CropGeometry) -> None:
    image = noise(70, 90)
    crop = crop_face(image, box, geometry=geometry)
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


@pytest.mark.parametrize("shape", [(1, 1), (2, 16000), (16000, 2)])
def test_odd_sizes(shape: tuple[int, int]) -> None:
    image = noise(*shape)
    for box in (Box(0, 0, shape[1], shape[0]), Box(0, 0, 1, 1), Box(-5, -5, 20000, 20000)):
        assert crop_face(image, box, geometry=PLAIN).shape == (48, 48, 1)


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
