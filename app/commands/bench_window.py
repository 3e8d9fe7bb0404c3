"""Runs the window in a new process, as a user starts it, for the measurements of `bench`."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.options import Options
from app.standard import say
from models.errors import InputError
from models.files import scratch_folder

WINDOW_LIMIT_S = 120
_ROOT = Path(__file__).resolve().parents[2]
_NO_QT = "Qt is not installed."


def window_times(clip: str, options: Options) -> dict[str, float | None]:
    """Open the window on the clip in a new process, which closes once it has shown its first analysed frame.

    Returns:
        `first_paint_s` and `first_result_s`, from the start of the process; None where Qt is missing or it failed.
    """
    nothing: dict[str, float | None] = {"first_paint_s": None, "first_result_s": None}
    with scratch_folder() as folder:
        timings = folder / "timings.json"
        reason = run_window_process(clip, options, {"MIMIK_TIMINGS": str(timings)})
        try:
            times = json.loads(timings.read_text(encoding="utf-8"))
            return {name: times[name] and round(times[name], 3) for name in nothing}
        except (OSError, ValueError, KeyError):
            say(f"The window's start could not be measured: {reason}")
            return nothing


def window_figures(
    source: str, options: Options, variables: Mapping[str, str], path: Path, limit_s: float = WINDOW_LIMIT_S
) -> dict[str, Any]:
    """Run the window until it has measured itself, and read the result.

    Args:
        source, options, variables, limit_s: As of `run_window_process`.
        path: The JSON file that `variables` tell the window to write.

    Raises:
        InputError: If the window wrote no figures, or an `error` in their place.
    """
    reason = run_window_process(source, options, variables, limit_s)
    try:
        figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"the window could not be measured: {reason}") from error
    if "error" in figures:
        raise InputError(f"{figures['error']}.")
    return figures


def run_window_process(
    clip: str, options: Options, variables: Mapping[str, str], limit_s: float = WINDOW_LIMIT_S
) -> str:
    """Run the window on a clip until it closes by itself.

    Args:
        clip: The clip to show.
        options: The shared options for the analysis.
        variables: Environment variables that say what it writes and when it closes.
        limit_s: Time limit in seconds.

    Returns:
        Its last line of output, the reason if it wrote no figures.
    """
    if importlib.util.find_spec("PySide6") is None:
        return _NO_QT
    env = {**os.environ, **variables}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), env.get("PYTHONPATH"))))
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(env.get(name) for name in displays):
        env["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "app", clip, *options.arguments()]
    env["MIMIK_STARTED"] = repr(time.time())
    try:
        ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return f"it did not come to an end within {limit_s:g} s."
    except OSError as error:
        return str(error)
    return (ended.stderr.strip().splitlines() or ["it gave no reason"])[-1].removeprefix("mimik: ")
