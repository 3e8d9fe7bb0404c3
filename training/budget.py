"""Training by time: progress of a run between its first step and its deadline."""

import time
from collections.abc import Callable

import keras

from training.backend import fetch_trained_state

SLIVER = 0.05
"""Shortest epoch that is started; validating a shorter one would cost more than it gains."""

CAUTION = 1.25
"""Safety factor on the measured duration of an epoch's end, because the machine has other work too."""

FINEST = 1e-3
"""Progress after which the learning rate is updated; finer steps would cost the device more than they gain."""


class Budget:
    """The time budget of a run, in this call and in earlier ones.

    Progress is elapsed / (elapsed + left). Elapsed counts from the end of a call's first step: reading data and
    compiling take time but do not advance the schedule. Left is the time remaining for steps: the end of the last epoch
    (validation and saving) is held back.

    Args:
        seconds: From `began` to the end of the call.
        began: Start of the call's time, by the clock; now by default.
        clock: Monotonic clock, seconds.

    Attributes:
        spent: Elapsed in earlier calls, seconds.
        started: When the call's first step ended, by the clock; None before.
        closing: Duration of the end of an epoch, seconds, as far as it is known.
        step: Duration of a step, seconds, likewise.
        finish: When the last epoch will end, by the clock, if it fits as a whole; None before that epoch.
    """

    def __init__(self, seconds: float, began: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.deadline = (clock() if began is None else began) + seconds
        self.spent = self.closing = self.step = 0.0
        self.started: float | None = None
        self.finish: float | None = None

    def start(self) -> None:
        """The first step of this call has ended; doing it again changes nothing."""
        if self.started is None:
            self.started = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds of training so far, of all calls."""
        return self.spent + (0.0 if self.started is None else self.clock() - self.started)

    @property
    def left(self) -> float:
        """Seconds in which steps can still be trained."""
        return max(0.0, self.deadline - self.clock() - CAUTION * self.closing)

    @property
    def progress(self) -> float:
        """0..1; 1 when the last step has been trained."""
        elapsed, left = self.elapsed, self.left
        if self.finish is not None:
            left = min(left, max(0.0, self.finish - self.clock()))
        return elapsed / (elapsed + left) if elapsed + left > 0 else 1.0

    def is_over(self) -> bool:
        """Whether another step would end too late."""
        return self.left <= self.step

    def begin_epoch(self, steps: int) -> None:
        """An epoch of so many steps begins; the schedule ends with it if no other would fit after it."""
        whole = steps * self.step
        rest = self.left - whole - CAUTION * self.closing
        if 0 < whole <= self.left and not self._is_worth(rest, steps):
            self.finish = self.clock() + whole

    def allows_epoch(self, steps: int) -> bool:
        """Whether another epoch of so many steps, which may have to end early, is worth starting."""
        return self.finish is None and self._is_worth(self.left, steps)

    def _is_worth(self, seconds: float, steps: int) -> bool:
        return seconds > max(self.step, SLIVER * steps * self.step)


class Pace(keras.callbacks.Callback):
    """Sets the learning rate by the budget's progress, and ends an epoch when no time is left.

    The rate is a variable of the optimiser, so nothing is recompiled.

    Args:
        budget: The run's time.
        steps: Number of steps in an epoch.
        rate: Returns the current learning rate.
    """

    def __init__(self, budget: Budget, steps: int, rate: Callable[[], float]) -> None:
        super().__init__()
        self.budget, self.steps, self.rate = budget, steps, rate
        self.began = self.seen = 0.0
        self.counted = 0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self.budget.begin_epoch(self.steps)
        self.began, self.counted = self.budget.clock(), 0
        self._set_rate()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        budget = self.budget
        self.counted += 1
        if budget.started is None:  # this step was compiled, so it does not count
            self._wait()
            budget.start()
            self.began, self.counted = budget.clock(), 0
        elif budget.progress - self.seen >= FINEST or budget.is_over() or batch == self.steps - 1:
            self._wait()
            budget.step = (budget.clock() - self.began) / self.counted
            self._set_rate()
        self.model.stop_training = budget.is_over()

    def _wait(self) -> None:
        """Let the device finish, so that the clock measures completed steps; on JAX also fetch the state, because the
        rate is set in what is fetched."""
        fetch_trained_state(self.model)
        keras.ops.convert_to_numpy(self.model.optimizer.iterations)

    def _set_rate(self) -> None:
        self.seen = self.budget.progress
        self.model.optimizer.learning_rate = self.rate()
