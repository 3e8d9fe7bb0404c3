"""Every default of training, and how a TOML file overrides it."""

import math
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from models.emotions import SETS
from models.errors import InputError
from training.augmentation import AugmentConfig
from training.datasets.balance import BALANCES
from training.ranges import require_ranges

FOLDER = Path(__file__).parent

CHOICES = {
    "optimizer": ("sgd", "adamw"),
    "schedule": ("cosine", "one-cycle"),
    "balance": BALANCES,
    "precision": ("auto", "mixed_bfloat16", "float32"),
}

RANGES = {
    "learning_rate": (0.0, math.inf),
    "warmup_epochs": (0.0, math.inf),
    "momentum": (0.0, 1.0),
    "weight_decay": (0.0, math.inf),
    "clip_norm": (0.0, math.inf),
    "averaging": (0.0, 1.0),
    "patience": (0, math.inf),
    "label_smoothing": (0.0, 1.0),
    "mixup": (0.0, math.inf),
    "cutmix": (0.0, 1.0),
    "teacher_share": (0.0, 1.0),
    "teacher_temperature": (0.01, math.inf),
    "freeze_epochs": (0, math.inf),
    "unfrozen_rate": (0.0, math.inf),
}
"""Lowest and highest value of a key."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained.

    Attributes:
        epochs: Passes over the training rows.
        batch: Pictures per step.
        optimizer: `sgd` (with Nesterov's momentum) or `adamw`.
        learning_rate: Peak learning rate.
        schedule: `cosine` (a warm-up, then a cosine to 0) or `one-cycle` (a third up, two thirds down to 0).
        warmup_epochs: Length of the cosine's warm-up.
        momentum: Of SGD; for AdamW the decay of the first moment.
        weight_decay: Decoupled; not applied to biases and normalisation.
        clip_norm: Largest global norm of the gradient; 0 is off.
        averaging: Decay per step of the network's moving average; the average is validated and saved.
        patience: Epochs without a new best after which the run stops early; 0 is off.
        label_smoothing: For classes; votes are soft already.
        balance: `none`, `class-weights`, or `oversample` (mirrored copies of the rare classes).
        head_weights: Weight of each head in the loss; 1 for heads not listed.
        mixup: Parameter of mixup's Beta distribution; 0 is off.
        cutmix: Probability that a batch gets CutMix; 0 is off.
        teacher_share: Weight of the teacher's probabilities in the loss, 0..1, for a run with a teacher.
        teacher_temperature: Temperature of student and teacher in that term.
        freeze_epochs: Initial epochs in which the layers before `--freeze-until` are frozen.
        unfrozen_rate: Learning rate after them, as a fraction of `learning_rate`.
        precision: `auto` (bfloat16 where the processor computes in it), or a Keras policy: `mixed_bfloat16`, `float32`.
        augment: Bounds of the random views.
    """

    epochs: int = 70
    batch: int = 128
    optimizer: str = "sgd"
    learning_rate: float = 0.08
    schedule: str = "cosine"
    warmup_epochs: float = 1.0
    momentum: float = 0.9
    weight_decay: float = 5e-4
    clip_norm: float = 0.0
    averaging: float = 0.998
    patience: int = 0
    label_smoothing: float = 0.1
    balance: str = "none"
    head_weights: dict[str, float] = field(default_factory=dict)
    mixup: float = 0.0
    cutmix: float = 0.0
    teacher_share: float = 0.5
    teacher_temperature: float = 2.0
    freeze_epochs: int = 0
    unfrozen_rate: float = 0.1
    precision: str = "auto"
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        if not all(isinstance(weight, int | float) and weight >= 0 for weight in self.head_weights.values()):
            raise ValueError(f"head_weights are numbers of 0 or more, not {self.head_weights}")
        unknown = set(self.head_weights) - set(SETS)
        if unknown:
            raise ValueError(f"head_weights names {', '.join(sorted(unknown))}; there are {', '.join(SETS)}")
        require_ranges(self, RANGES)
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is {getattr(self, name)!r}, not one of {', '.join(known)}")
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, but must be at least 1")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_recipe(name_or_file: str) -> Recipe:
    """Read a recipe of this folder by name, or any TOML file; missing keys keep their defaults.

    Raises:
        InputError: If it does not exist, is not TOML, or has an unknown key or a value of the wrong type.
    """
    path = Path(name_or_file)
    if path.suffix != ".toml":
        path = FOLDER / f"{name_or_file}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.toml")))
        raise InputError(f"There is no recipe {name_or_file!r}; there are {known}, or name a .toml file.")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return recipe_from(table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise InputError(f"{path} is not a usable recipe: {error}.") from error


def recipe_for(model: str, *, freezes: bool = False) -> Recipe:
    """`finetune` if shallow layers are frozen at first; else the network's own recipe, `recipes/MODEL.toml`, or
    `light`."""
    if freezes:
        return load_recipe("finetune")
    return load_recipe(model if (FOLDER / f"{model}.toml").is_file() else "light")


def recipe_from(table: dict[str, Any]) -> Recipe:
    """A recipe from plain values, as `as_dict` gives them.

    Raises:
        ValueError: If a key is unknown or a value has the wrong type.
    """
    table = dict(table)
    views = table.pop("augment", {})
    if not isinstance(views, dict):
        raise ValueError(f"augment is {views!r}, not a table")
    augment = AugmentConfig(**_checked(AugmentConfig(), views))
    return Recipe(**_checked(Recipe(), table), augment=augment)


def _checked(defaults: Any, table: dict[str, Any]) -> dict[str, Any]:
    known = {entry.name: getattr(defaults, entry.name) for entry in fields(defaults)}
    views = {entry.name for entry in fields(AugmentConfig)}
    result = {}
    for key, value in table.items():
        if key not in known:
            if key in views:
                raise ValueError(f"{key} is a key of the random views; write it below a line [augment]")
            if isinstance(defaults, AugmentConfig) and key in {entry.name for entry in fields(Recipe)}:
                raise ValueError(f"{key} is no key of [augment]; write it above that line")
            raise ValueError(f"unknown key {key}; there are {', '.join(known)}")
        if isinstance(known[key], float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(known[key]):
            raise ValueError(f"{key} is {value!r}, not of type {type(known[key]).__name__}")
        result[key] = value
    return result
