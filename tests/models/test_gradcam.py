"""Grad-CAM of networks with a known answer."""

import numpy as np
import pytest

from models.errors import InputError

keras = pytest.importorskip("keras", reason="Grad-CAM needs the extra `training`")
pytestmark = pytest.mark.training


def corner_network():
    """A network whose label 0 sums the light in the upper left quarter, and label 1 in the lower right one."""
    inputs = keras.Input((48, 48, 1))
    planes = keras.layers.Conv2D(2, 12, strides=12, use_bias=False, name="planes")(inputs)
    x = keras.layers.Flatten()(planes)
    outputs = {"head": keras.layers.Dense(2, use_bias=False, name="head")(x)}
    network = keras.Model(inputs, outputs)
    network.get_layer("planes").set_weights([np.ones((12, 12, 1, 2), np.float32)])
    weights = np.zeros((4, 4, 2, 2), np.float32)
    weights[:2, :2, 0, 0] = 1
    weights[2:, 2:, 1, 1] = 1
    network.get_layer("head").set_weights([weights.reshape(32, 2)])
    return network


def test_the_map_is_a_plane_from_0_to_1() -> None:
    from models.engines.gradcam import GradCam

    crop = np.zeros((48, 48, 1), np.uint8)
    crop[4:10, 26:34] = 200
    heat = GradCam(corner_network(), "head").map(crop, 0)
    assert heat.shape == (4, 4)
    assert heat.dtype == np.float32
    assert heat.max() == 1
    assert heat.min() == 0
    assert np.unravel_index(heat.argmax(), heat.shape) == (0, 2)


def test_a_crop_that_raises_nothing_gives_zero() -> None:
    from models.engines.gradcam import GradCam

    assert not GradCam(corner_network(), "head").map(np.zeros((48, 48, 1), np.uint8), 1).any()


def test_a_network_without_a_plane_is_refused() -> None:
    from models.engines.gradcam import GradCam

    inputs = keras.Input((48, 48, 1))
    flat = keras.layers.Dense(2)(keras.layers.Flatten()(inputs))
    with pytest.raises(InputError, match="no plane"):
        GradCam(keras.Model(inputs, {"head": flat}, name="flat"), "head")
