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
        InputError: If it is missing or no JSON.
    """
    try:
        return json.loads((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run / CONFIG} cannot be read ({error}); name the folder of a training run.") from error


def epochs_trained(run: Path) -> int:
    """Lines of a run's history; 0 where it has none."""
    history = run / HISTORY
    return len(history.read_text(encoding="utf-8").splitlines()) - 1 if history.is_file() else 0


def write_json(path: Path, content: Any) -> None:
    """Write JSON whole or not at all."""
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
