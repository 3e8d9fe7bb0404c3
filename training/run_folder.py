"""A training run's folder: its file names, and reading and writing its text files. Does not need Keras."""

import json
from pathlib import Path
from typing import Any

from models.files import replacing

LAST, BEST, CONFIG, HISTORY = "last.npz", "best.npz", "run.json", "history.csv"


def epochs_trained(run: Path) -> int:
    """The epoch of the last row of a run's history, which may have a row for several epochs; 0 if there is none."""
    history = run / HISTORY
    rows = history.read_text(encoding="utf-8").splitlines()[1:] if history.is_file() else []
    return int(rows[-1].partition(",")[0]) if rows else 0


def write_json(path: Path, content: Any) -> None:
    """Write JSON atomically."""
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
