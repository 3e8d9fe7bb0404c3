"""A training run's folder: its file names, and reading and writing its text files. Does not need Keras."""

import json
from pathlib import Path
from typing import Any

from models.errors import InputError
from models.files import replacing

LAST, BEST, CONFIG, HISTORY = "last.npz", "best.npz", "run.json", "history.csv"


def read_config(run: Path) -> dict[str, Any]:
    """The `run.json` of a run's folder.

    Raises:
        InputError: If it is missing, not JSON, or does not describe a run.
    """
    try:
        config = json.loads((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run / CONFIG} cannot be read ({error}); name the folder of a training run.") from error
    if not isinstance(config, dict) or not {"model", "seed", "data"} <= config.keys():
        raise InputError(f"{run / CONFIG} does not describe a training run; name the folder of one.")
    return config


def label_names(config: dict[str, Any]) -> list[str]:
    """Names of the label sets in a run's `run.json`; the oldest runs only recorded whether they had votes."""
    if "labels" in config:
        return list(config["labels"])
    return ["fer2013", "ferplus"] if config["data"]["ferplus"] else ["fer2013"]


def epochs_trained(run: Path) -> int:
    """Number of epochs in a run's history (without its header line); 0 if there is none."""
    history = run / HISTORY
    return max(len(history.read_text(encoding="utf-8").splitlines()) - 1, 0) if history.is_file() else 0


def write_json(path: Path, content: Any) -> None:
    """Write JSON atomically."""
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
