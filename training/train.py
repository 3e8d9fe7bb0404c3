"""One training run: data, network, phases, epochs. `runs/NAME` holds everything that it leaves behind."""

import math
import time
from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.architectures import build, origin
from training.architectures.finetuning import freeze_until, load_weights, unfreeze
from training.budget import Budget
from training.checkpoint import load_variables, read_numbers, save_variables
from training.config import Phase, RunConfig, phases
from training.course import ByEpochs, ByTime, Course
from training.datasets.faceset import FaceSet
from training.datasets.labels import LabelSet, parse_labels, truth
from training.datasets.reading import read_faces
from training.datasets.training_data import make_training_data
from training.description import describe, refuse_another
from training.distribution import Workers, join
from training.numerics import choose_precision, make_reproducible
from training.progress import History, StepClock, say
from training.run_folder import BEST, CONFIG, LAST, write_json
from training.run_record import RunRecord, read_record
from training.schedules import make_optimizer
from training.step import TrainingStep
from training.teachers import SavedLogits, Teacher, open_teacher
from training.validation import accuracies, predict_logits


def open_run(
    config: RunConfig, *, resume: bool = False, began: float | None = None, faces: FaceSet | None = None
) -> "Run":
    """Read the data and build everything up to the first epoch that is to be trained; `Run.go` trains.

    Args:
        config: What to train.
        resume: Go on after the last epoch that the folder holds.
        began: From when on `config.minutes` count, by `time.monotonic()`; from now by default.
        faces: The data, where they have been read already.

    Raises:
        InputError: If the data cannot be used, or `resume` finds nothing or another run's files.
    """
    began = time.monotonic() if began is None else began
    if resume and not (config.out / LAST).is_file():
        raise InputError(f"{config.out} has no {LAST} to resume from; start without --resume.")
    if not resume and (config.out / LAST).is_file():
        raise InputError(f"{config.out} already holds a run; go on with --resume or name another folder with --out.")
    make_reproducible(config.seed, deterministic=config.deterministic)  # before anything runs on a device
    workers = join(config.distributed, config.recipe.batch)
    if config.minutes is not None and workers.count > 1:
        raise InputError("--minutes goes by the clock of one process; with several, name --epochs.")
    if workers.rank == 0:
        try:
            config.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{config.out} cannot be made ({error}); name another folder with --out.") from error
    keras.mixed_precision.set_global_policy(choose_precision(config.recipe.precision))
    _require(config)
    if faces is None:
        faces = read_faces(config.data, config.votes, skip_bad=config.skip_bad)
        for sentence in (*faces.notes, *([faces.skipped_in_short] if faces.skipped else [])):
            say(sentence)
    sets = parse_labels(config.labels, faces.votes is not None)
    run = Run(config, workers, sets, faces, began)
    if resume:
        run.restore()
    if workers.rank == 0 and (config.minutes is not None or not resume):  # more minutes are written down
        write_json(config.out / CONFIG, run.describe().as_dict())
    return run


def _require(config: RunConfig) -> None:
    """Refuse a network, a run to start from or a teacher that is not there, before the data are read."""
    origin(config.model)  # raises for a name that is none
    if config.init is not None and not config.init.is_file():
        read_record(config.init)
    for teacher in config.teachers:
        if not teacher.exists():
            raise InputError(f"{teacher} does not exist; name runs, bundles, or a file of `python -m training logits`.")


def _require_truth(check: FaceSet, sets: Sequence[LabelSet]) -> None:
    """Refuse data by which no epoch could be called better than another; say which heads are not measured."""
    unknown = [labels.name for labels in sets if not truth(check, labels)[0].any()]
    if len(unknown) == len(sets):
        raise InputError(f"None of the {len(check):,} rows to select on has a label of {', '.join(unknown)}.")
    if unknown:
        say(f"No row to select on has a label of {', '.join(unknown)}, so the other head alone selects.")


