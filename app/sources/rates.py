"""Frame rates from presentation times."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

_GAP_S = 1.0
_SAME = 0.02
_ALIKE, _MOSTLY = 0.1, 0.75
_MOST = 1000.0


def sane_fps(fps: float) -> float | None:
    """A plausible frame rate, else None: OpenCV returns 0, -1 or 90,000 if it is unknown."""
    return float(fps) if math.isfinite(fps) and 0 < fps <= _MOST else None


def measured_fps(times_s: Sequence[float], declared: Sequence[float]) -> float | None:
    """The average rate of the first pictures.

    Much longer steps are gaps and do not count. A declared rate is more exact and is returned if it agrees within 2 %,
    or fits the steps apart from a few longer ones; otherwise it is ignored.

    Args:
        times_s: Presentation times in seconds, rising.
        declared: Rates declared by the container, the most trustworthy first.

    Returns:
        Frames per second; None if neither times nor declared rates give one.

    >>> measured_fps([0, 0.04, 0.08, 20], [2.0])
    25.0
    """
    believable = [fps for fps in map(sane_fps, declared) if fps is not None]
    steps_s = [after - before for before, after in pairwise(times_s) if after > before]
    if not steps_s:
        return believable[0] if believable else None
    usual_s = median(steps_s)
    limit_s = max(_GAP_S, 4 * usual_s)
    kept_s = [step_s for step_s in steps_s if step_s <= limit_s]
    fps = min(len(kept_s) / sum(kept_s), _MOST)
    wanted = (fps, 1 / usual_s) if is_steady(times_s) else (fps,)
    agreeing = (rate for rate in believable if any(abs(rate - fps) <= _SAME * fps for fps in wanted))
    return next(agreeing, round(fps, 3))


def is_steady(times_s: Sequence[float]) -> bool:
    """Whether most steps between pictures are equal, so that a longer one means skipped or lost pictures.

    >>> is_steady([0, 1, 2, 3, 4, 6]), is_steady([0, 1, 3, 4])
    (True, False)
    """
    steps_s = [after - before for before, after in pairwise(times_s)]
    if not steps_s:
        return False
    usual_s = median(steps_s)
    return sum(abs(step_s - usual_s) <= _ALIKE * usual_s for step_s in steps_s) >= _MOSTLY * len(steps_s)
