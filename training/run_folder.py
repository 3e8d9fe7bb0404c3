"""A training run's folder: the names of its files, and those that are text. Keras is not needed to read them."""

import json
from pathlib import Path
from typing import Any

from models.errors import InputError
from models.files import replacing

LAST, BEST, CONFIG, HISTORY = "last.npz", "best.npz", "run.json", "history.csv"


def read_config(run: Path) -> dict[str, Any]:
    """The `run.json` of a run's folder.

    Raises:
        InputError: If it is missing, no JSON, or does not tell of a run.
    """
    try:
        config = json.loads((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run / CONFIG} cannot be read ({error}); name the folder of a training run.") from error
    if not isinstance(config, dict) or not {"model", "seed", "data"} <= config.keys():
        raise InputError(f"{run / CONFIG} does not tell of a training run; name the folder of one.")
    return config


def label_names(config: dict[str, Any]) -> list[str]:
    """Names of the label sets that a run learned, from its `run.json`; the first runs wrote only if they had votes."""
    if "labels" in config:
        return list(config["labels"])
    return ["fer2013", "ferplus"] if config["data"]["ferplus"] else ["fer2013"]


def epochs_trained(run: Path) -> int:
    """Epochs in a run's history, whose first line names the columns; 0 where it has none."""
    history = run / HISTORY
    return max(len(history.read_text(encoding="utf-8").splitlines()) - 1, 0) if history.is_file() else 0


def write_json(path: Path, content: Any) -> None:
    """Write JSON whole or not at all."""
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
