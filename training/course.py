"""Length and learning rate of a run: a number of epochs, or a time."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.budget import Budget, Pace
from training.config import Phase
from training.recipes.recipe import Recipe
from training.run_folder import CONFIG
from training.run_record import RunRecord
from training.schedules import Schedule, make_schedule, rate_at
from training.validation import predict_logits

VALIDATION_BATCH = 256
"""Batch size of the validation."""

CLOSING_SHARE = 0.05
"""Largest share of a timed run's training time for validating and saving, if epochs are short."""

LONGEST_SHARE = 0.05
"""Longest training between two validations, as a share of the whole time of such a run."""

SAVING_S = 0.5
"""Assumed duration of saving an epoch, in seconds, until it has been measured."""


class Course(ABC):
    """The parts of a run that differ between counting epochs and counting minutes.

    Args:
        phases: One after the other.
        recipe: Its epochs are the length, or give each phase and the warm-up its share of the time.
        steps: Number of steps in an epoch.
    """

    def __init__(self, phases: Sequence[Phase], recipe: Recipe, steps: int) -> None:
        self.phases, self.recipe, self.steps = phases, recipe, steps

    @abstractmethod
    def is_behind(self, phase: Phase, done: int, present: Phase | None) -> bool:
        """Whether a phase is over, after `done` epochs and while `present` is trained."""

    @abstractmethod
    def schedule(self, phase: Phase) -> Schedule | float:
        """What `make_optimizer` takes."""

    @abstractmethod
    def name(self, epoch: int) -> str:
        """The epoch's name in messages; counted from 1."""

    @abstractmethod
    def left(self, done: int, seconds: float) -> float:
        """Seconds until the end, if the last of `done` epochs took `seconds`."""

    @abstractmethod
    def restore(self, numbers: Mapping[str, float]) -> Phase:
        """Restore the state from `numbers`; returns the phase in which the run continues."""

    @abstractmethod
    def record(self, planned: int | None) -> dict[str, Any]:
        """The entries of `run.json` about the length; `planned` is the recipe's number of epochs before `--epochs`
        changed it."""

    def require_same_kind(self, recorded: RunRecord, folder: object) -> None:
        """Refuse to resume a run of the other kind.

        Raises:
            InputError: If `recorded` is such a run.
        """
        by_time = self.record(None)["minutes"] is not None
        if (recorded.minutes is not None) != by_time:
            way = "by epochs; resume it without" if by_time else "by time; resume it with"
            raise InputError(f"{folder} was trained {way} --minutes (its {CONFIG} says so).")

    @abstractmethod
    def prepare(self, network: keras.Model, images: NDArray[np.uint8]) -> None:
        """Before the first epoch, measure what the end of an epoch costs."""

    @abstractmethod
    def close_epoch(self, seconds: float) -> None:
        """Note how long validating and saving the last epoch took."""

    def passes(self) -> int:
        """Number of epochs to train before the next validation."""
        return 1

    def callbacks(self, phase: Phase, steps: int) -> list[keras.callbacks.Callback]:
        """The callbacks for training so many steps in a row."""
        return []

    def figures(self, steps: int) -> dict[str, float]:
        """Further columns of a row of the history for so many steps."""
        return {}

    def numbers(self, present: Phase) -> dict[str, float]:
        """The state that a resumed run needs."""
        return {}


class ByEpochs(Course):
    """The recipe's number of epochs, each complete."""

    def is_behind(self, phase: Phase, done: int, present: Phase | None) -> bool:
        return done >= phase.last

    def schedule(self, phase: Phase) -> Schedule:
        return make_schedule(self.recipe, phase.rate, phase.last - phase.first, self.steps)

    def name(self, epoch: int) -> str:
        return f"epoch {epoch}/{self.recipe.epochs}"

    def left(self, done: int, seconds: float) -> float:
        return (self.recipe.epochs - done) * seconds

    def restore(self, numbers: Mapping[str, float]) -> Phase:
        return next(phase for phase in self.phases if numbers["epoch"] <= phase.last)

    def record(self, planned: int | None) -> dict[str, Any]:
        return {"planned_epochs": planned or self.recipe.epochs, "minutes": None}

    def prepare(self, network: keras.Model, images: NDArray[np.uint8]) -> None:
        """Nothing depends on it."""

    def close_epoch(self, seconds: float) -> None:
        """Nothing depends on it."""


class ByTime(Course):
    """Epochs until the time is over, the last one possibly cut short; rates and phases follow the budget's progress.

    Args:
        phases, recipe, steps: As `Course` takes them.
        budget: The time.
        minutes: Of this call, as requested.
    """

    def __init__(self, phases: Sequence[Phase], recipe: Recipe, steps: int, budget: Budget, minutes: float) -> None:
        super().__init__(phases, recipe, steps)
        self.budget, self.minutes = budget, minutes

    def is_behind(self, phase: Phase, done: int, present: Phase | None) -> bool:
        number = self.phases.index(phase)
        if number < len(self.phases) - 1:
            return present in self.phases[number + 1 :] or self._share(phase) >= 1
        return self.budget.started is not None and not self.budget.allows_epoch(self.steps)

    def schedule(self, phase: Phase) -> float:
        return phase.rate

    def name(self, epoch: int) -> str:
        return f"epoch {epoch}, {100 * self.budget.progress:.0f} % of the time"

    def left(self, done: int, seconds: float) -> float:
        return self.budget.left

    def restore(self, numbers: Mapping[str, float]) -> Phase:
        self.budget.spent = numbers["elapsed"]
        return self.phases[int(numbers["phase"])]

    def record(self, planned: int | None) -> dict[str, Any]:
        return {"planned_epochs": None, "minutes": round(self.budget.spent / 60 + self.minutes, 3)}

    def prepare(self, network: keras.Model, images: NDArray[np.uint8]) -> None:
        predict_logits(
            network, images[: VALIDATION_BATCH + len(images) % VALIDATION_BATCH], VALIDATION_BATCH
        )  # compiles both sizes of its batches
        started = self.budget.clock()
        predict_logits(network, images[:VALIDATION_BATCH], VALIDATION_BATCH)
        self.close_epoch((self.budget.clock() - started) * math.ceil(len(images) / VALIDATION_BATCH) + SAVING_S)

    def passes(self) -> int:
        """One, or as many as it takes for validating and saving to cost at most `CLOSING_SHARE` of their time, but no
        more than `LONGEST_SHARE` of the run: on a GPU an epoch can be shorter than its validation."""
        epoch_s = self.steps * self.budget.step
        if epoch_s <= 0:
            return 1
        wanted = math.ceil(self.budget.closing / (CLOSING_SHARE * epoch_s))
        most = LONGEST_SHARE * (self.budget.elapsed + self.budget.left) / epoch_s
        return max(1, min(wanted, int(most)))

    def callbacks(self, phase: Phase, steps: int) -> list[keras.callbacks.Callback]:
        return [Pace(self.budget, steps, lambda: rate_at(self._share(phase), self.recipe, phase.rate))]

    def close_epoch(self, seconds: float) -> None:
        self.budget.closing = seconds

    def figures(self, steps: int) -> dict[str, float]:
        return {"steps": steps, "progress": round(self.budget.progress, 4)}

    def numbers(self, present: Phase) -> dict[str, float]:
        return {"elapsed": self.budget.elapsed, "phase": self.phases.index(present)}

    def _share(self, phase: Phase) -> float:
        """Progress within the phase, 0..1."""
        at = self.budget.progress * self.recipe.epochs
        return min(max((at - phase.first) / (phase.last - phase.first), 0.0), 1.0)
