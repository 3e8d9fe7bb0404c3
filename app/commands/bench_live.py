"""`bench --live`: the window with a simulated camera, in a separate process."""

import json
from typing import Any

from app.commands.bench_window import run_window_process
from app.options import Options
from models.errors import InputError
from models.files import scratch_folder

SECONDS = 10.0


def bench_live(clip: str, fps: float, options: Options, seconds: float = SECONDS) -> dict[str, Any]:
    """Measure how the window keeps up with a camera.

    Args:
        clip: The film whose frames the camera shows.
        fps: Of the camera.
        options: The shared options for the analysis.
        seconds: How long to measure.

    Returns:
        `fps`, `seconds`, `frames` and `painted`, `dropped`, `capture_to_paint_ms` {`p50`, `p95`}, and `cpu`: processor
        time over time, 1 for one core, the camera's copying of frames included.

    Raises:
        InputError: If Qt is missing or the window showed nothing.
    """
    with scratch_folder() as folder:
        path = folder / "live.json"
        asked = json.dumps({"path": str(path), "fps": fps, "seconds": seconds})
        reason = run_window_process(clip, options, {"MIMIK_CAMERA_TRIAL": asked})
        try:
            figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"The window could not be watched: {reason}") from error
        return figures
