"""Fixed views: the same for teacher and student, each with the teacher's own logits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from models.errors import InputError
from training.augmentation import DRAWN, Augment, AugmentConfig
from training.datasets.faceset import FaceSet
from training.logits_file import read_logits
from training.recipes.recipe import Recipe
from training.step import TrainingStep
from training.teachers import SavedLogits, open_teacher
from training.view_logits import save_view_logits, view_logits
from training.views import FixedViews

HEADS = {"fer2013": 7}
VIEWS = FixedViews(4, 7, AugmentConfig(blur=0.5))


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (10, 48, 48, 1)).astype(np.uint8)


class Eye:
    """A stateless teacher whose logits are the brightness of seven parts of a view."""

    views = None
    state: list[Any] = []  # noqa: RUF012

    def logits(self, rows: Any, views: Any) -> Mapping[str, Any]:
        parts = keras.ops.reshape(views, (-1, 48 * 48))[:, : 7 * 300]
        return {"fer2013": keras.ops.mean(keras.ops.reshape(parts, (-1, 7, 300)), axis=-1) / 16}


def said(views: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(Eye().logits(None, views)["fer2013"]))


def test_an_epoch_shows_one_view_of_each_row_and_in_turn_all() -> None:
    rows = np.arange(50, dtype=np.int32)
    seen = np.stack([VIEWS.chosen(rows, 50, epoch) for epoch in range(8)])
    assert (seen % 50 == rows).all()
    assert all(set(column // 50) == {0, 1, 2, 3} for column in seen[:4].T) and np.array_equal(seen[:4], seen[4:])
    assert len(set(seen[0] // 50)) == 4, "an epoch shows not the same one of all"
    assert np.array_equal(seen[0][::-1], VIEWS.chosen(rows[::-1], 50, 0)), "whatever their order"


def test_numbers_make_the_views(images: np.ndarray) -> None:
    numbers = VIEWS.numbers(len(images))
    assert numbers.shape == (40, len(DRAWN)) and np.array_equal(numbers, VIEWS.numbers(len(images)))
    assert VIEWS.digest(10) != FixedViews(4, 8, VIEWS.bounds).digest(10)
    one, other = (Augment(VIEWS.bounds, seed).view(images, numbers[:10]) for seed in (1, 2))
    assert np.array_equal(one, other) and not np.allclose(one, images)


@pytest.mark.parametrize("count", [0, -1, 65])
def test_views_that_cannot_be_kept_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="must be 1 to 64"):
        FixedViews(count, 1, AugmentConfig())


def test_the_student_sees_the_very_views_with_what_was_said_of_them(images: np.ndarray) -> None:
    logits = view_logits(Eye(), images, VIEWS)
    assert logits["fer2013"].shape == (40, 7) and logits["fer2013"].dtype == np.float16
    inputs = keras.Input((48, 48, 1))
    network = keras.Model(inputs, {"fer2013": keras.layers.Dense(7)(keras.layers.Flatten()(inputs))})
    targets = {"fer2013": np.eye(7, dtype=np.float32)[np.arange(10) % 7]}
    recipe = Recipe(augment=VIEWS.bounds, teacher_share=1.0)
    step = TrainingStep(network, images, targets, recipe, 1, SavedLogits(logits, VIEWS))
    seen: list[Any] = []
    step.network = lambda views, training: seen.append(views) or {"fer2013": said(views)}
    places = VIEWS.chosen(np.array([3, 9, 0], np.int32), 10, 2)
    result = step.call(np.append(places, -1 - places[0]), training=True)
    assert np.array_equal(result["targets"]["fer2013"][:3], targets["fer2013"][[3, 9, 0]])
    assert result["counts"].numpy().tolist() == [1, 1, 1, 0]
    np.testing.assert_allclose(result["teacher"]["fer2013"], said(seen[0]), atol=0.02)
    assert np.array_equal(seen[0][0], seen[0][3])


def test_views_that_are_not_whole_are_left_out(images: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.view_logits.BATCH", 4)
    monkeypatch.setattr("training.view_logits.CHUNK", 1)
    monkeypatch.setattr("training.view_logits.CHUNK_S", 0.0)
    asked: list[float] = []
    logits = view_logits(Eye(), images, VIEWS, lambda done, seconds: asked.append(done) or done < 2.5)
    whole = view_logits(Eye(), images, VIEWS)
    assert asked == pytest.approx(np.arange(0.4, 2.9, 0.4)) and logits["fer2013"].shape == (20, 7)
    assert whole["fer2013"].shape == (40, 7) and np.array_equal(whole["fer2013"][:20], logits["fer2013"])
    assert view_logits(Eye(), images, VIEWS, lambda done, seconds: False)["fer2013"].shape == (0, 7)


def test_a_quick_device_is_asked_less_often(images: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.view_logits.BATCH", 4)
    monkeypatch.setattr("training.view_logits.CHUNK", 1)
    monkeypatch.setattr("training.view_logits.CHUNK_S", 1e9)
    asked: list[float] = []
    logits = view_logits(Eye(), images, VIEWS, lambda done, seconds: asked.append(done) or True)
    assert asked == pytest.approx([0.4, 0.8, 1.6, 3.2]) and logits["fer2013"].shape == (40, 7)


def test_the_file_fits_its_pictures_and_its_recipe_alone(
    tiny_bundle: Path, images: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.view_logits.BATCH", 4)
    monkeypatch.setattr("training.view_logits.CHUNK", 1)
    monkeypatch.setattr("training.view_logits.CHUNK_S", 0.0)
    learn = FaceSet(images, np.zeros(10, np.int8), np.array(["Training"] * 10))
    path, more = tmp_path / "teacher.npz", FixedViews(9, VIEWS.seed, VIEWS.bounds)
    heads, count = save_view_logits([tiny_bundle], path, learn, HEADS, more, lambda done, seconds: done < 4.5)
    assert count == 4, "time for four, which are the first of nine"
    values = read_logits(path, learn.digest).values
    assert "fer2013" in heads and all(values[head].dtype == np.float16 for head in heads)
    teacher = open_teacher([path], learn.digest, HEADS, VIEWS.bounds)
    assert isinstance(teacher, SavedLogits) and teacher.views == VIEWS
    given = teacher.logits(np.array([5, 39]), None)["fer2013"]
    augment, numbers = Augment(VIEWS.bounds, 1), VIEWS.numbers(10)
    seen = augment.view(images[[5, 9]], numbers[[5, 39]])
    wanted = open_teacher([tiny_bundle], "", HEADS).logits(None, seen)["fer2013"]
    np.testing.assert_allclose(given, wanted, atol=0.02)
    with pytest.raises(InputError, match="other views than the recipe"):
        open_teacher([path], learn.digest, HEADS, AugmentConfig(blur=0.6))
    with pytest.raises(InputError, match="other pictures"):
        open_teacher([path], "else", HEADS, VIEWS.bounds)
