"""`run.json`: everything that decides a run's result, written next to its weights."""

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
    """Versions of Python, Keras and the installed numerical libraries, and the name of the backend."""
    result = {"python": platform.python_version(), "backend": keras.backend.backend()}
    for package in PACKAGES:
        try:
            result[package] = version(package)
        except PackageNotFoundError:
            continue
    return result


def git_revision() -> str | None:
    """The commit of this code, with `+` if tracked files were changed; None outside a git checkout."""
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
    """SHA-256 (hex) of a file, or of the weights of a run or a bundle.

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
    """Epochs already behind the weights that a run starts from, as far as their runs recorded them.

    Args:
        init: Folder of a run.
        weights: A file; read from the bundle's `model.json` next to it, if there is one.
    """
    if init is not None:
        return epochs_trained(init) + int(read_config(init).get("earlier_epochs", 0))
    meta = None if weights is None else Path(weights).parent / META
    if meta is None or not meta.is_file():
        return 0
    training = load_bundle(meta.parent).training
    return int(training.get("epochs_trained", 0)) + int(training.get("earlier_epochs", 0))
