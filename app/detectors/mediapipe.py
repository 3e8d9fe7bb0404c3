"""BlazeFace (short range) by MediaPipe's own library and its Tasks API: the reference for `app.detectors.blazeface`.

The library sends usage statistics (`models.detectors` says to whom), so nothing but this class imports it.
"""

import atexit
import ctypes
import importlib
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import app.quiet  # noqa: F401  (before MediaPipe is loaded)
from app.core.finder import search
from app.core.types import Box, Detection, Image
from app.core.views import VIEW
from app.detectors.blazeface import THRESHOLD, USE_ANOTHER, read_model
from models.errors import InputError
from models.standard_error import quiet_stderr

_ENLARGED = 8
"""Boxes come back as whole pixels of the picture given. Shrinking to the network's 128 pixels ourselves (by area,
without aliasing) finds more faces than MediaPipe's bilinear shrinking; enlarging that by whole pixels changes nothing
of what the network sees, and boxes keep an eighth of a pixel."""

_WARNED = threading.Event()
"""Set once LiteRT has warned about a buffer's alignment: it does so once in a process, mostly at the first picture but
at times at a much later one, and every picture until then is searched with standard error held back (0.1 ms)."""

_IMPORTING = threading.Lock()


class MediaPipeDetector:
    """Faces by BlazeFace, score kept, with six keypoints: right eye, left eye, nose, mouth, right ear, left ear.

    A picture is searched as a whole and in overlapping tiles of several sizes (`app.core.scan`).

    Args:
        model_file: `blaze_face_short_range.tflite` with its normalisation in the metadata, as Google publishes it.

    Raises:
        InputError: If the file is missing or not this model, or MediaPipe does not load on this machine.
    """

    name = "mediapipe"

    def __init__(self, model_file: str | Path) -> None:
        model = read_model(Path(model_file))
        with quiet_stderr() as lines:
            self._mediapipe, vision, base_options = _import_tasks()
            options = vision.FaceDetectorOptions(
                base_options=base_options.BaseOptions(model_asset_buffer=model),
                min_detection_confidence=THRESHOLD,
            )
            try:
                self._detector = vision.FaceDetector.create_from_options(options)
            except (ValueError, RuntimeError) as error:
                raise InputError(f"{model_file} is no face detector for MediaPipe; {USE_ANOTHER}") from error
            self._open = True
            atexit.register(self._leave)
            try:
                self._look(np.full((VIEW, VIEW, 3), 128, np.uint8))
            except (ValueError, RuntimeError) as error:
                self._shut()
                raise InputError(f"{model_file} fails on a first picture; {USE_ANOTHER}") from error
        _note_warning(lines)

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """Find the faces of one picture.

        Args:
            image: BGR uint8, shape (H, W, 3), any size. Not modified.

        Returns:
            Strongest first; scores 0.3..1, keypoints of shape (6, 2).
        """
        return search(image, self)

    def look(self, views: NDArray[np.uint8]) -> list[list[Detection]]:
        """Find the faces of views, RGB uint8 (n, 128, 128, 3): for each its faces, in its own pixels."""
        if _WARNED.is_set():
            return [self._look(view) for view in views]
        with quiet_stderr() as lines:
            found = [self._look(view) for view in views]
        _note_warning(lines)
        return found

    def _look(self, view: Image) -> list[Detection]:
        """Run the network once."""
        large = cv2.resize(view, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_NEAREST)
        picture = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=large)
        found = []
        for detection in self._detector.detect(picture).detections:
            bounds = detection.bounding_box
            box = Box(*(value / _ENLARGED for value in (bounds.origin_x, bounds.origin_y, bounds.width, bounds.height)))
            points = np.array([(point.x, point.y) for point in detection.keypoints], np.float32).reshape(-1, 2)
            score = float(min(max(detection.categories[0].score, 0.0), 1.0))
            found.append(Detection(box, score, points * np.float32(VIEW)))
        return found

    def close(self) -> None:
        if self._open:
            with quiet_stderr():
                self._shut()

    def _shut(self) -> None:
        self._open = False
        atexit.unregister(self._leave)
        self._detector.close()

    def _leave(self) -> None:
        """Keep an open detector from being destroyed at interpreter exit, when it can only print a traceback."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._detector))


def _note_warning(lines: Iterable[bytes]) -> None:
    if any(b"alignment requirements" in line for line in lines):
        _WARNED.set()


def _import_tasks() -> tuple[Any, Any, Any]:
    """Import MediaPipe without TensorFlow, which it would otherwise import for nothing, in about ten seconds.

    Raises:
        InputError: If MediaPipe is missing or lacks a system library.
    """
    with _IMPORTING:
        masked = "tensorflow" not in sys.modules and "mediapipe" not in sys.modules
        if masked:
            sys.modules["tensorflow"] = None  # type: ignore[assignment]  # an import of it now fails at once
        try:
            return (
                importlib.import_module("mediapipe"),
                importlib.import_module("mediapipe.tasks.python.vision"),
                importlib.import_module("mediapipe.tasks.python.core.base_options"),
            )
        except (ImportError, OSError) as error:
            raise InputError(f"MediaPipe cannot be loaded ({error}); use `--detector blazeface`") from error
        finally:
            if masked:
                del sys.modules["tensorflow"]
