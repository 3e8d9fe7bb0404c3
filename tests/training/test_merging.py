"""The average of runs."""

import keras
import numpy as np
import pytest

from training.merging import estimate_statistics


def normalised() -> keras.Model:
    inputs = keras.Input((48, 48, 1))
    x = keras.layers.BatchNormalization(momentum=0.9)(inputs)
    return keras.Model(inputs, x)


def test_statistics_are_those_of_the_pictures_whatever_they_were_before() -> None:
    network = normalised()
    layer = network.layers[-1]
    layer.moving_mean.assign([1000.0])
    images = np.random.default_rng(1).integers(0, 256, (700, 48, 48, 1), dtype=np.uint8)
    images[:350] //= 4
    estimate_statistics(network, images, 1)
    assert float(layer.moving_mean[0]) == pytest.approx(images.mean(), rel=1e-2)
    assert float(layer.moving_variance[0]) == pytest.approx(images.astype(float).var(), rel=1e-2)
    assert layer.momentum == 0.9
