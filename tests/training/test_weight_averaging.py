"""Averaging the weights of runs."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from training.architectures import build
from training.checkpoint import save_variables
from training.datasets.reading import read_faces
from training.recipes.recipe import Recipe
from training.run_folder import BEST, CONFIG, HISTORY
from training.run_network import load_run_network
from training.weight_averaging import average_runs, estimate_statistics

pytestmark = pytest.mark.training


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


def test_an_average_has_statistics_of_its_own(csv_files: tuple[Path, Path], tmp_path: Path) -> None:
    runs = [tmp_path / "one", tmp_path / "two"]
    for number, run in enumerate(runs):
        run.mkdir()
        keras.utils.set_random_seed(number)
        save_variables(run / BEST, build("mini_xception", {"fer2013": 7}).variables)
        config = {"model": "mini_xception", "labels": ["fer2013"], "seed": 1, "recipe": Recipe().as_dict()}
        (run / CONFIG).write_text(json.dumps({**config, "data": {"ferplus": True}}))
        (run / HISTORY).write_text("epoch\n1\n")
    average_runs(runs, tmp_path / "out", read_faces(*csv_files))
    networks = [load_run_network(path) for path in (*runs, tmp_path / "out")]
    first = [
        next(layer for layer in one._flatten_layers() if isinstance(layer, keras.layers.BatchNormalization))
        for one in networks
    ]
    before, other, after = (np.asarray(layer.moving_mean) for layer in first)
    assert not before.any() and not other.any(), "of a network that has seen nothing"
    assert np.abs(after).max() > 1e-3
