"""Pretrained weights, and layers that are unfrozen later."""

from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import InputError
from training.__main__ import main
from training.architectures import build, mini_xception
from training.architectures.finetuning import freeze_until, load_weights, unfreeze
from training.recipes.recipe import Recipe
from training.step import TrainingStep
from training.weights_file import read_weights

HEADS = {"fer2013": 7, "ferplus": 8}


def weights(network: keras.Model) -> dict[str, list[NDArray]]:
    return {
        layer.name: [keras.ops.convert_to_numpy(weight) for weight in layer.weights]
        for layer in network.layers
        if layer.weights
    }


def same(left: list[NDArray], right: list[NDArray]) -> bool:
    return all(np.array_equal(old, new) for old, new in zip(left, right, strict=True))


def shake(network: keras.Model) -> None:
    """Change every weight, so that none equals another network's initial value."""
    rng = np.random.default_rng(3)
    for weight in network.weights:
        weight.assign(rng.uniform(0.1, 1.0, weight.shape))


@pytest.mark.parametrize("file", ["net.keras", "net.weights.h5", "net.h5"])
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
def test_layers_of_one_name_and_shape_are_loaded_and_a_new_head_keeps_its_own(tmp_path: Path, file: str) -> None:
    source = build("mini_xception", {"fer2013": 7})
    shake(source)
    save: Callable[[str], None] = source.save_weights if file.endswith(".weights.h5") else source.save
    save(str(tmp_path / file))
    network = build("mini_xception", {"fer2013": 8, "ferplus": 8})
    before = weights(network)
    count = load_weights(network, str(tmp_path / file))
    given, wanted = weights(network), weights(source)
    assert count == len(wanted) - 1
    for name, values in given.items():
        assert same(values, before[name] if name in ("fer2013_map", "ferplus_map") else wanted[name])


def test_an_archive_of_weights_is_what_it_was_made_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, path, archive = build("mini_xception", HEADS), tmp_path / "net.keras", tmp_path / "net.npz"
    shake(source)
    source.save(path)
    assert main(["weights", str(path), "--out", str(archive)]) == 0
    assert f"{source.count_params():,} numbers" in capsys.readouterr().out
    network = build("mini_xception", HEADS)
    load_weights(network, str(archive), whole=True)
    assert all(same(values, weights(network)[name]) for name, values in weights(source).items())
    again = tmp_path / "again.npz"
    assert main(["weights", str(archive), "--out", str(again)]) == 0
    assert all(same(values, read_weights(again)[name]) for name, values in weights(source).items())
    with pytest.raises(InputError, match="name with --model the network that"):
        load_weights(build("mini_xception", {"fer2013": 8, "ferplus": 8}), str(archive), whole=True)


def test_what_is_no_archive_of_weights_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "best.npz", v0000=np.zeros(3))
    (tmp_path / "cut.npz").write_bytes(b"PK")
    for name, reason in (("best.npz", "weights by layer"), ("cut.npz", "cannot be read"), ("no.npz", "does not exist")):
        assert main(["weights", str(tmp_path / name), "--out", str(tmp_path / "out.npz")]) == 2
        assert reason in capsys.readouterr().err
    assert main(["weights", str(tmp_path / "best.npz"), "--out", str(tmp_path / "out.h5")]) == 2
    assert "must end in .npz" in capsys.readouterr().err


def test_weights_of_a_published_backbone_fit_the_network_that_holds_it(tmp_path: Path) -> None:
    backbone = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(96, 96, 3))
    shake(backbone)
    nested = keras.Sequential([keras.Input((96, 96, 3)), backbone, keras.layers.GlobalAveragePooling2D()])
    nested.save_weights(tmp_path / "mine.weights.h5")
    network = build("mobilenet_v2", HEADS)
    wanted = weights(backbone)
    assert load_weights(network, str(tmp_path / "mine.weights.h5")) == len(wanted)
    assert all(same(weights(network)[name], values) for name, values in wanted.items())


def test_imagenet_weights_are_those_that_keras_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    def published(include_top: bool, weights: str, input_shape: tuple[int, ...]) -> keras.Model:
        assert (include_top, weights) == (False, "imagenet")
        inputs = keras.Input((*input_shape[:2], 1))
        return keras.Model(inputs, keras.layers.Conv2D(8, 3, use_bias=False, name="conv2d")(inputs))

    monkeypatch.setattr(mini_xception, "PUBLISHED", published, raising=False)
    assert load_weights(build("mini_xception", HEADS), "imagenet") == 1


def test_imagenet_weights_that_cannot_be_fetched_are_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def published(**_: object) -> keras.Model:
        raise Exception("URL fetch failure on https://example.org/net.h5: None -- no route to host")  # as Keras does

    monkeypatch.setattr(mini_xception, "PUBLISHED", published, raising=False)
    with pytest.raises(InputError, match=r"imagenet weights of mini_xception .*no route to host.*--weights FILE"):
        load_weights(build("mini_xception", HEADS), "imagenet")


def test_a_network_of_our_own_has_no_imagenet_weights() -> None:
    with pytest.raises(InputError, match="no imagenet weights for simple_cnn"):
        load_weights(build("simple_cnn", HEADS), "imagenet")


@pytest.mark.parametrize("name", ["none.h5", "none.keras", "text.h5", "text.keras", "empty.h5"])
def test_a_file_that_gives_nothing_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.h5").write_text("conv2d")
    (tmp_path / "text.keras").write_text("conv2d")
    h5py.File(tmp_path / "empty.h5", "w").close()
    network = build("mini_xception", HEADS)
    before = weights(network)
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        load_weights(network, str(tmp_path / name))
    assert all(same(values, before[layer]) for layer, values in weights(network).items())


def test_frozen_layers_and_their_statistics_stay_until_they_are_freed() -> None:
    network = build("mini_xception", {"fer2013": 7})
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (8, 48, 48, 1), dtype=np.uint8)
    step = TrainingStep(network, images, {"fer2013": np.eye(7, dtype=np.float32)[np.arange(8) % 7]}, Recipe(), 1)

    def moved() -> set[str]:
        step.compile(optimizer=keras.optimizers.SGD(0.1), run_eagerly=True)
        before = weights(network)
        step.fit(np.arange(8, dtype=np.int32), batch_size=8, verbose=0)
        return {name for name, values in weights(network).items() if not same(values, before[name])}

    frozen = freeze_until(network, "separable_conv2d_2")
    assert "conv2d_1" in frozen and "batch_normalization_1" in frozen and "separable_conv2d_2" not in frozen
    assert moved() == set(weights(network)) - set(frozen)
    unfreeze(network)
    assert moved() == set(weights(network))


def test_a_layer_that_is_not_there_is_answered_with_those_of_like_name() -> None:
    with pytest.raises(InputError, match=r"'separable_conv_2' .*separable_conv2d_2"):
        freeze_until(build("mini_xception", HEADS), "separable_conv_2")
