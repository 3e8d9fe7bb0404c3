"""`bench --against`: another program's speed on the same film, alternating with ours, in a separate environment."""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.standard import say
from models.errors import InputError

ROUNDS = 3
_LIMIT_S = 3600


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program.

    Attributes:
        name: As users type it.
        script: Runs it over a clip, in its environment.
        packages: What pip installs there with its dependencies.
        alone: What pip installs there without them.
    """

    name: str
    script: str
    packages: tuple[str, ...]
    alone: tuple[str, ...]


PEERS = {
    # Without its dependencies for MTCNN (PyTorch) and for films (moviepy): its defaults use neither.
    "fer": Peer(
        "fer",
        "peer_fer.py",
        ("tensorflow", "opencv-contrib-python<5", "requests", "Pillow", "setuptools<81"),
        ("fer==25.10.3",),
    )
}


def bench_against(name: str, clip: Path, ours: Callable[[], float], folder: Path) -> dict[str, Any]:
    """Time both alternately, so that both see the same load.

    Args:
        name: Of `PEERS`.
        clip: A video file.
        ours: Analyses the clip and returns frames per second.
        folder: Where environments of peers are kept between calls.

    Returns:
        `peer`, `ours_fps` and `theirs_fps` (medians over the rounds), `ratio`, and `rounds`, [ours, theirs] of each.

    Raises:
        InputError: If its environment cannot be made or it fails on the clip.
    """
    peer = PEERS[name]
    python = environment(peer, folder)
    rounds = [(ours(), _theirs(peer, python, clip)) for _ in range(ROUNDS)]
    ours_fps, theirs_fps = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {
        "peer": " ".join(peer.alone),
        "ours_fps": round(ours_fps, 2),
        "theirs_fps": round(theirs_fps, 2),
        "ratio": round(ours_fps / theirs_fps, 2),
        "rounds": [[round(value, 2) for value in row] for row in rounds],
    }


def environment(peer: Peer, folder: Path) -> Path:
    """Make a peer's environment, or find the one that was made before.

    Returns:
        Its Python.

    Raises:
        InputError: If it cannot be made.
    """
    place = folder / peer.name
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = place / "installed.json"
    wanted = [*peer.packages, *peer.alone]
    try:
        if python.is_file() and json.loads(ready.read_text(encoding="utf-8")) == wanted:
            return python
    except (OSError, ValueError):
        pass  # incomplete, or made for other packages: recreate it
    say(f"Making an environment for {peer.name} in {place}; this takes a few minutes, once.")
    shutil.rmtree(place, ignore_errors=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", str(place)],
        [*pip, *peer.packages],
        [*pip, "--no-deps", *peer.alone],
    ):
        _output(command, f"The environment for {peer.name} in {place} could not be made")
    ready.write_text(json.dumps(wanted), encoding="utf-8")
    return python


def _theirs(peer: Peer, python: Path, clip: Path) -> float:
    script = Path(__file__).with_name(peer.script)
    output = _output([str(python), str(script), str(clip)], f"{peer.name} failed on {clip}")
    try:
        result = json.loads(output.splitlines()[-1])
        return float(result["frames"]) / float(result["wall_s"])
    except (ValueError, KeyError, IndexError, ZeroDivisionError) as error:
        raise InputError(f"{peer.name} gave no figures for {clip}; choose a video that OpenCV can read.") from error


def _output(command: Sequence[str], failed: str) -> str:
    """Standard output of a command.

    Raises:
        InputError: `failed` and its last line of output, if it cannot be run or fails.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"{failed}: {error}.") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise InputError(f"{failed}: {last.removeprefix('ERROR: ')}")
    return done.stdout
