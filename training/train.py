"""One training run: data, network, epochs, checkpoints. `runs/NAME` holds everything that it leaves behind."""

import csv
import hashlib
import json
import math
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from models.emotions import SETS
from models.errors import InputError
from training.architectures import build
from training.augmentation import Augment
from training.checkpoint import BEST, CONFIG, HISTORY, LAST, load_variables, save_variables, write_json
from training.datasets.faceset import FaceSet, not_a_face, same_pixels
from training.datasets.fer2013 import read_fer2013
from training.datasets.targets import make_targets
from training.recipes.recipe import Recipe
from training.step import TrainingStep
from training.validation import accuracies, predict_logits


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What decides a run's result, besides the versions of the libraries.

    `init` names the folder of a run of the same network whose best weights this one starts from.
    """

    model: str
    data: Path
    votes: Path | None
    recipe: Recipe
    seed: int
    out: Path
    init: Path | None = None


def train(config: RunConfig, *, resume: bool = False) -> Path:
    """Train a network on the Training rows and keep its best epoch on PublicTest.

    Leaves `last.npz` after every epoch, `best.npz` (averaged weights of the best epoch), `history.csv` and `run.json`.

    Returns:
        The run's folder.

    Raises:
        InputError: If the data cannot be used, or `resume` finds nothing or another run's files.
    """
    config.out.mkdir(parents=True, exist_ok=True)
    if resume and not (config.out / LAST).is_file():
        raise InputError(f"{config.out} has no {LAST} to resume from; start without --resume.")
    if not resume and (config.out / LAST).is_file():
        raise InputError(f"{config.out} already holds a run; go on with --resume or name another folder with --out.")
    faces = read_fer2013(config.data, config.votes)
    learn, check, left_out = training_rows(faces)
    recipe = config.recipe
    keras.utils.set_random_seed(config.seed)
    keras.mixed_precision.set_global_policy(recipe.precision)
    targets = make_targets(learn, recipe.label_smoothing)
    network = build(config.model, {head: len(SETS[head]) for head in targets})
    step = TrainingStep(network, learn.images, targets, Augment(recipe.augment, config.seed), recipe.head_weights)
    steps = math.ceil(len(learn) / recipe.batch)
    step.compile(optimizer=_optimizer(recipe, steps))
    step(np.zeros(1, np.int32))
    step.optimizer.build(step.trainable_variables)
    first, best = 0, -1.0
    if resume:
        numbers = load_variables(config.out / LAST, step.learned)
        first, best = int(numbers["epoch"]), numbers["best"]
    else:
        write_json(config.out / CONFIG, describe(config, learn, check, left_out))
        if config.init is not None:
            load_variables(config.init / BEST, network.variables)
    _say(f"{config.model}: {network.count_params():,} parameters, {len(learn):,} pictures, {keras.backend.backend()}")
    for epoch in range(first, recipe.epochs):
        started = time.monotonic()
        order = np.random.default_rng((config.seed, epoch)).permutation(len(learn)).astype(np.int32)
        logs = step.fit(
            order, batch_size=recipe.batch, shuffle=False, verbose=0, callbacks=[_Live(epoch, recipe.epochs, steps)]
        )
        learned = {name: values[0] for name, values in logs.history.items()}
        with _Averaged(step):
            measured = accuracies(predict_logits(network, check.images), check)
            merit = sum(measured.values()) / len(measured)
            if merit > best:
                best = merit
                save_variables(config.out / BEST, network.variables, epoch=epoch + 1, **measured)
        save_variables(config.out / LAST, step.learned, epoch=epoch + 1, best=best)
        seconds = time.monotonic() - started
        row = {
            "epoch": epoch + 1,
            "seconds": round(seconds, 1),
            **learned,
            **{f"val_{k}": v for k, v in measured.items()},
        }
        _append(config.out / HISTORY, row, first=epoch == 0)
        left = (recipe.epochs - epoch - 1) * seconds
        _say(_line(row, recipe.epochs, len(learn) / seconds, left))
    return config.out


def training_rows(faces: FaceSet) -> tuple[FaceSet, FaceSet, dict[str, int]]:
    """Divide by `Usage`: the Training rows to learn from, PublicTest to select on, and counts of what was left out.

    Rows that show no face, and Training pictures that stand in another split too, are left out of training.

    Raises:
        InputError: If either split is empty.
    """
    learn, check = faces.split("Training"), faces.split("PublicTest")
    if not len(learn) or not len(check):
        raise InputError("The data needs rows with Usage Training and PublicTest; one of the two has none.")
    no_face = not_a_face(learn)
    leaked = same_pixels(learn, faces.rows(faces.usage != "Training")) & ~no_face
    return (
        learn.rows(~(no_face | leaked)),
        check,
        {"not_a_face": int(no_face.sum()), "also_in_a_test_split": int(leaked.sum())},
    )


def describe(config: RunConfig, learn: FaceSet, check: FaceSet, left_out: dict[str, int]) -> dict[str, Any]:
    """What is written beside the weights: data, counts, recipe, seed, versions."""
    return {
        "model": config.model,
        "seed": config.seed,
        "recipe": config.recipe.as_dict(),
        "init": None if config.init is None else read_config(config.init),
        "data": {
            "file": config.data.name,
            "rows": hashlib.sha256(learn.images.tobytes()).hexdigest(),
            "ferplus": learn.votes is not None,
        },
        "counts": {"training": len(learn), "public_test": len(check), "left_out": left_out},
        "versions": {
            "python": platform.python_version(),
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "numpy": np.__version__,
        },
    }


def read_config(run: Path) -> dict[str, Any]:
    """The `run.json` of a run's folder.

    Raises:
        InputError: If it is missing or no JSON.
    """
    try:
        return json.loads((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run / CONFIG} cannot be read ({error}); name the folder of a training run.") from error


def _optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    warmup = round(recipe.warmup_epochs * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / 20,
        decay_steps=max(recipe.epochs * steps - warmup, 1),
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.SGD(
        schedule,
        recipe.momentum,
        nesterov=True,
        weight_decay=recipe.weight_decay,
        use_ema=True,
        ema_momentum=recipe.averaging,
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return optimizer


class _Averaged:
    """Puts the averaged weights into the network for the time of a `with` block."""

    def __init__(self, step: TrainingStep) -> None:
        self.step = step

    def __enter__(self) -> None:
        variables = self.step.optimizer._trainable_variables
        self.own = [keras.ops.convert_to_numpy(variable.value) for variable in variables]
        self.step.optimizer.finalize_variable_values(variables)

    def __exit__(self, *exc: object) -> None:
        for variable, value in zip(self.step.optimizer._trainable_variables, self.own, strict=True):
            variable.assign(value)


class _Live(keras.callbacks.Callback):
    """A live line within the epoch, on a terminal only."""

    def __init__(self, epoch: int, epochs: int, steps: int) -> None:
        super().__init__()
        self.text, self.steps, self.started = f"epoch {epoch + 1}/{epochs}", steps, time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if sys.stderr.isatty() and batch % 10 == 9:
            left = (time.monotonic() - self.started) / (batch + 1) * (self.steps - batch - 1)
            print(
                f"\r{self.text}  step {batch + 1}/{self.steps}  {left:.0f} s left ", end="", file=sys.stderr, flush=True
            )


def _line(row: dict[str, float], epochs: int, rate: float, left: float) -> str:
    figures = "  ".join(
        f"{name} {100 * value:.2f} %" for name, value in row.items() if name.endswith(("fer2013", "ferplus"))
    )
    return (
        f"epoch {row['epoch']}/{epochs}  loss {row['loss']:.4f}  {figures}  {rate:.0f} images/s  "
        f"{row['seconds']:.0f} s, {left / 60:.0f} min left"
    )


def _append(path: Path, row: dict[str, float], *, first: bool) -> None:
    with path.open("w" if first else "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row)
        if first:
            writer.writeheader()
        writer.writerow(row)


def _say(text: str) -> None:
    print(f"\r{text}" if sys.stderr.isatty() else text, flush=True)
