"""The record that a run writes into `run.json` before it starts, and the check that `--resume` continues the same
run."""

import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import keras

from models.bundle import KERAS_FILE, META, load_bundle, sha256_of
from models.errors import InputError
from training.architectures.finetuning import IMAGENET
from training.config import RunConfig
from training.datasets.training_data import TrainingData
from training.distribution import Workers
from training.numerics import choose_precision
from training.recipes.recipe import recipe_from
from training.run_folder import BEST, epochs_trained
from training.run_record import DataRecord, RunRecord, read_record
from training.weights_file import epochs_behind

UNCHANGED = ("model", "labels", "seed", "recipe", "data", "freeze_until", "teachers")
"""Keys that must be the same when a run is resumed."""

DIGEST_LENGTH = 64
"""Characters of a SHA-256, which messages shorten."""

PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy")


def describe(
    config: RunConfig, heads: Sequence[str], data: TrainingData, workers: Workers, length: Mapping[str, Any]
) -> RunRecord:
    """The record of a run.

    Args:
        config: The run's configuration.
        heads: Names of the network's heads.
        data: Its training and validation data.
        workers: Where it runs.
        length: The entries about its length, from its course.
    """
    learn = data.learn
    return RunRecord(
        model=config.model,
        labels=tuple(heads),
        seed=config.seed,
        deterministic=config.deterministic,
        recipe=config.recipe.as_dict(),
        **length,
        precision=choose_precision(config.recipe.precision),
        init=None if config.init is None else _init(config.init),
        init_sha256=None if config.init is None else digest_of(config.init),
        weights=config.weights,
        weights_sha256=None if config.weights in (None, IMAGENET) else digest_of(Path(config.weights)),
        earlier_epochs=earlier_epochs(config.init, config.weights),
        freeze_until=config.freeze_until,
        teachers=tuple({"name": path.name, "sha256": digest_of(path)} for path in config.teachers),
        data=DataRecord(
            file=None if config.data is None else config.data.name,
            rows=learn.digest,
            selected_on=data.check.digest,
            answers=learn.answers_digest,
            ferplus=learn.votes is not None,
            split=config.split,
            keep_duplicates=config.keep_duplicates,
        ),
        counts={
            "training": len(learn),
            "validation": len(data.check),
            "left_out": data.left_out,
            "skipped": len(learn.skipped),
        },
        notes=tuple(learn.notes),
        processes=workers.count,
        devices=workers.devices,
        versions=versions(),
        git=git_revision(),
    )


def _init(source: Path) -> dict[str, Any]:
    """The record of the run that the weights come from, or only the name of a file of weights."""
    return {"file": source.name} if source.is_file() else read_record(source).as_dict()


def require_same_run(folder: Path, recorded: RunRecord, mine: RunRecord) -> None:
    """Refuse to resume a run with other options.

    Args:
        folder: The run's folder.
        recorded: Its record on disk.
        mine: What `describe` returns now.

    Raises:
        InputError: If they differ in anything that determines the result; epochs are compared only if they are the
            length.
    """
    for key in UNCHANGED:
        one, other = _comparable(getattr(recorded, key)), _comparable(getattr(mine, key))
        if key == "recipe" and mine.minutes is not None:
            one, other = ({**recipe, "epochs": None} for recipe in (one, other))
        if key == "data":  # older versions did not record everything
            one = {name: other[name] if value is None else value for name, value in one.items()}
            one["file"] = other["file"]  # the digests decide, however the file was named
        if one != other:
            raise InputError(
                f"{folder} was started with another {key} ({_difference(one, other)}); resume it with the same "
                "options, or start a new run with another --out."
            )


def _difference(there: Any, now: Any) -> str:
    """What differs, in words; of tables only the keys that do."""
    if isinstance(there, Mapping) and isinstance(now, Mapping):
        keys = [key for key in {**there, **now} if there.get(key) != now.get(key)]
        return ", ".join(f"{key}: {_difference(there.get(key), now.get(key))}" for key in keys)
    return f"{_in_words(there)} there, {_in_words(now)} now"


def _in_words(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, Mapping):
        return str(value.get("name", dict(value)))
    if isinstance(value, list | tuple):
        return " + ".join(map(_in_words, value))
    return value[:12] if isinstance(value, str) and len(value) == DIGEST_LENGTH else str(value)


def _comparable(value: Any) -> Any:
    """A recipe completed with the keys that were added since; anything else as plain values."""
    if isinstance(value, DataRecord):
        return asdict(value)
    if not isinstance(value, Mapping):
        return value
    try:
        return recipe_from(dict(value)).as_dict()
    except ValueError:  # a key that recipes no longer have
        return dict(value)


def versions() -> dict[str, str]:
    """Versions of Python, Keras and the installed numerical libraries, and the name of the backend."""
    result = {"python": platform.python_version(), "backend": keras.backend.backend()}
    for package in PACKAGES:
        try:
            result[package] = version(package)
        except PackageNotFoundError:
            continue
    return result


def git_revision() -> str | None:
    """The commit of this code, with `+` if tracked files were changed; None outside a git checkout."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def digest_of(source: Path) -> str:
    """SHA-256 (hex) of a file, or of the weights of a run or a bundle.

    Raises:
        InputError: If it cannot be read.
    """
    inside = (source / name for name in (BEST, KERAS_FILE))
    file = next((path for path in inside if path.is_file()), source)
    try:
        return sha256_of(file)
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error}).") from error


def earlier_epochs(init: Path | None, weights: str | None) -> int:
    """Epochs for which the initial weights of a run were trained, as far as their runs recorded it.

    Args:
        init: Folder of a run, or a file of weights.
        weights: A file; a bundle's `model.json` next to it records them.
    """
    if init is not None and init.is_file():
        return epochs_behind(init)
    if init is not None:
        return epochs_trained(init) + read_record(init).earlier_epochs
    if weights is not None and weights.endswith(".npz"):
        return epochs_behind(Path(weights))
    meta = None if weights is None else Path(weights).parent / META
    if meta is None or not meta.is_file():
        return 0
    training = load_bundle(meta.parent).training
    return int(training.get("epochs_trained", 0)) + int(training.get("earlier_epochs", 0))
