"""What `train --resume` need not be told again: `run.json` has it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from training.run_folder import CONFIG
from training.run_record import read_record

if TYPE_CHECKING:
    from training.recipes.recipe import Recipe
    from training.run_record import RunRecord

NETWORK, SEED, SPLIT = "student", 1, "official"
"""Defaults of a new run."""


def complete(args: argparse.Namespace) -> "Recipe":
    """Give the options that were not typed their values in the resumed run's `run.json`, or their defaults.

    Files are not among them: the record knows only their names and digests.

    Args:
        args: Of `train`; changed in place.

    Returns:
        The recipe, before `--epochs` changes it.

    Raises:
        InputError: If `run.json` or the recipe cannot be read.
    """
    from training.recipes.recipe import load_recipe, recipe_for

    args.out = args.out or Path("runs") / (args.model or NETWORK)
    recorded = read_record(args.out) if args.resume and (args.out / CONFIG).is_file() else None
    if recorded is not None:
        args.model = args.model or recorded.model
        args.seed = recorded.seed if args.seed is None else args.seed
        args.split = args.split or recorded.data.split
        args.labels = args.labels or "+".join(recorded.labels)
        args.freeze_until = args.freeze_until or recorded.freeze_until
        args.keep_duplicates = args.keep_duplicates or recorded.data.keep_duplicates
        args.skip_bad = args.skip_bad or bool(recorded.counts.get("skipped"))
        args.deterministic = args.deterministic or recorded.deterministic
    args.model = args.model or NETWORK
    args.seed = SEED if args.seed is None else args.seed
    args.split = args.split or SPLIT
    if args.recipe:
        return load_recipe(args.recipe)
    return _recorded_recipe(recorded) or recipe_for(args.model, freezes=bool(args.freeze_until))


def _recorded_recipe(recorded: "RunRecord | None") -> "Recipe | None":
    """The recipe of a record; None if there is none, or an older version's that cannot be read any more."""
    if recorded is None or not recorded.recipe:
        return None
    from training.recipes.recipe import recipe_from

    try:
        return recipe_from(dict(recorded.recipe))
    except ValueError:
        return None
