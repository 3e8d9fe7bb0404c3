"""`run.json`: everything that decides a run's result, written beside its weights."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import keras

from models.bundle import KERAS_FILE, META, load_bundle, sha256_of
from models.errors import InputError
from training.run_folder import BEST, epochs_trained, read_config

PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy")


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