class Run:
    """The parts of a run and how far it has come.

    It leaves `last.npz` after every epoch, `best.npz` (the averaged network of the best epoch), `history.csv`,
    `events/` and `run.json`. A run that was killed goes on after the last epoch that it wrote down.

    Attributes:
        faces: All rows of the data, those that are not learned from too.
        step: The compiled step with the network.
        done: Epochs that are behind it.
    """

    def __init__(
        self, config: RunConfig, workers: Workers, sets: Sequence[LabelSet], faces: FaceSet, began: float
    ) -> None:
        recipe = config.recipe
        self.config, self.workers, self.sets, self.faces = config, workers, sets, faces
        self.data = make_training_data(
            faces,
            sets,
            split=config.split,
            seed=config.seed,
            keep_duplicates=config.keep_duplicates,
            balance=recipe.balance,
            smoothing=recipe.label_smoothing,
        )
        self.learn = self.data.learn
        for name, missing in self.data.missing_labels.items():
            say(f"No picture to learn from shows {', '.join(missing)}, so the head {name} will not know it.")
        _require_truth(self.data.check, sets)
        self.steps = math.ceil(len(self.learn) / recipe.batch)
        self.heads = {label_set.name: len(label_set.labels) for label_set in sets}
        self.phases = phases(recipe, freezes=config.freeze_until is not None)
        if self.phases[-1].frozen:
            say(f"The layers before {config.freeze_until} stay frozen in all {recipe.epochs} epochs (freeze_epochs).")
        self.course: Course = ByEpochs(self.phases, recipe, self.steps)
        if config.minutes is not None:
            budget = Budget(60 * config.minutes, began)
            self.course = ByTime(self.phases, recipe, self.steps, budget, config.minutes)
        self.done, self.best, self.best_epoch = 0, -1.0, 0
        self.phase: Phase | None = None
        self.trained_at = 0.0
        self.averaged = build(config.model, self.heads)  # on this process alone
        with workers.scope():
            network = build(config.model, self.heads)
            if config.weights is not None:
                count = load_weights(network, config.weights)
                say(f"{count} layers start with the weights of {config.weights}.")
            if config.init is not None:
                if config.init.is_file():
                    load_weights(network, str(config.init), whole=True)
                else:
                    load_variables(config.init / BEST, network.variables)
            self.step = TrainingStep(
                network, self.learn.images, self.data.targets, recipe, config.seed, self._teacher()
            )
        say(
            f"{config.model}: {network.count_params():,} parameters, {len(self.learn):,} pictures, "
            f"{keras.backend.backend()}, {choose_precision(recipe.precision)}, {workers.devices} device(s)"
        )

    def describe(self) -> RunRecord:
        """What `run.json` says of it."""
        length = self.course.record(self.config.planned_epochs)
        return describe(self.config, list(self.heads), self.data, self.workers, length)

    def go(self) -> None:
        """Train the epochs that are left.

        Raises:
            InputError: If the loss is no number any more; what was saved before stays.
        """
        history = History(self.config.out, self.done) if self.workers.rank == 0 else None
        self.course.prepare(self.averaged, self.data.check.images)
        for phase in self.phases:
            if self.course.is_behind(phase, self.done, self.phase):
                continue
            self._enter(phase)
            while not self.course.is_behind(phase, self.done, phase) and not self._exhausted():
                row, better = self._epoch(phase)
                if history is not None:
                    self._keep(row, better, history, phase)
                self.course.close_epoch(time.monotonic() - self.trained_at)
        if history is not None:
            history.close()

    def restore(self) -> None:
        """Come back to the end of the last epoch."""
        begun = read_record(self.config.out)
        self.course.refuse_another(begun, self.config.out)
        refuse_another(self.config.out, begun, self.describe())
        numbers = read_numbers(self.config.out / LAST)
        self._enter(self.course.restore(numbers))
        load_variables(self.config.out / LAST, self.step.learned)
        self.done, self.best, self.best_epoch = int(numbers["epoch"]), numbers["best"], int(numbers["best_epoch"])

    def _enter(self, phase: Phase) -> None:
        """Freeze or free the shallow layers and start a new optimiser, unless the phase has begun already."""
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
        """Train one epoch and validate it: its figures, and whether it is the best so far."""
        recipe, step = self.config.recipe, self.step
        started = time.monotonic()
        clock = StepClock(self.course.name(self.done + 1), self.steps, show=self.workers.rank == 0)
        rows = self.workers.share(self._order(), recipe.batch)
        with self.workers.scope():
            size = recipe.batch // self.workers.count
            logs = step.fit(
                rows, batch_size=size, shuffle=False, verbose=0, callbacks=[clock, *self.course.callbacks(phase)]
            ).history
        self.trained_at = time.monotonic()
        trained = self.trained_at - started
        learned = {name: values[0] for name, values in logs.items()}
        if not math.isfinite(learned["loss"]):
            raise InputError(
                f"The loss of {self.config.out} is no number any more in epoch {self.done + 1}; lower learning_rate or "
                "set clip_norm in the recipe, and start anew with another --out."
            )
        for variable, value in zip(self.averaged.variables, step.average.values(), strict=True):
            variable.assign(value)
        check = self.data.check
        measured = accuracies(predict_logits(self.averaged, check.images), check, self.sets)
        self.done += 1
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
            "images_per_second": round(len(self.learn) * clock.done / self.steps / trained, 1),
            "waiting": round(clock.waiting / trained, 4),
            **self.course.figures(clock.done),
        }
        return row, better

    def _keep(self, row: dict[str, float], better: bool, history: History, phase: Phase) -> None:
        """Write the epoch down; `last.npz` comes last, so that a run that is killed before it repeats the epoch."""
        out = self.config.out
        if better:
            save_variables(out / BEST, self.averaged.variables, epoch=self.done)
        history.add(row, self.course.name(self.done), self.course.left(self.done, row["seconds"]))
        numbers = {"epoch": self.done, "best": self.best, "best_epoch": self.best_epoch, **self.course.numbers(phase)}
        save_variables(out / LAST, self.step.learned, **numbers)

    def _order(self) -> NDArray[np.int32]:
        """A random order of all rows, the last batch filled up with rows of no weight (see `TrainingStep`)."""
        order = np.random.default_rng((self.config.seed, self.done)).permutation(len(self.learn)).astype(np.int32)
        if self.step.views is not None:
            order = self.step.views.chosen(order, len(self.learn), self.done)
        missing = self.steps * self.config.recipe.batch - len(order)
        return np.concatenate([order, -1 - np.resize(order, missing)])

    def _exhausted(self) -> bool:
        patience = self.config.recipe.patience
        return 0 < patience <= self.done - self.best_epoch

    def _teacher(self) -> Teacher | None:
        config = self.config
        if not config.teachers:
            return None
        teacher = open_teacher(config.teachers, self.learn.digest, self.heads, config.recipe.augment)
        if isinstance(teacher, SavedLogits) and (config.recipe.mixup or config.recipe.cutmix):
            raise InputError(
                "Saved logits do not fit mixed pictures; name a run or a bundle as --teacher, or turn mixing off."
            )
        return teacher
