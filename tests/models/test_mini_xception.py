"""The reference network for speed has the size and the operations of the one that `training` builds."""

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the extra `training`")

from models.mini_xception import MiniXception, build
from training.architectures import build as build_trainable
from training.architectures import multiply_accumulates

pytestmark = pytest.mark.training


def test_as_large_as_the_one_that_learns() -> None:
    timed, trainable = build(), build_trainable("mini_xception", {"fer2013": 7})
    assert timed.count_params() == trainable.count_params()
    assert multiply_accumulates(timed) == multiply_accumulates(trainable)


def test_takes_any_number_of_crops() -> None:
    network = MiniXception()
    for n in (1, 3):
        given = network.probabilities(np.full((n, 48, 48, 1), 9, np.uint8))
        assert given.shape == (n, 7) and given.dtype == np.float32
        assert np.allclose(given.sum(axis=1), 1, atol=1e-5)
