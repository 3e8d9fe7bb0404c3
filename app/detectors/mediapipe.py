"""MediaPipe's BlazeFace (short range) through its Tasks API."""

import atexit
import ctypes
import importlib
import math
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import app.quiet  # noqa: F401  (before MediaPipe is loaded)
from app.core.geometry import iou
from app.core.types import Box, Detection, Image
from models.errors import InputError
from models.standard_error import quiet_stderr

_INPUT = 128
"""Pixels of a side of BlazeFace's own input."""

_ENLARGED = 4
"""Boxes come back as whole pixels of the picture given. Shrinking to the network's 128 pixels ourselves (by area,
without aliasing) finds more faces than MediaPipe's bilinear shrinking; enlarging that by whole pixels changes nothing
of what the network sees, and boxes keep a quarter of a pixel."""

_THRESHOLD = 0.3
"""Low, because tracks must be confirmed: on ten made clips (1,500 frames) 0.5 loses up to 15 % of the faces and neither
threshold has a false one."""

_SAME_IOU, _SAME_INSIDE = 0.3, 0.5
"""From how much overlap two boxes are one face: shared over united area, and shared over the smaller area. The latter
joins a face with the part of it that a tile's edge left."""

_AGREE_IOU = 0.7
"""From how much overlap two passes agree about a face's place and size."""

_WIDE = 1.5
"""Longer over shorter side from which a picture is searched in square tiles."""

_MOST_TILES = 4

_MARGIN = 0.1
"""So many of its sides a box must keep from a tile's inner edges to count as whole: nearer, the network saw a part of
the face and guessed the rest, up to a quarter of a side off."""

_WARNED = threading.Event()
"""Set once LiteRT has warned about a buffer's alignment: it does so once in a process, mostly at the first picture but
at times at a much later one, and every picture until then is searched with standard error held back (0.1 ms)."""

_IMPORTING = threading.Lock()


