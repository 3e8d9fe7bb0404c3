"""`run.json` as a typed record: everything that decided a run's result. Does not need Keras.

Only the standard library reads and checks it, because a machine that trains may have nothing but Keras and JAX.
"""

import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from models.emotions import SETS
from models.errors import InputError
from training.run_folder import CONFIG


class _Record:
    """Reads a dataclass from JSON; unknown keys are ignored, and missing ones have their defaults."""

    @classmethod
    def parse(cls, content: object) -> Self:
        """Raises: ValueError: If a key is missing or a value has the wrong type; says which."""
        if not isinstance(content, Mapping):
            raise ValueError(f"{type(content).__name__} where names and values belong")
        hints = typing.get_type_hints(cls)
        values: dict[str, Any] = {}
        for entry in fields(cls):  # type: ignore[arg-type]
            if entry.name not in content:
                if entry.default is MISSING and entry.default_factory is MISSING:
                    raise ValueError(f"it has no {entry.name}")
                continue
            value, hint = content[entry.name], hints[entry.name]
            if isinstance(hint, type) and issubclass(hint, _Record):
                values[entry.name] = hint.parse(value)
            elif not _fits(value, hint):
                raise ValueError(f"{entry.name} is {str(value)[:40]!r}")
            else:
                values[entry.name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)


@dataclass(frozen=True, slots=True)
class DataRecord(_Record):
    """The data of a run.

    Attributes:
        file: Name of the csv or folder; None for the usual places.
        rows: Digest of the pictures to learn from (`FaceSet.digest`); None in records of version 0.1's first runs.
        selected_on: Digest of the validation pictures, likewise.
        answers: Digest of their labels and votes, likewise.
        ferplus: Whether there were FER+ votes.
        split: `official`, or a ratio such as `80/20`.
        keep_duplicates: Whether copies of held-out pictures were learned from.
    """

    file: str | None = None
    rows: str | None = None
    selected_on: str | None = None
    answers: str | None = None
    ferplus: bool = False
    split: str = "official"
    keep_duplicates: bool = False


@dataclass(frozen=True, slots=True)
class RunRecord(_Record):
    """The content of `run.json`.

    Attributes:
        model: Name of the network.
        seed: Of weights, order and views.
        data: Its training and validation data.
        labels: Names of the label sets, one head each.
        recipe: As `Recipe.as_dict` gave it; an older version's may have other keys.
        planned_epochs: Of the recipe before `--epochs` changed it; None for a run by time.
        minutes: Length of a run by time; None for one by epochs.
        deterministic: Whether only operations with a fixed order of summation were allowed.
        precision: Keras' policy.
        init: The record of the run that the weights came from, or the name of a file of them.
        init_sha256: Digest of those weights.
        weights: The file of `--weights`, or `imagenet`.
        weights_sha256: Digest of that file.
        earlier_epochs: Epochs for which its initial weights were trained.
        freeze_until: First layer that was trained from the start.
        teachers: Name and digest of each.
        counts: Numbers of pictures: training, validation, left out and skipped.
        notes: Assumptions made about the data.
        processes: Number of processes.
        devices: Number of devices of all processes.
        versions: Of Python and the libraries, and the backend.
        git: Commit of the code, with `+` if files were changed.
        averaged: For an average of runs: the runs, with versions and commit.
    """

    model: str
    seed: int
    data: DataRecord
    labels: tuple[str, ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=dict)
    planned_epochs: int | None = None
    minutes: float | None = None
    deterministic: bool = False
    precision: str | None = None
    init: Mapping[str, Any] | None = None
    init_sha256: str | None = None
    weights: str | None = None
    weights_sha256: str | None = None
    earlier_epochs: int = 0
    freeze_until: str | None = None
    teachers: tuple[Mapping[str, str], ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    processes: int = 1
    devices: int = 1
    versions: Mapping[str, str] = field(default_factory=dict)
    git: str | None = None
    averaged: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        unknown = set(self.labels) - set(SETS)
        if unknown:
            raise ValueError(f"unknown labels {', '.join(sorted(unknown))}")
        if not self.labels:  # the oldest runs only recorded whether they had votes
            object.__setattr__(self, "labels", ("fer2013", "ferplus") if self.data.ferplus else ("fer2013",))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def read_record(run: Path) -> RunRecord:
    """The `run.json` of a run's folder.

    Raises:
        InputError: If it is missing, not JSON, or does not describe a run.
    """
    file = run / CONFIG
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read ({error}); name the folder of a training run.") from error
    try:
        return RunRecord.parse(content)
    except ValueError as error:
        raise InputError(f"{file} does not describe a training run ({error}); name the folder of one.") from error


def _fits(value: object, hint: Any) -> bool:
    """Whether a value of JSON has an annotated type; lists stand for tuples, and whole numbers are fractions too."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, each) for each in typing.get_args(hint))
    if origin is tuple:
        inside = typing.get_args(hint)[0]
        return isinstance(value, Sequence) and not isinstance(value, str) and all(_fits(each, inside) for each in value)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, origin or hint)
