"""Every network builds, learns in one step with every label set, and converts."""

from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from models.bundle import LITERT_FILE
from models.conversion import to_litert
from models.emotions import FER2013, FERPLUS, MIXTURE, SETS, project
from models.engines.classifier import softmax
from models.engines.litert import LiteRTEngine
from models.errors import InputError
from training.architectures import NAMES, build, multiply_accumulates, origin
from training.recipes.recipe import Recipe
from training.run_network import describe_network
from training.step import TrainingStep

HEADS = {name: len(labels) for name, labels in SETS.items()}
LARGE = ("vgg16", "resnet50", "resnet101", "mobilenet_v2", "densenet169")


def values(network: keras.Model) -> list[NDArray]:
    """Weights and statistics, without random states."""
    return [keras.ops.convert_to_numpy(weight) for weight in network.weights]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in LARGE else name for name in NAMES]
)
def test_a_network_learns_a_batch_of_every_label_set_and_converts(name: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    network = build(name, HEADS)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (4, 48, 48, 1), dtype=np.uint8)
    targets = {head: np.eye(k, dtype=np.float32)[np.arange(4) % k] for head, k in HEADS.items()}
    step = TrainingStep(network, images, targets, Recipe(batch=4, averaging=0.0), 1)
    step.compile(optimizer=keras.optimizers.SGD(0.01), run_eagerly=True)  # compiling a single step costs more
    before = values(network)
    result = step.fit(np.arange(4, dtype=np.int32), batch_size=4, verbose=0)
    assert np.isfinite(result.history["loss"][0])
    moved = [not np.array_equal(old, new) for old, new in zip(before, values(network), strict=True)]
    assert np.mean(moved) > 0.9
    learned = [weight.path for weight, new in zip(network.weights, moved, strict=True) if new]
    assert all(any(path.startswith(head) for path in learned) for head in HEADS)
    outputs = {
        head: keras.ops.convert_to_numpy(out)
        for head, out in network(images.astype(np.float32), training=False).items()
    }
    widths = {**HEADS, MIXTURE: 8}
    assert {head: logits.shape for head, logits in outputs.items()} == {head: (4, k) for head, k in widths.items()}
    classes, votes, mixture = (softmax(outputs[head]) for head in ("fer2013", "ferplus", MIXTURE))
    wanted = 0.4 * votes
    wanted[:, :7] += 0.6 * project(classes, FER2013, FERPLUS[:7])
    assert np.allclose(mixture, wanted, atol=1e-5)
    (tmp_path / LITERT_FILE).write_bytes(to_litert(network, "float32"))
    converted = LiteRTEngine(describe_network(tmp_path, network, name, {}), threads=2).logits(images)
    for head, logits in outputs.items():
        assert np.allclose(softmax(converted[head]), softmax(logits), atol=1e-3), head
    assert origin(name)


def test_multiplications_are_counted_by_hand_for_one_small_network() -> None:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(4, 3, padding="same")(inputs)
    x = keras.layers.SeparableConv2D(2, 3, padding="same", strides=2)(x)
    x = keras.layers.DepthwiseConv2D(3, padding="same")(x)
    x = keras.layers.Dense(3)(keras.layers.Flatten()(x))
    assert multiply_accumulates(keras.Model(inputs, x)) == 64 * 9 * 4 + 16 * (9 * 4 + 4 * 2) + 16 * 9 * 2 + 32 * 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("published", "billions"),
    [("MobileNetV2", (0.29, 0.31)), ("VGG16", (15.3, 15.5)), ("ResNet50", (3.8, 4.1)), ("DenseNet169", (3.3, 3.5))],
)
def test_multiplications_are_those_published_for_known_networks(published: str, billions: tuple[float, float]) -> None:
    inputs = keras.Input((224, 224, 3))
    network = getattr(keras.applications, published)(weights=None, input_shape=(224, 224, 3))
    low, high = billions
    assert low < multiply_accumulates(keras.Model(inputs, network(inputs))) / 1e9 < high


@pytest.mark.parametrize("name", ["student", "mini_xception"])
def test_layers_have_the_same_names_however_many_networks_were_built_before(name: str) -> None:
    first, second = (build(name, {"fer2013": 7}) for _ in range(2))
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]
    names = [operation.name for operation in build(name, HEADS).operations]
    assert len(set(names)) == len(names)
    assert {"conv2d", "batch_normalization_1", "fer2013"} <= set(names)


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(InputError, match="student"):
        build("vgg99", HEADS)
