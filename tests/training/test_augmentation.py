"""Random views: shape, range, repeatability, and that each bound does what it says."""

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


def test_erasing_touches_about_its_share_of_the_pictures(images: np.ndarray) -> None:
    many = np.repeat(images, 10, axis=0)
    changed = np.abs(views(replace(NOTHING, erase=0.5), many) - many).max(axis=(1, 2, 3)) > 1
    assert 0.35 < changed.mean() < 0.65
