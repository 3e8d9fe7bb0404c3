"""BlazeFace (short range), run by LiteRT.

Input, anchors, decoding and suppression are those of MediaPipe's published graph for this network
(`face_detection_short_range.pbtxt` and `face_detection.pbtxt`, MediaPipe, Apache-2.0; Bazarevsky et al. 2019,
"BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs").
"""

import hashlib
import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from app.core.finder import search
from app.core.types import Box, Detection, Image
from app.core.views import VIEW as INPUT
from models.errors import InputError
from models.standard_error import quiet_stderr

THRESHOLD = 0.3
"""Least score of a detection. Low, because tracks must be confirmed: on ten generated clips (1,500 frames) 0.5 loses up
to 15 % of the faces, and neither threshold has a false detection."""

_MERGE_IOU = 0.3
_LARGEST_LOGIT = 100.0
_GRIDS = ((16, 2), (8, 6))
"""Cells along a side, and anchors in each cell, of the two layers of anchors."""

_SIZE = slice(2, 4)
"""Position of the box's width and height in an anchor's values; its centre comes before them, the keypoints after."""

USE_ANOTHER = "use Google's blaze_face_short_range.tflite or `--detector haar`"
"""The next step in messages about an unusable model file."""


class BlazeFaceNetwork:
    """The network with its decoding: squares in, faces out.

    Squares are processed one by one: a batch is not faster. With two cores, half of them are processed by a second
        interpreter at the same time.

    Args:
        model_file: `blaze_face_short_range.tflite`, as Google publishes it.
        lanes: Squares processed at the same time; by default two if there are two cores.

    Attributes:
        content: The file's bytes.
        digest: Their SHA-256.

    Raises:
        InputError: If the file is missing, or is not this model.
    """

    def __init__(self, model_file: str | Path, lanes: int | None = None) -> None:
        self.content = read_model(Path(model_file))
        self.digest = hashlib.sha256(self.content).hexdigest()
        count = lanes or min(2, os.cpu_count() or 1)
        with quiet_stderr():
            try:
                self._lanes = [_Lane(self.content) for _ in range(count)]
                _decode(*self._lanes[0].run(np.zeros((1, INPUT, INPUT, 3), np.uint8))[0], THRESHOLD)
            except (ValueError, RuntimeError, KeyError, IndexError) as error:
                raise InputError(f"{model_file} is no BlazeFace model that LiteRT can run; {USE_ANOTHER}") from error
        self._helpers = ThreadPoolExecutor(count, "look")

    def faces(self, squares: NDArray[np.uint8], threshold: float = THRESHOLD) -> list[tuple[Detection, ...]]:
        """Find the faces of small square pictures. For one thread at a time.

        Args:
            squares: RGB uint8, shape (n, 128, 128, 3); n may be 0.
            threshold: Least score, above 0 and up to 1.

        Returns:
            For each square its faces in pixels of the square, strongest first, overlapping ones merged. Scores are
            0..1, keypoints float32 (6, 2): right eye, left eye (of the person), nose, mouth, right ear, left ear.
        """
        mine, *parts = np.array_split(squares, len(self._lanes))
        helped = zip(self._lanes[1:], parts, strict=True)
        running = [self._helpers.submit(lane.run, part) for lane, part in helped if len(part)]
        rows = [*self._lanes[0].run(mine), *(row for each in running for row in each.result())]
        return [_decode(logits, values, threshold) for logits, values in rows]

    def close(self) -> None:
        """Free the interpreters. May be called twice."""
        self._helpers.shutdown()
        self._lanes = []


