"""A training run's folder: its file names, and reading and writing its text files. Does not need Keras."""

import json
from pathlib import Path
from typing import Any

from models.files import replacing

LAST, BEST, CONFIG, HISTORY = "last.npz", "best.npz", "run.json", "history.csv"


def epochs_trained(run: Path) -> int:
    """Number of epochs in a run's history (without its header line); 0 if there is none."""
    history = run / HISTORY
    return max(len(history.read_text(encoding="utf-8").splitlines()) - 1, 0) if history.is_file() else 0


def write_json(path: Path, content: Any) -> None:
    """Write JSON atomically."""
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
