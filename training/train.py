"""One training run: phases and epochs. All its files are in `runs/NAME`."""

import math
import time
from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.architectures.finetuning import freeze_until, unfreeze
from training.checkpoint import load_variables, read_numbers, save_variables
from training.config import Phase, RunConfig
from training.course import Course
from training.datasets.faceset import FaceSet
from training.datasets.labels import LabelSet
from training.datasets.training_data import TrainingData
from training.description import describe, require_same_run
from training.distribution import Workers
from training.progress import History, StepClock
from training.run_folder import BEST, LAST
from training.run_record import RunRecord, read_record
from training.schedules import make_optimizer
from training.step import TrainingStep
from training.validation import accuracies, predict_logits


class Run:
    """The parts of a run and its progress; `training.open_run.open_run` makes one.

    It writes `last.npz` after every epoch, `best.npz` (the averaged network of the best epoch), `history.csv`,
    `events/` and `run.json`. A killed run can be resumed after its last saved epoch.

    Attributes:
        config: The run's configuration.
        workers: The processes that train together.
        sets: Label sets, one for each head.
        faces: All rows of the data, including those that are not used for training.
        data: Its training and validation data.
        course: Its length and learning rate.
        step: The compiled step with the network.
        averaged: A second network with the averaged weights, which is validated and saved.
        done: Completed epochs.
        best: Highest mean validation accuracy so far, 0..1; -1 before the first epoch.
        best_epoch: The epoch that reached it.
    """

    def __init__(
        self,
        config: RunConfig,
        workers: Workers,
        sets: Sequence[LabelSet],
        faces: FaceSet,
        data: TrainingData,
        course: Course,
        step: TrainingStep,
        averaged: keras.Model,
    ) -> None:
        self.config, self.workers, self.sets, self.faces, self.data = config, workers, sets, faces, data
        self.course, self.step, self.averaged = course, step, averaged
        self.done, self.best, self.best_epoch = 0, -1.0, 0
        self.phase: Phase | None = None
        self.trained_at = 0.0

    def describe(self) -> RunRecord:
        """The content of its `run.json`."""
        length = self.course.record(self.config.planned_epochs)
        return describe(self.config, [labels.name for labels in self.sets], self.data, self.workers, length)

    def restore(self) -> None:
        """Restore the state at the end of the last saved epoch."""
        recorded = read_record(self.config.out)
        self.course.require_same_kind(recorded, self.config.out)
        require_same_run(self.config.out, recorded, self.describe())
        numbers = read_numbers(self.config.out / LAST)
        self._enter(self.course.restore(numbers))
        load_variables(self.config.out / LAST, self.step.learned)
        self.done, self.best, self.best_epoch = int(numbers["epoch"]), numbers["best"], int(numbers["best_epoch"])

    def go(self) -> None:
        """Train the remaining epochs.

        Raises:
            InputError: If the loss is not finite; everything saved before is kept.
        """
        history = History(self.config.out, self.done) if self.workers.rank == 0 else None
        self.course.prepare(self.averaged, self.data.check.images)
        for phase in self.course.phases:
            if self.course.is_behind(phase, self.done, self.phase):
                continue
            self._enter(phase)
            while not self.course.is_behind(phase, self.done, phase) and not self._out_of_patience():
                row, better = self._epoch(phase)
                if history is not None:
                    self._keep(row, better, history, phase)
                self.course.close_epoch(time.monotonic() - self.trained_at)
        if history is not None:
            history.close()

    def _enter(self, phase: Phase) -> None:
        """Freeze or unfreeze the shallow layers and start a new optimiser, unless the phase has already started."""
        if self.phase == phase:
            return
        self.phase, step = phase, self.step
        with self.workers.scope():
            unfreeze(step.network)
            if phase.frozen and self.config.freeze_until is not None:
                freeze_until(step.network, self.config.freeze_until)
            step.compile(make_optimizer(self.config.recipe, self.course.schedule(phase)))
            if not step.built:
                step(np.zeros(1, np.int32))
                step.built = True
            step.optimizer.build(step.trainable_variables)

    def _epoch(self, phase: Phase) -> tuple[dict[str, float], bool]:
        """Train one epoch, or several short ones, and validate; returns the figures and whether they are the best."""
        recipe, step = self.config.recipe, self.step
        started = time.monotonic()
        passes = self.course.passes()
        steps = passes * self.course.steps
        clock = StepClock(self.course.name(self.done + 1), steps, show=self.workers.rank == 0)
        rows = self.workers.share(np.concatenate([self._order(self.done + i) for i in range(passes)]), recipe.batch)
        with self.workers.scope():
            size = recipe.batch // self.workers.count
            logs = step.fit(
                rows, batch_size=size, shuffle=False, verbose=0, callbacks=[clock, *self.course.callbacks(phase, steps)]
            ).history
        self.trained_at = time.monotonic()
        trained = self.trained_at - started
        learned = {name: values[0] for name, values in logs.items()}
        if not math.isfinite(learned["loss"]):
            raise InputError(
                f"The loss of {self.config.out} is not a number in epoch {self.done + 1}; lower learning_rate or set "
                "clip_norm in the recipe, and start again with another --out."
            )
        measured = self._validate()
        self.done += math.ceil(clock.done / self.course.steps)  # the last may have ended early
        merit = sum(measured.values()) / len(measured)
        better = merit > self.best
        if better:
            self.best, self.best_epoch = merit, self.done
        row = {
            "epoch": self.done,
            "seconds": round(time.monotonic() - started, 1),
            **learned,
            **{f"val_{name}": value for name, value in measured.items()},
            "learning_rate": float(keras.ops.convert_to_numpy(step.optimizer.learning_rate)),
            "images_per_second": round(len(self.data.learn) * clock.done / self.course.steps / trained, 1),
            "waiting": round(clock.waiting / trained, 4),
            **self.course.figures(clock.done),
        }
        return row, better

    def _validate(self) -> dict[str, float]:
        """Accuracies 0..1 of the averaged network on the validation rows, by label set."""
        for variable, value in zip(self.averaged.variables, self.step.average.values(), strict=True):
            variable.assign(value)
        check = self.data.check
        return accuracies(predict_logits(self.averaged, check.images), check, self.sets)

    def _keep(self, row: dict[str, float], better: bool, history: History, phase: Phase) -> None:
        """Save the epoch; `last.npz` is written last, so that a run that is killed before that repeats the epoch."""
        out = self.config.out
        if better:
            save_variables(out / BEST, self.averaged.variables, epoch=self.done)
        history.add(row, self.course.name(self.done), self.course.left(self.done, row["seconds"]))
        numbers = {"epoch": self.done, "best": self.best, "best_epoch": self.best_epoch, **self.course.numbers(phase)}
        save_variables(out / LAST, self.step.learned, **numbers)

    def _order(self, epoch: int) -> NDArray[np.int32]:
        """A random order of all rows, with the last batch padded with rows of zero weight (see `TrainingStep`)."""
        order = np.random.default_rng((self.config.seed, epoch)).permutation(len(self.data.learn)).astype(np.int32)
        if self.step.views is not None:
            order = self.step.views.chosen(order, len(self.data.learn), epoch)
        missing = self.course.steps * self.config.recipe.batch - len(order)
        return np.concatenate([order, -1 - np.resize(order, missing)])

    def _out_of_patience(self) -> bool:
        patience = self.config.recipe.patience
        return 0 < patience <= self.done - self.best_epoch
