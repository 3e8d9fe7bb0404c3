"""Learning rate schedules, and the phases of a run."""

import keras
import numpy as np
import pytest

from training.config import phases
from training.recipes.recipe import Recipe, recipe_from
from training.schedules import SMALLEST, Schedule, make_optimizer, make_schedule, rate_at


def rates(shape: str, rise: int, steps: int = 100) -> np.ndarray:
    schedule = Schedule(0.1, steps, rise, shape)
    return np.array([float(keras.ops.convert_to_numpy(schedule(step))) for step in range(steps + 1)])


@pytest.mark.parametrize(("shape", "rise"), [("cosine", 5), ("one-cycle", 33), ("cosine", 0)])
def test_a_rise_to_the_peak_and_a_fall_to_zero(shape: str, rise: int) -> None:
    given = rates(shape, rise)
    assert given.argmax() == rise and given.max() == pytest.approx(0.1)
    assert given[0] == pytest.approx(0.1 * SMALLEST if rise else 0.1)
    assert (np.diff(given[: rise + 1]) > 0).all() and (np.diff(given[rise:]) < 1e-9).all()
    assert given[-1] == pytest.approx(0, abs=1e-6)


def test_a_schedule_comes_back_from_its_configuration() -> None:
    schedule = Schedule(0.1, 10, 2, "cosine")
    assert float(Schedule.from_config(schedule.get_config())(5)) == float(schedule(5))


@pytest.mark.parametrize("shape", ["cosine", "one-cycle"])
def test_by_progress_the_rate_is_what_it_is_by_steps(shape: str) -> None:
    recipe = Recipe(schedule=shape, epochs=30, warmup_epochs=3.0)
    schedule = make_schedule(recipe, 0.1, 30, 10)
    for step in range(0, 301, 25):
        given = float(keras.ops.convert_to_numpy(schedule(step)))
        assert rate_at(step / 300, recipe, 0.1) == pytest.approx(given, abs=1e-6)
    assert rate_at(1.0, Recipe(epochs=1, warmup_epochs=2.0), 0.1) == pytest.approx(0.0), "all of it is warm-up"


@pytest.mark.parametrize("name", ["sgd", "adamw"])
def test_decay_spares_biases_and_normalisation_and_gradients_are_clipped(name: str) -> None:
    optimizer = make_optimizer(Recipe(optimizer=name, clip_norm=1.0, weight_decay=0.1), 0.1)
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    optimizer.build(layer.trainable_variables)
    assert optimizer._use_weight_decay(layer.kernel) and not optimizer._use_weight_decay(layer.bias)
    normalisation = keras.layers.BatchNormalization()
    normalisation.build((None, 3))
    assert not any(map(optimizer._use_weight_decay, (normalisation.gamma, normalisation.beta)))
    assert optimizer.global_clipnorm == 1.0


def test_frozen_layers_learn_later_at_a_lower_rate() -> None:
    recipe = Recipe(epochs=10, learning_rate=0.1, freeze_epochs=4, unfrozen_rate=0.2)
    first, second = phases(recipe, freezes=True)
    assert (first.first, first.last, first.frozen) == (0, 4, True)
    assert (second.first, second.last, second.frozen) == (4, 10, False)
    assert second.rate == pytest.approx(0.02)
    assert [phase.frozen for phase in phases(recipe, freezes=False)] == [False]
    assert [phase.frozen for phase in phases(Recipe(epochs=3), freezes=True)] == [True], "without freeze_epochs: always"


@pytest.mark.parametrize(
    "table",
    [
        {"optimizer": "lion"},
        {"schedule": "steps"},
        {"balance": "luck"},
        {"precision": "int4"},
        {"epochs": 0},
        {"mixup": -1.0},
        {"teacher_share": 1.5},
        {"head_weights": {"fer2013": "x"}},
        {"augment": 3},
    ],
)
def test_an_unknown_choice_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(table))):
        recipe_from(table)


@pytest.mark.parametrize(("bound", "value"), [("scale", -1.5), ("erase_side", 0.05), ("flip", 7), ("blur", -3.0)])
def test_views_that_cannot_be_drawn_are_refused(bound: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{bound} is {float(value)}, but must lie between"):
        recipe_from({"augment": {bound: value}})


def test_a_weight_for_a_head_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="head_weights names fer2O13; there are fer2013, "):
        recipe_from({"head_weights": {"fer2O13": 5.0}})
