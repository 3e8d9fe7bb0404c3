"""The configuration of a run, and its phases."""

from dataclasses import dataclass
from pathlib import Path

from training.recipes.recipe import Recipe


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that determines a run's result, apart from the versions of the libraries.

    Attributes:
        model: Name of the network.
        data: A csv or a folder; None looks in the usual places.
        votes: FER+'s csv; None takes the one next to the data.
        recipe: How the network is trained.
        seed: Of weights, order and views.
        out: The run's folder.
        labels: Label sets joined by `+`; None for all that the data has.
        split: `official`, or such as `80/20`.
        init: Folder of a run of the same network from whose best weights this one starts, or a file of weights.
        weights: A file of weights, or `imagenet`.
        freeze_until: Name of the first layer that is trained from the start.
        teachers: Runs or bundles, or one file of saved logits.
        deterministic: Same seed, same history on the same machine, at some cost in speed on a GPU.
        distributed: Divide the batches among all devices and processes.
        skip_bad: Skip rows that cannot be used, and report how many.
        keep_duplicates: Also train on copies of pictures for validation or testing.
        minutes: Time budget from the start of the command, without the export; None for the recipe's epochs.
        planned_epochs: Of the recipe before `--epochs` changed it; None if it did not.
    """

    model: str
    data: Path | None
    votes: Path | None
    recipe: Recipe
    seed: int
    out: Path
    labels: str | None = None
    split: str = "official"
    init: Path | None = None
    weights: str | None = None
    freeze_until: str | None = None
    teachers: tuple[Path, ...] = ()
    deterministic: bool = False
    distributed: bool = False
    skip_bad: bool = False
    keep_duplicates: bool = False
    minutes: float | None = None
    planned_epochs: int | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """Epochs `first` (from 0) up to `last` (exclusive) that are trained with one optimiser."""

    first: int
    last: int
    rate: float
    frozen: bool


def phases(recipe: Recipe, freezes: bool) -> list[Phase]:
    """One phase, or two if shallow layers are frozen at first and then trained at a lower rate."""
    if not freezes or not 0 < recipe.freeze_epochs < recipe.epochs:
        return [Phase(0, recipe.epochs, recipe.learning_rate, freezes)]
    return [
        Phase(0, recipe.freeze_epochs, recipe.learning_rate, True),
        Phase(recipe.freeze_epochs, recipe.epochs, recipe.learning_rate * recipe.unfrozen_rate, False),
    ]
