"""Teachers: a bundle applied to the student's views, or saved logits."""

from pathlib import Path

import keras
import numpy as np
import pytest

from models.bundle import load_bundle
from models.emotions import SETS
from models.errors import InputError
from training.logits_file import save_logits
from training.picture_logits import picture_logits
from training.recipes.recipe import Recipe
from training.step import TrainingStep
from training.teachers import SavedLogits, TeacherNetworks, open_teacher

HEADS = {"fer2013": 7, "ferplus": 8}


def pictures(n: int) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (n, 48, 48, 1)).astype(np.uint8)


def test_saved_logits_come_back_by_row(tmp_path: Path) -> None:
    path = tmp_path / "teacher.npz"
    logits = {"fer2013": np.random.default_rng(1).normal(size=(9, 7)).astype(np.float32)}
    save_logits(path, logits, "abc")
    teacher = open_teacher([path], "abc", HEADS)
    assert isinstance(teacher, SavedLogits)
    rows = np.array([3, 0, 8], np.int32)
    given = teacher.logits(rows, np.zeros((3, 48, 48, 1), np.float32))
    assert np.allclose(keras.ops.convert_to_numpy(given["fer2013"]), logits["fer2013"][rows])


def test_logits_of_other_pictures_or_heads_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "teacher.npz"
    save_logits(path, {"valence": np.zeros((2, 3), np.float32)}, "abc")
    with pytest.raises(InputError, match="other pictures"):
        open_teacher([path], "abd", HEADS)
    with pytest.raises(InputError, match="cannot be its teacher"):
        open_teacher([path], "abc", HEADS)
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"teacher\.npz cannot be read .* name runs, bundles, or a file of"):
        open_teacher([path], "abc", HEADS)


def test_bundles_teach_what_they_say_of_the_views(tiny_bundle: Path) -> None:
    teacher = open_teacher([tiny_bundle, tiny_bundle], "", HEADS)
    assert isinstance(teacher, TeacherNetworks) and not any(network.trainable_variables for network in teacher.state)
    views = pictures(4).astype(np.float32)
    given = teacher.logits(np.arange(4, dtype=np.int32), views)
    wanted = keras.ops.log_softmax(teacher.state[0].predict(views, verbose=0)["ferplus"])
    assert np.allclose(keras.ops.convert_to_numpy(given["ferplus"]), wanted, atol=1e-3)


def test_an_ensemble_is_the_mean_of_probabilities_over_mirror_images(tiny_bundle: Path) -> None:
    bundle, images = load_bundle(tiny_bundle), pictures(5)
    once, twice = (picture_logits([bundle] * count, images) for count in (1, 2))
    assert set(once) == set(SETS)
    mirrored = picture_logits([bundle], np.ascontiguousarray(images[:, :, ::-1]))
    for head in once:
        assert once[head].shape == (5, len(SETS[head]))
        assert np.allclose(np.exp(once[head]).sum(axis=1), 1, atol=1e-4)
        assert np.allclose(once[head], twice[head], atol=1e-5)
        assert np.allclose(once[head], mirrored[head], atol=1e-3)


def test_a_student_that_only_listens_to_its_teacher_comes_to_agree_with_it() -> None:
    """All labels are class 0, the teacher says class 1, and the loss uses the teacher alone."""
    keras.utils.set_random_seed(1)
    inputs = keras.Input((48, 48, 1))
    x = keras.layers.Flatten()(keras.layers.AveragePooling2D(16)(keras.layers.Rescaling(1 / 255)(inputs)))
    network = keras.Model(inputs, {"fer2013": keras.layers.Dense(7)(x)})
    images = pictures(32)
    taught = np.tile(np.eye(7, dtype=np.float32)[1] * 9, (32, 1))
    step = TrainingStep(
        network,
        images,
        {"fer2013": np.tile(np.eye(7, dtype=np.float32)[0], (32, 1))},
        Recipe(teacher_share=1.0),
        seed=1,
        teacher=SavedLogits({"fer2013": taught}),
    )
    step.compile(optimizer=keras.optimizers.Adam(0.1))
    for _ in range(20):
        step.fit(np.arange(32, dtype=np.int32), batch_size=16, shuffle=False, verbose=0)
    assert (network.predict(images, verbose=0)["fer2013"].argmax(axis=1) == 1).mean() > 0.95
