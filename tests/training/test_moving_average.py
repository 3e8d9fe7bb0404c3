"""The running average of weights and batch statistics."""

import keras
import numpy as np

from training.moving_average import MovingAverage


def network() -> keras.Model:
    inputs = keras.Input((3,))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(2)(inputs))
    return keras.Model(inputs, keras.layers.Dropout(0.5)(x))


def put(model: keras.Model, value: float) -> None:
    for variable in model.variables:
        if "float" in str(variable.dtype):
            variable.assign(np.full(variable.shape, value))


def test_the_average_follows_and_soon_forgets_where_it_began() -> None:
    model = network()
    put(model, 1000.0)
    average = MovingAverage(model, 0.999)
    put(model, 1.0)
    for _ in range(200):
        average.update()
    learned = average.values()[:-1]  # the last is Dropout's random state
    assert learned
    for value in learned:
        assert np.allclose(value, 1.0, atol=0.01)


def test_the_bound_holds_in_the_long_run() -> None:
    model = network()
    average = MovingAverage(model, 0.5)
    put(model, 0.0)
    for _ in range(60):
        average.update()
    put(model, 1.0)
    average.update()
    assert np.allclose(average.values()[0], 0.5)


def test_no_averaging_keeps_the_last_weights_and_statistics_in_the_network_s_order() -> None:
    model = network()
    average = MovingAverage(model, 0.0)
    for number, variable in enumerate(model.variables):
        if "float" in str(variable.dtype):
            variable.assign(np.full(variable.shape, float(number)))
    average.update()
    for given, variable in zip(average.values(), model.variables, strict=True):
        assert np.array_equal(given, keras.ops.convert_to_numpy(variable.value))
