"""Augmentation: shape, range, repeatability, and the effect of each bound."""

from dataclasses import replace

import numpy as np
import pytest
from keras import ops

from training.augmentation import Augment, AugmentConfig

NOTHING = AugmentConfig(flip=0, rotation_deg=0, scale=0, aspect=0, shift=0, gamma=0, contrast=0, brightness=0, erase=0)


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(3).integers(1, 255, (32, 48, 48, 1), dtype=np.uint8)


def views(config: AugmentConfig, images: np.ndarray, seed: int = 1) -> np.ndarray:
    return np.asarray(ops.convert_to_numpy(Augment(config, seed)(images, training=True)))


def test_keeps_shape_and_range_and_repeats_with_its_seed(images: np.ndarray) -> None:
    one, same, other = (views(AugmentConfig(), images, seed) for seed in (1, 1, 2))
    assert one.shape == images.shape and one.dtype == np.float32
    assert one.min() >= 0 and one.max() <= 255
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_changes_nothing_outside_training(images: np.ndarray) -> None:
    assert np.array_equal(np.asarray(Augment(AugmentConfig(), 1)(images)), images.astype(np.float32))


def test_bounds_of_zero_change_nothing(images: np.ndarray) -> None:
    assert np.allclose(views(NOTHING, images), images, atol=0.02)


def test_a_certain_flip_mirrors(images: np.ndarray) -> None:
    assert np.allclose(views(replace(NOTHING, flip=1.0), images), images[:, :, ::-1], atol=0.02)


def test_each_picture_gets_a_view_of_its_own(images: np.ndarray) -> None:
    same = np.repeat(images[:1], 8, axis=0)
    for name, bound in {"rotation_deg": 20, "scale": 0.3, "shift": 0.2, "gamma": 0.5, "brightness": 0.3}.items():
        seen = views(replace(NOTHING, **{name: bound}), same)
        assert len({view.tobytes() for view in seen}) == 8, name


def test_blur_is_a_gaussian_with_a_width_of_its_own_for_each_picture() -> None:
    flat = np.full((1, 48, 48, 1), 77, np.uint8)
    assert np.allclose(views(replace(NOTHING, blur=1.5), flat), 77, atol=0.1)
    points = np.full((64, 48, 48, 1), 50, np.uint8)
    points[:, 24, 20] = 250
    spots = views(replace(NOTHING, blur=1.0), points)[..., 0].astype(np.float64) - 50
    assert np.allclose(spots.sum(axis=(1, 2)), 200, atol=1)
    pixels = np.arange(48)
    variances = [
        (spots.sum(axis=2) * (pixels - 24) ** 2).sum(axis=1) / 200,
        (spots.sum(axis=1) * (pixels - 20) ** 2).sum(axis=1) / 200,
    ]
    assert np.allclose(*variances, atol=0.02)
    assert variances[0].min() < 0.1 and 0.6 < variances[0].max() < 1.05


def test_erasing_touches_about_its_share_of_the_pictures(images: np.ndarray) -> None:
    many = np.repeat(images, 10, axis=0)
    changed = np.abs(views(replace(NOTHING, erase=0.5), many) - many).max(axis=(1, 2, 3)) > 1
    assert 0.35 < changed.mean() < 0.65
