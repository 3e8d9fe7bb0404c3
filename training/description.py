"""`run.json`: everything that decides a run's result, written beside its weights."""

import hashlib
import json
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import keras

from models.bundle import KERAS_FILE, META, load_bundle, sha256_of
from models.errors import InputError
from training.checkpoint import BEST, CONFIG, HISTORY
from training.datasets.faceset import FaceSet

PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy")


def picture_digest(faces: FaceSet) -> str:
    """Tells one set of pictures in one order from any other; SHA-256 in hex."""
    return hashlib.sha256(faces.images.tobytes()).hexdigest()


def versions() -> dict[str, str]:
    """Of Python, Keras, its backend and the libraries under it that are installed."""
    result = {"python": platform.python_version(), "backend": keras.backend.backend()}
    for package in PACKAGES:
        try:
            result[package] = version(package)
        except PackageNotFoundError:
            continue
    return result


def git_revision() -> str | None:
    """The commit of this code, with `+` where files differ from it; None outside a git checkout."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def digest_of(source: Path) -> str:
    """SHA-256 of a file, or of what a run or a bundle has learned; hex.

    Raises:
        InputError: If it cannot be read.
    """
    inside = (source / name for name in (BEST, KERAS_FILE))
    file = next((path for path in inside if path.is_file()), source)
    try:
        return sha256_of(file)
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error}).") from error


def earlier_epochs(init: Path | None, weights: str | None) -> int:
    """Epochs that the weights a run starts from have learned already, as far as their runs have written it down.

    Args:
        init: Folder of a run.
        weights: A file; a bundle's `model.json` beside it tells of them.
    """
    if init is not None:
        return epochs_trained(init) + int(read_config(init).get("earlier_epochs", 0))
    beside = None if weights is None else Path(weights).parent / META
    if beside is None or not beside.is_file():
        return 0
    told = load_bundle(beside.parent).training
    return int(told.get("epochs_trained", 0)) + int(told.get("earlier_epochs", 0))


def epochs_trained(run: Path) -> int:
    """Lines of a run's history; 0 where it has none."""
    history = run / HISTORY
    return len(history.read_text(encoding="utf-8").splitlines()) - 1 if history.is_file() else 0


def read_config(run: Path) -> dict[str, Any]:
    """The `run.json` of a run's folder.

    Raises:
        InputError: If it is missing or no JSON.
    """
    try:
        return json.loads((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run / CONFIG} cannot be read ({error}); name the folder of a training run.") from error
