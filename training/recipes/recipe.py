"""Every default of training, and how a TOML file overrides it."""

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from models.errors import InputError
from training.augmentation import AugmentConfig

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained.

    Attributes:
        epochs: Passes over the Training rows.
        batch: Pictures in a step.
        learning_rate: Peak; a warm-up leads to it and a cosine from it to 0.
        warmup_epochs: Length of the warm-up.
        momentum: Of SGD with Nesterov's correction.
        weight_decay: Decoupled; not applied to biases and normalisation.
        averaging: Decay of the moving average of the weights for a step; the average is what is validated and kept.
        label_smoothing: For the FER2013 head; the votes of the FER+ head are soft by themselves.
        head_weights: Weight of each head in the loss.
        precision: A Keras policy: `mixed_bfloat16`, `float32`.
        augment: Bounds of the random views.
    """

    epochs: int = 70
    batch: int = 128
    learning_rate: float = 0.08
    warmup_epochs: float = 1.0
    momentum: float = 0.9
    weight_decay: float = 5e-4
    averaging: float = 0.998
    label_smoothing: float = 0.1
    head_weights: dict[str, float] = field(default_factory=lambda: {"fer2013": 1.0, "ferplus": 1.0})
    precision: str = "mixed_bfloat16"
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_recipe(name_or_file: str) -> Recipe:
    """Read a recipe of this folder by name, or any TOML file; keys that are missing keep their defaults.

    Raises:
        InputError: If it is not there, is no TOML, or names a key or a type that recipes do not have.
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
        raise InputError(f"{path} is no usable recipe: {error}.") from error


def recipe_from(table: dict[str, Any]) -> Recipe:
    """A recipe from plain values, as `as_dict` gives them.

    Raises:
        ValueError: If a key is unknown or a value has the wrong type.
    """
    table = dict(table)
    augment = AugmentConfig(**_checked(AugmentConfig(), table.pop("augment", {})))
    return Recipe(**_checked(Recipe(), table), augment=augment)


def _checked(defaults: Any, table: dict[str, Any]) -> dict[str, Any]:
    known = {entry.name: getattr(defaults, entry.name) for entry in fields(defaults)}
    result = {}
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"unknown key {key}; there are {', '.join(known)}")
        if isinstance(known[key], float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(known[key]):
            raise ValueError(f"{key} is {value!r}, not of type {type(known[key]).__name__}")
        result[key] = value
    return result