class _Lane:
    """One interpreter, for one thread at a time.

    Args:
        model: The file's content.

    Raises:
        ValueError, RuntimeError, KeyError, IndexError: If it is not BlazeFace.
    """

    def __init__(self, model: bytes) -> None:
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        places = {output["name"]: output["index"] for output in self._interpreter.get_output_details()}
        self._regressors, self._scores = places["regressors"], places["classificators"]

    def run(self, squares: NDArray[np.uint8]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Logits (896,) and box values (896, 16) of each square."""
        rows = []
        for square in squares:
            levels = square[np.newaxis].astype(np.float32)
            levels *= np.float32(1 / 127.5)
            levels -= np.float32(1)
            self._interpreter.set_tensor(self._input, levels)
            self._interpreter.invoke()
            scores, values = (self._interpreter.get_tensor(place)[0] for place in (self._scores, self._regressors))
            rows.append((scores[:, 0], values))
        return rows


class BlazeFaceDetector:
    """Faces by BlazeFace, score kept, with six keypoints: right eye, left eye, nose, mouth, right ear, left ear.

    A picture is searched as a whole and in overlapping tiles of several sizes (`app.core.scan`).

    Args:
        model_file: `blaze_face_short_range.tflite`, as Google publishes it.
        lanes: As of `BlazeFaceNetwork`.

    Attributes:
        network: For looks at chosen squares of a picture.

    Raises:
        InputError: If the file is missing, or is not this model.
    """

    name = "blazeface"

    def __init__(self, model_file: str | Path, lanes: int | None = None) -> None:
        self.network = BlazeFaceNetwork(model_file, lanes)

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """Find the faces of one picture.

        Args:
            image: BGR uint8, shape (H, W, 3), any size from 1x1. Not modified.

        Returns:
            Strongest first; scores 0.3..1, keypoints of shape (6, 2).
        """
        return search(image, self)

    def look(self, views: NDArray[np.uint8]) -> list[tuple[Detection, ...]]:
        """Find the faces of views, RGB uint8 (n, 128, 128, 3): for each its faces, in its own pixels."""
        return self.network.faces(views)

    def close(self) -> None:
        self.network.close()


@cache
def _offsets() -> NDArray[np.float32]:
    """Offsets of the 16 values of each of the 896 anchors, (896, 16): the pixels of its centre, x and y in turn, and 0
    for the box's size. Every anchor has the size of the square.
    """
    layers = []
    for cells, each in _GRIDS:
        centres = (np.arange(cells, dtype=np.float32) + 0.5) / cells * INPUT
        x, y = np.meshgrid(centres, centres)
        layers.append(np.repeat(np.stack((x.ravel(), y.ravel()), axis=1), each, axis=0))
    offsets: NDArray[np.float32] = np.tile(np.concatenate(layers), (1, 8)).astype(np.float32)
    offsets[:, _SIZE] = 0
    return offsets


def _decode(logits: NDArray[np.float32], values: NDArray[np.float32], threshold: float) -> tuple[Detection, ...]:
    """Turn one square's logits (896,) and box values (896, 16) into merged faces in pixels of the square.

    The values are the centre's and the keypoints' distance from the anchor and the box's size, all in pixels.
    """
    least = math.log(threshold / (1 - threshold)) if threshold < 1 else math.inf
    rows = np.flatnonzero(logits >= least)
    if not len(rows):
        return ()
    scores = (1 / (1 + np.exp(-np.clip(logits[rows], -_LARGEST_LOGIT, _LARGEST_LOGIT)))).astype(np.float32)
    values = values[rows] + _offsets()[rows]
    half = values[:, _SIZE] * np.float32(0.5)
    edges = np.concatenate((values[:, :2] - half, values[:, :2] + half), axis=1)
    usable = (half > 0).all(axis=1) & np.isfinite(edges).all(axis=1)
    if not usable.all():
        scores, edges, values = scores[usable], edges[usable], values[usable]
    return _merged(scores, np.concatenate((edges, values[:, 4:]), axis=1))


def _merged(scores: NDArray[np.float32], faces: NDArray[np.float32]) -> tuple[Detection, ...]:
    """Weighted suppression: the strongest box becomes the mean of those that overlap it, and keeps its score.

    Args:
        scores: Shape (n,).
        faces: Corners as x0, y0, x1, y1 and six keypoints, shape (n, 16).
    """
    order = np.argsort(-scores, kind="stable")
    scores, faces = scores[order], faces[order]
    merged = []
    while len(scores):
        same = _iou(faces[0], faces) > _MERGE_IOU
        same[0] = True
        weights = scores[same]
        values = weights / weights.sum() @ faces[same]
        x0, y0, x1, y1 = values[:4].tolist()
        merged.append(Detection(Box(x0, y0, x1 - x0, y1 - y0), float(scores[0]), values[4:].reshape(6, 2)))
        if same.all():
            break
        scores, faces = scores[~same], faces[~same]
    return tuple(merged)


def _iou(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of a box with n boxes, whose corners x0, y0, x1, y1 come first in their rows."""
    shared = np.maximum(np.minimum(one[2:4], others[:, 2:4]) - np.maximum(one[:2], others[:, :2]), 0)
    sizes = others[:, 2:4] - others[:, :2]
    both = shared[:, 0] * shared[:, 1]
    areas = sizes[:, 0] * sizes[:, 1]
    overlap: NDArray[np.float32] = both / ((one[2] - one[0]) * (one[3] - one[1]) + areas - both)
    return overlap


def read_model(path: Path) -> bytes:
    """Read a TensorFlow Lite file.

    Raises:
        InputError: If it is missing or is no such file.
    """
    try:
        model = path.read_bytes()
    except OSError as error:
        raise InputError(f"the face detector's model {path} cannot be read: {error.strerror}; {USE_ANOTHER}") from error
    if model[4:8] != b"TFL3":
        raise InputError(f"{path} is no TensorFlow Lite model; {USE_ANOTHER}")
    return model
