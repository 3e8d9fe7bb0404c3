"""`run.json`: everything that decides a run's result, written beside its weights."""

import hashlib
import json
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import keras

from models.errors import InputError
from training.checkpoint import CONFIG
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


def read_config(run: Path) -> dict[str, Any]:
    """The `run.json` of a run's folder.

    Raises:
        InputError: If it is missing or no JSON.
    """
    try:
        return json.loads((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{run / CONFIG} cannot be read ({error}); name the folder of a training run.") from error
