"""Occlusion maps: the probability lost by covering parts of a face."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.core.occlusion import occlusion_map
from app.core.types import Crops, Probabilities

crops = arrays.arrays(np.uint8, (24, 24, 1))
patches = st.integers(1, 24).flatmap(lambda patch: st.tuples(st.just(patch), st.integers(1, patch)))


def by_level(views: Crops) -> Probabilities:
    """The second label's probability grows with brightness."""
    share = views.mean(axis=(1, 2, 3)) / 255
    return np.stack((1 - share, share), axis=1).astype(np.float32)


@given(crop=crops, sizes=patches, target=st.integers(0, 1))
def test_the_map_has_the_shape_of_the_crop_and_values_of_probabilities(
    crop: Crops, sizes: tuple[int, int], target: int
) -> None:
    before = crop.copy()
    found = occlusion_map(crop, by_level, target, patch=sizes[0], step=sizes[1])
    assert found.shape == (24, 24)
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.max() <= 1
    assert np.array_equal(crop, before)


@given(level=st.integers(0, 255), sizes=patches)
def test_a_patch_that_changes_nothing_gives_zero(level: int, sizes: tuple[int, int]) -> None:
    flat = np.full((24, 24, 1), level, np.uint8)
    assert not occlusion_map(flat, by_level, 1, patch=sizes[0], step=sizes[1]).any()


@given(crop=crops)
def test_a_reader_that_sees_nothing_gives_zero(crop: Crops) -> None:
    assert not occlusion_map(crop, lambda views: np.full((len(views), 3), 1 / 3, np.float32), 0).any()


@given(y=st.integers(0, 23), x=st.integers(0, 23))
def test_the_place_that_is_looked_at_is_the_warmest(y: int, x: int) -> None:
    crop = np.zeros((24, 24, 1), np.uint8)
    crop[y, x] = 200

    def by_one_pixel(views: Crops) -> Probabilities:
        lit = views[:, y, x, 0] > 100
        return np.where(lit[:, None], (0.1, 0.9), (0.9, 0.1)).astype(np.float32)

    found = occlusion_map(crop, by_one_pixel, 1, patch=6, step=3)
    assert found[y, x] == found.max() == pytest.approx(0.8)
    assert found[(y + 12) % 24, (x + 12) % 24] == 0


def test_everything_is_read_in_one_batch() -> None:
    calls: list[int] = []

    def count(views: Crops) -> Probabilities:
        calls.append(len(views))
        return by_level(views)

    occlusion_map(np.zeros((48, 48, 1), np.uint8), count, 0)
    assert calls == [50]


@pytest.mark.parametrize(("patch", "step"), [(0, 1), (25, 1), (6, 7), (6, 0)])
def test_patches_that_do_not_cover_the_crop_are_refused(patch: int, step: int) -> None:
    with pytest.raises(ValueError, match="do not cover"):
        occlusion_map(np.zeros((24, 24, 1), np.uint8), by_level, 0, patch=patch, step=step)
