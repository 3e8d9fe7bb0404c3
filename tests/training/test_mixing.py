"""Mixup and CutMix: pictures and targets are mixed in the same proportions."""

import keras
import numpy as np
import pytest

from training.mixing import mix

N = 64


def mixed(mixup: float, cutmix: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures whose pixels all have the row number, and one-hot targets: pixels give the mixing proportions."""
    views = np.broadcast_to(np.arange(N, dtype=np.float32)[:, None, None, None], (N, 16, 16, 1))
    targets = {"head": np.eye(N, dtype=np.float32), "empty": np.zeros((N, 3), np.float32)}
    given, wanted = mix(
        keras.ops.convert_to_tensor(views),
        {name: keras.ops.convert_to_tensor(values) for name, values in targets.items()},
        mixup,
        cutmix,
        keras.random.SeedGenerator(seed),
    )
    return tuple(keras.ops.convert_to_numpy(value) for value in (given, wanted["head"], wanted["empty"]))


def test_nothing_changes_when_both_are_off() -> None:
    views, targets, _ = mixed(0.0, 0.0)
    assert (views[:, 0, 0, 0] == np.arange(N)).all() and (targets == np.eye(N)).all()


@pytest.mark.parametrize(("mixup", "cutmix"), [(0.4, 0.0), (0.0, 1.0), (0.4, 0.5)])
def test_targets_are_mixed_as_the_pixels_are(mixup: float, cutmix: float) -> None:
    views, targets, empty = mixed(mixup, cutmix)
    assert np.allclose(targets.sum(axis=1), 1, atol=1e-5) and not empty.any()
    by_targets = targets @ np.arange(N)
    assert np.allclose(views.mean(axis=(1, 2, 3)), by_targets, atol=1e-3)
    assert (np.abs(by_targets - np.arange(N)) > 0.01).mean() > 0.4, "most pictures are mixed"


def test_cutmix_pastes_a_rectangle_and_fades_nothing() -> None:
    views, _, _ = mixed(0.0, 1.0)
    pasted = 0
    for row, view in enumerate(views[..., 0]):
        foreign = view != row
        assert (view[foreign] == (row - 1) % N).all()
        if foreign.any():
            pasted += 1
            y, x = np.where(foreign)
            assert foreign[y.min() : y.max() + 1, x.min() : x.max() + 1].all()
    assert pasted > N / 2
