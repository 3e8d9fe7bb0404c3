"""Every network builds, learns from one step, and converts."""

import keras
import numpy as np
import pytest

from models.emotions import FER2013, FERPLUS, MIXTURE, SETS, project
from models.engines.classifier import softmax
from models.errors import InputError
from training.architectures import NAMES, build, multiply_accumulates, origin
from training.augmentation import Augment, AugmentConfig
from training.litert import to_litert
from training.step import TrainingStep

HEADS = {name: len(labels) for name, labels in SETS.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_network_learns_a_batch_and_converts(name: str) -> None:
    keras.utils.set_random_seed(0)
    network = build(name, HEADS)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (8, 48, 48, 1), dtype=np.uint8)
    targets = {head: np.eye(k, dtype=np.float32)[np.arange(8) % k] for head, k in HEADS.items()}
    step = TrainingStep(network, images, targets, Augment(AugmentConfig(), 1), {})
    step.compile(optimizer=keras.optimizers.SGD(0.01))
    before = [np.array(weight) for weight in network.get_weights()]
    result = step.fit(np.arange(8, dtype=np.int32), batch_size=8, verbose=0)
    assert np.isfinite(result.history["loss"][0])
    assert any(not np.array_equal(old, new) for old, new in zip(before, network.get_weights(), strict=True))
    outputs = network.predict_on_batch(images.astype(np.float32))
    widths = {**HEADS, MIXTURE: 8}
    assert {head: values.shape for head, values in outputs.items()} == {head: (8, k) for head, k in widths.items()}
    classes, votes, mixture = (softmax(np.asarray(outputs[head])) for head in ("fer2013", "ferplus", MIXTURE))
    wanted = 0.4 * votes
    wanted[:, :7] += 0.6 * project(classes, FER2013, FERPLUS[:7])
    assert np.allclose(mixture, wanted, atol=1e-5)
    assert len(to_litert(network, "dynamic-int8")) > 10_000
    assert origin(name)


def test_multiplications_are_counted_by_hand_for_one_small_network() -> None:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(4, 3, padding="same")(inputs)
    x = keras.layers.SeparableConv2D(2, 3, padding="same", strides=2)(x)
    x = keras.layers.Dense(3)(keras.layers.Flatten()(x))
    assert multiply_accumulates(keras.Model(inputs, x)) == 64 * 9 * 4 + 16 * (9 * 4 + 4 * 2) + 32 * 3


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(InputError, match="student"):
        build("vgg99", HEADS)
