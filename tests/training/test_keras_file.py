from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="needs the extra `training`")

from training.keras_file import save_half  # noqa: E402

pytestmark = pytest.mark.training


def network() -> Any:
    keras.utils.set_random_seed(3)
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(64, 5, name="conv")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(128, name="dense")(keras.layers.Dense(256, name="wide")(x)))


def test_half_the_bytes_and_the_same_answers(tmp_path: Path) -> None:
    made = network()
    made.get_layer("norm").moving_variance.assign(np.geomspace(1e-9, 1e9, 64))
    images = np.random.default_rng(0).uniform(0, 1, (5, 8, 8, 1)).astype(np.float32)
    before = np.asarray(made.predict(images, verbose=0))
    made.save(tmp_path / "whole.keras")
    save_half(made, tmp_path / "half.keras")
    assert (tmp_path / "half.keras").stat().st_size < 0.7 * (tmp_path / "whole.keras").stat().st_size
    read = keras.models.load_model(tmp_path / "half.keras", safe_mode=True)
    after = np.asarray(read.predict(images, verbose=0))
    assert np.array_equal(after, np.asarray(made.predict(images, verbose=0)))
    assert np.allclose(after, before, rtol=0.01, atol=0.01 * np.abs(before).max())
    assert all(variable.dtype == "float32" for variable in read.variables)
    assert np.array_equal(read.get_layer("norm").moving_variance, np.float32(np.geomspace(1e-9, 1e9, 64)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["half.keras", "whole.keras"]
