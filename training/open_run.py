"""Opens a run, from its configuration to its next epoch: checks, data, network, teacher."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import keras

from models.errors import InputError
from training.architectures import build, origin
from training.architectures.finetuning import load_weights
from training.budget import Budget
from training.checkpoint import load_variables
from training.config import RunConfig, phases
from training.course import ByEpochs, ByTime, Course
from training.datasets.faceset import FaceSet
from training.datasets.labels import LabelSet, parse_labels, truth
from training.datasets.reading import read_faces
from training.datasets.training_data import TrainingData, make_training_data
from training.distribution import Workers, join
from training.numerics import choose_precision, make_reproducible
from training.progress import say
from training.run_folder import BEST, CONFIG, LAST, write_json
from training.run_record import read_record
from training.step import TrainingStep
from training.teachers import SavedLogits, Teacher, open_teacher
from training.train import Run


def open_run(
    config: RunConfig, *, resume: bool = False, began: float | None = None, faces: FaceSet | None = None
) -> Run:
    """Read the data and build everything up to the next epoch; `Run.go` trains.

    Args:
        config: The run's configuration.
        resume: Continue after the last epoch in the folder.
        began: Start of `config.minutes`, by `time.monotonic()`; now by default.
        faces: The data, if already read.

    Raises:
        InputError: If the data cannot be used, or `resume` finds no run or a different one.
    """
    began = time.monotonic() if began is None else began
    if resume and not (config.out / LAST).is_file():
        raise InputError(f"{config.out} has no {LAST} to resume from; start without --resume.")
    if not resume and (config.out / LAST).is_file():
        raise InputError(
            f"{config.out} already holds a run; continue it with --resume or name another folder with --out."
        )
    make_reproducible(config.seed, deterministic=config.deterministic)  # before anything runs on a device
    workers = join(config.distributed, config.recipe.batch)
    if config.minutes is not None and workers.count > 1:
        raise InputError("--minutes uses the clock of one process; with several, use --epochs.")
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
    run = _build(config, workers, faces, began)
    if resume:
        run.restore()
        if workers.rank == 0:
            say(f"{config.out} continues after epoch {run.done}.")
    if workers.rank == 0 and (config.minutes is not None or not resume):
        record = run.describe()
        if resume:  # only the added minutes are new
            record = replace(read_record(config.out), minutes=record.minutes)
        write_json(config.out / CONFIG, record.as_dict())
    return run


def _require(config: RunConfig) -> None:
    """Refuse a network, an initial run or a teacher that does not exist, before the data are read."""
    origin(config.model)  # raises for an unknown name
    if config.init is not None and not config.init.is_file():
        read_record(config.init)
    for teacher in config.teachers:
        if not teacher.exists():
            raise InputError(f"{teacher} does not exist; name runs, bundles, or a file of `python -m training logits`.")


def _require_truth(check: FaceSet, sets: Sequence[LabelSet]) -> None:
    """Refuse data that cannot tell a better epoch from a worse one; report heads that are not measured."""
    unknown = [labels.name for labels in sets if not truth(check, labels)[0].any()]
    if len(unknown) == len(sets):
        raise InputError(f"None of the {len(check):,} validation rows has a label of {', '.join(unknown)}.")
    if unknown:
        say(f"No validation row has a label of {', '.join(unknown)}, so only the other head selects the epoch.")


def _build(config: RunConfig, workers: Workers, faces: FaceSet, began: float) -> Run:
    """Build every part of the run: its data, length, network and teacher."""
    recipe = config.recipe
    sets = parse_labels(config.labels, faces.votes is not None)
    data = make_training_data(
        faces,
        sets,
        split=config.split,
        seed=config.seed,
        keep_duplicates=config.keep_duplicates,
        balance=recipe.balance,
        smoothing=recipe.label_smoothing,
    )
    for name, missing in data.missing_labels.items():
        say(f"No training picture shows {', '.join(missing)}, so the head {name} will not learn it.")
    _require_truth(data.check, sets)
    course = _course(config, math.ceil(len(data.learn) / recipe.batch), began)
    heads = {labels.name: len(labels.labels) for labels in sets}
    averaged = build(config.model, heads)  # for this process alone
    with workers.scope():
        network = _network(config, heads)
        teacher = _teacher(config, data, heads)
        step = TrainingStep(network, data.learn.images, data.targets, recipe, config.seed, teacher)
    say(
        f"{config.model}: {network.count_params():,} parameters, {len(data.learn):,} pictures, "
        f"{keras.backend.backend()}, {choose_precision(recipe.precision)}, {workers.devices} device(s)"
    )
    return Run(config, workers, sets, faces, data, course, step, averaged)


def _course(config: RunConfig, steps: int, began: float) -> Course:
    """The length of the run, in epochs or by time; an epoch has `steps` steps."""
    parts = phases(config.recipe, freezes=config.freeze_until is not None)
    if parts[-1].frozen:
        epochs = config.recipe.epochs
        say(f"The layers before {config.freeze_until} stay frozen in all {epochs} epochs (freeze_epochs).")
    if config.minutes is None:
        return ByEpochs(parts, config.recipe, steps)
    return ByTime(parts, config.recipe, steps, Budget(60 * config.minutes, began), config.minutes)


def _network(config: RunConfig, heads: Mapping[str, int]) -> keras.Model:
    """The network with its initial weights."""
    network = build(config.model, dict(heads))
    if config.weights is not None:
        count = load_weights(network, config.weights)
        say(f"{count} layers start from the weights in {config.weights}.")
    if config.init is not None:
        if config.init.is_file():
            load_weights(network, str(config.init), whole=True)
        else:
            load_variables(config.init / BEST, network.variables)
    return network


def _teacher(config: RunConfig, data: TrainingData, heads: Mapping[str, int]) -> Teacher | None:
    if not config.teachers:
        return None
    teacher = open_teacher(config.teachers, data.learn.digest, heads, config.recipe.augment)
    if isinstance(teacher, SavedLogits) and (config.recipe.mixup or config.recipe.cutmix):
        raise InputError(
            "Saved logits do not fit mixed pictures; name a run or a bundle as --teacher, or set mixup and cutmix to 0."
        )
    return teacher