class MediaPipeDetector:
    """Faces by BlazeFace, score kept, with six keypoints: right eye, left eye, nose, mouth, right ear, left ear.

    A wide picture is searched in overlapping square tiles, because squeezing it into 128x128 leaves a face of a tenth
    of its width 13 pixels. A face larger than the overlap may be cut by both tiles, so the whole picture is searched
    too: there such a face is large enough. Of the boxes of one face those that no tile's edge comes near go first.
    Against tiles alone this costs 1.5 times as much; the boxes of a face that crosses the seam stay in their place.

    Args:
        model_file: `blaze_face_short_range.tflite` with its normalisation in the metadata, as Google publishes it.

    Raises:
        InputError: If the file is missing or no such model, or MediaPipe does not load on this machine.
    """

    name = "mediapipe"

    def __init__(self, model_file: str | Path) -> None:
        model = _read_model(Path(model_file))
        with quiet_stderr() as told:
            self._mediapipe, vision, base_options = _import_tasks()
            options = vision.FaceDetectorOptions(
                base_options=base_options.BaseOptions(model_asset_buffer=model),
                min_detection_confidence=_THRESHOLD,
            )
            try:
                self._detector = vision.FaceDetector.create_from_options(options)
            except (ValueError, RuntimeError) as error:
                raise InputError(f"{model_file} is no face detector that MediaPipe can use; {_WHERE}") from error
            self._open = True
            atexit.register(self._leave)
            try:
                self._search(np.full((_INPUT, _INPUT, 3), 128, np.uint8))
            except (ValueError, RuntimeError) as error:
                self._shut()
                raise InputError(f"{model_file} fails on a first picture; {_WHERE}") from error
        _note_warning(told)

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """Find the faces of one picture.

        Args:
            image: BGR uint8, shape (H, W, 3), any size. Not modified.

        Returns:
            Strongest first; scores 0.3..1, keypoints of shape (6, 2).
        """
        if _WARNED.is_set():
            return self._search(image)
        with quiet_stderr() as told:
            found = self._search(image)
        _note_warning(told)
        return found

    def _search(self, image: Image) -> tuple[Detection, ...]:
        height, width = image.shape[:2]
        starts = tile_starts(max(width, height), min(width, height))
        side = min(width, height) if len(starts) > 1 else max(width, height)
        scale = _INPUT / side
        small = _resized(image, max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), np.uint8)
        zoom = np.array((width / rgb.shape[1], height / rgb.shape[0]), np.float32)
        whole: list[Detection] = []
        cut: list[Detection] = []
        for start in starts:
            shift = round(start * scale)
            left, top = (shift, 0) if width >= height else (0, shift)
            tile = rgb[top : top + _INPUT, left : left + _INPUT]
            for detection in self._detect_small(tile, np.array((left, top), np.float32), zoom):
                place = detection.box if width >= height else _turned(detection.box)
                (whole if is_whole(place, start, side, max(width, height)) else cut).append(detection)
        coarse: list[Detection] = []
        if len(starts) > 1:
            scale = _INPUT / max(rgb.shape[:2])
            all_of_it = _resized(rgb, max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
            zoom = np.array((width / all_of_it.shape[1], height / all_of_it.shape[0]), np.float32)
            coarse = list(self._detect_small(all_of_it, np.zeros(2, np.float32), zoom))
        return suppress(whole, coarse, cut)

    def _detect_small(self, tile: Image, corner: np.ndarray, zoom: np.ndarray) -> Iterable[Detection]:
        """Run the network once and map what it found to the whole picture's pixels."""
        large = cv2.resize(tile, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_NEAREST)
        picture = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=large)
        size = np.array((tile.shape[1], tile.shape[0]), np.float32)
        for detection in self._detector.detect(picture).detections:
            bounds = detection.bounding_box
            x, y = (np.array((bounds.origin_x, bounds.origin_y)) / _ENLARGED + corner) * zoom
            w, h = np.array((bounds.width, bounds.height)) / _ENLARGED * zoom
            points = np.array([(point.x, point.y) for point in detection.keypoints], np.float32).reshape(-1, 2)
            yield Detection(
                Box(float(x), float(y), float(w), float(h)),
                float(min(max(detection.categories[0].score, 0.0), 1.0)),
                ((points * size + corner) * zoom).astype(np.float32),
            )

    def close(self) -> None:
        if self._open:
            with quiet_stderr():
                self._shut()

    def _shut(self) -> None:
        self._open = False
        atexit.unregister(self._leave)
        self._detector.close()

    def _leave(self) -> None:
        """Keep an open detector from being destroyed while Python ends, when it can only print a traceback."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._detector))


_WHERE = "use Google's blaze_face_short_range.tflite or `--detector haar`"


def _note_warning(told: Iterable[bytes]) -> None:
    if any(b"alignment requirements" in line for line in told):
        _WARNED.set()


def tile_starts(longer: int, shorter: int) -> tuple[int, ...]:
    """Lay square tiles evenly along the longer side, so that neighbours share a tenth of a tile or more.

    Args:
        longer: Pixels of the picture's longer side.
        shorter: Pixels of its shorter side, the side of a tile.

    Returns:
        Where each tile starts on the longer side; (0,) where the whole picture is searched at once: it is hardly wider
        than high, as small as the network's input, or a strip that would need too many tiles.

    >>> tile_starts(1280, 720), tile_starts(640, 480), tile_starts(16000, 2)
    ((0, 560), (0,), (0,))
    """
    aspect = longer / shorter
    count = math.ceil((aspect - 0.1) / 0.9)
    if aspect < _WIDE or longer <= _INPUT or count > _MOST_TILES:
        return (0,)
    return tuple(round(index * (longer - shorter) / (count - 1)) for index in range(count))


def is_whole(box: Box, start: int, side: int, longer: int) -> bool:
    """Tell whether a box keeps clear of its tile's inner edges, those that are not the picture's.

    Args:
        box: In pixels, x along the picture's longer side.
        start: Where the tile starts on it.
        side: Pixels of the tile's side.
        longer: Pixels of the longer side.

    >>> is_whole(Box(500, 0, 100, 100), 0, 720, 1280), is_whole(Box(610, 0, 100, 100), 0, 720, 1280)
    (True, False)
    >>> is_whole(Box(0, 0, 100, 100), 0, 720, 1280), is_whole(Box(570, 0, 100, 100), 560, 720, 1280)
    (True, False)
    """
    margin = _MARGIN * math.sqrt(box.area)
    first = start == 0 or box.x - start >= margin
    last = start + side >= longer or start + side - box.x - box.w >= margin
    return first and last


def suppress(
    whole: Iterable[Detection], coarse: Iterable[Detection] = (), cut: Iterable[Detection] = ()
) -> tuple[Detection, ...]:
    """Keep one of each group of boxes that show the same face, strongest first.

    Args:
        whole: Boxes of whole faces in tiles.
        coarse: Boxes of the pass over the whole picture. The strongest of both is kept, but takes place and keypoints
            from a whole one that agrees with it, because tiles are searched in finer detail.
        cut: Boxes at a tile's edge, kept where nothing else shows the face.
    """
    fine = sorted(whole, key=_score, reverse=True)
    kept: list[Detection] = []
    for candidates in (sorted((*fine, *coarse), key=_score, reverse=True), sorted(cut, key=_score, reverse=True)):
        for candidate in candidates:
            if not any(_same_face(candidate.box, other.box) for other in kept):
                kept.append(candidate)
    for index, one in enumerate(kept):
        exact = next((other for other in fine if iou(other.box, one.box) > _AGREE_IOU), one)
        kept[index] = replace(exact, score=one.score)
    return tuple(sorted(kept, key=_score, reverse=True))


def _score(detection: Detection) -> float:
    return detection.score


def _turned(box: Box) -> Box:
    return Box(box.y, box.x, box.h, box.w)


def _resized(image: Image, width: int, height: int) -> Image:
    """Resize by area; far too large pictures are halved first, which takes less than half the time in all."""
    while image.shape[1] > 4 * width and image.shape[0] > 4 * height:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    way = cv2.INTER_LINEAR if image.shape[1] < width else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, (width, height), interpolation=way), np.uint8)


def _same_face(a: Box, b: Box) -> bool:
    overlap = iou(a, b)
    shared = overlap * (a.area + b.area) / (1 + overlap)
    return overlap > _SAME_IOU or shared > _SAME_INSIDE * min(a.area, b.area)


def _read_model(path: Path) -> bytes:
    try:
        model = path.read_bytes()
    except OSError as error:
        raise InputError(f"the face detector's model {path} cannot be read: {error.strerror}; {_WHERE}") from error
    if model[4:8] != b"TFL3":
        raise InputError(f"{path} is no TensorFlow Lite model; {_WHERE}")
    return model


def _import_tasks() -> tuple[Any, Any, Any]:
    """Import MediaPipe without the TensorFlow that it would take in, which costs some ten seconds and brings nothing.

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
            raise InputError(f"MediaPipe cannot be loaded ({error}); use `--detector haar`") from error
        finally:
            if masked:
                del sys.modules["tensorflow"]
