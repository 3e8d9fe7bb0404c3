"""From a detector's name to an open detector."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from app.core.stages import Detector
from app.detectors.fetch import cached_model, fetch_model
from app.detectors.haar import HaarDetector
from app.detectors.mediapipe import MediaPipeDetector
from app.options import DETECTOR_CHOICES
from models.errors import InputError

_NAMED_BY = "MIMIK_BLAZEFACE"
_NO_FETCH = "MIMIK_NO_FETCH"

_log = logging.getLogger(__name__)


def open_detector(
    name: str | None = None,
    *,
    model_file: str | Path | None = None,
    fetch: bool = True,
    notify: Callable[[str], None] = _log.warning,
) -> Detector:
    """Open a face detector.

    BlazeFace's model is looked for in `model_file`, then in the file that the variable `MIMIK_BLAZEFACE` names, then in
    the user's cache, then it is fetched once. May take seconds; call it away from a window's thread.

    Args:
        name: `haar`, `mediapipe`, or `auto` (as None): MediaPipe if its model is there or can be fetched, else Haar.
        model_file: BlazeFace's model; must be usable where it is given. Haar needs none.
        fetch: False never asks the network, as does the variable `MIMIK_NO_FETCH`.
        notify: Takes the sentence that says why `auto` became Haar.

    Returns:
        The open detector; the caller closes it.

    Raises:
        InputError: If the name is unknown, a named file is missing or no such model, or MediaPipe was asked for and has
            no model.
    """
    if name is not None and name not in DETECTOR_CHOICES:
        raise InputError(f"there is no detector {name!r}; choose one of {', '.join(DETECTOR_CHOICES)}")
    if name == "haar":
        return HaarDetector()
    named = model_file or os.environ.get(_NAMED_BY)
    if named:
        return MediaPipeDetector(named)
    try:
        return MediaPipeDetector(_found_model(fetch and not os.environ.get(_NO_FETCH)))
    except InputError as error:
        if name == "mediapipe":
            raise
        notify(f"Faces are found with Haar, which misses more of them than MediaPipe: {error}")
        return HaarDetector()


def _found_model(fetch: bool) -> Path:
    """Find the model in the cache or fetch it.

    Raises:
        InputError: If there is none and it may not or cannot be fetched; says what to do.
    """
    path = cached_model()
    if path is not None:
        return path
    advice = f"name BlazeFace's model file with --detector-model or {_NAMED_BY}"
    if not fetch:
        raise InputError(f"BlazeFace's model is not on this machine and fetching it is switched off; {advice}")
    try:
        return fetch_model()
    except InputError as error:
        raise InputError(f"BlazeFace's model could not be fetched: {error}, or {advice}") from error
