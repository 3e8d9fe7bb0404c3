"""Entry point of the window: what must be checked before Qt is imported."""

import os
import sys
from functools import partial
from typing import Any

import cv2

import app.quiet  # noqa: F401  (imports OpenCV before Qt, so that `prepare` can undo its changes)
from app.player.messages import Choice
from app.player.parts import Openers, open_any_source
from app.system import QT_PACKAGES
from models.errors import InputError

WITHOUT_WINDOW = "python -m app analyze demo --out results"
_OPENCV_QT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


def run_window(source: str | None, options: Any) -> int:
    """Open the window and run until it is closed.

    Args:
        source: What to show; None for the first camera, or the demo clip if there is none.
        options: The parsed shared options: `detector`, `detector_model`, `engine`, `model`, `stride_s`, `fps`.

    Returns:
        The exit code.

    Raises:
        InputError: If there is no display, or Qt's libraries cannot be loaded.
    """
    prepare()
    # Decoding, detection, classification and painting already have threads of their own. OpenCV's would compete with
    # them and spin while waiting for each other, which costs more time than it gains.
    cv2.setNumThreads(1)
    try:
        from app.ui.application import start
    except ImportError as error:
        if not (error.name or "").startswith("PySide6") and ".so" not in str(error):
            raise
        raise InputError(
            f"Qt cannot be loaded ({error}); on Debian and Ubuntu type `sudo apt install {QT_PACKAGES}`, or analyse "
            f"without a window: `{WITHOUT_WINDOW}`."
        ) from error
    choice = Choice(options.detector, options.detector_model, options.engine, options.model, options.stride_s)
    return start(source, choice, Openers(source=partial(open_any_source, fps=options.fps)))


def prepare() -> None:
    """Check that there is a display, and undo what importing OpenCV changes for Qt.

    Raises:
        InputError: If there is no display.
    """
    # OpenCV's wheel points Qt at its own plugins and fonts, which do not fit PySide6.
    for name in _OPENCV_QT:
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]
    known = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in known):
        raise InputError(f"There is no display for a window; analyse without one: `{WITHOUT_WINDOW}`.")
