"""BlazeFace (short range), run by LiteRT.

Input, anchors, decoding and suppression are those of MediaPipe's published graph for this network
(`face_detection_short_range.pbtxt` and `face_detection.pbtxt`, MediaPipe, Apache-2.0; Bazarevsky et al. 2019,
"BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs").
"""

import hashlib
import math
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
"""Least score of a detection. Low, because tracks must be confirmed: on ten made clips (1,500 frames) 0.5 loses up to
15 % of the faces and neither threshold has a false one."""

_MERGE_IOU = 0.3
_LARGEST_LOGIT = 100.0
_GRIDS = ((16, 2), (8, 6))
"""Cells along a side, and anchors in each cell, of the two layers of anchors."""

_LARGEST_BATCH = 4

USE_ANOTHER = "use Google's blaze_face_short_range.tflite or `--detector haar`"
"""The next step in sentences about a model file that cannot be used."""


class BlazeFaceNetwork:
    """The network with its decoding: squares in, faces out.

    Args:
        model_file: `blaze_face_short_range.tflite`, as Google publishes it.
        threads: For LiteRT.

    Attributes:
        content: The file's bytes.
        digest: Their SHA-256.

    Raises:
        InputError: If the file is missing, or is no such model.
    """

    def __init__(self, model_file: str | Path, threads: int = 1) -> None:
        self.content = read_model(Path(model_file))
        self.digest = hashlib.sha256(self.content).hexdigest()
        self._threads = threads
        self._interpreters: dict[int, Interpreter] = {}
        with quiet_stderr():
            try:
                first = self._interpreter(1)
                self._input = first.get_input_details()[0]["index"]
                places = {output["name"]: output["index"] for output in first.get_output_details()}
                self._regressors, self._scores = places["regressors"], places["classificators"]
                self.faces(np.zeros((1, INPUT, INPUT, 3), np.uint8))
            except (ValueError, RuntimeError, KeyError, IndexError) as error:
                raise InputError(f"{model_file} is no BlazeFace model that LiteRT can run; {USE_ANOTHER}") from error

    def faces(self, squares: NDArray[np.uint8], threshold: float = THRESHOLD) -> list[tuple[Detection, ...]]:
        """Find the faces of small square pictures.

        Args:
            squares: RGB uint8, shape (n, 128, 128, 3); n may be 0.
            threshold: Least score, above 0 and up to 1.

        Returns:
            For each square its faces in pixels of the square, strongest first, overlapping ones merged. Scores are
            0..1, keypoints float32 (6, 2): right eye, left eye (of the person), nose, mouth, right ear, left ear.
        """
        found: list[tuple[Detection, ...]] = []
        for start in range(0, len(squares), _LARGEST_BATCH):
            logits, values = self._run(squares[start : start + _LARGEST_BATCH])
            found += [_decode(*row, threshold) for row in zip(logits, values, strict=True)]
        return found

    def close(self) -> None:
        """Free the interpreters. May be called twice."""
        self._interpreters.clear()

    def _run(self, squares: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits (n, 896) and box values (n, 896, 16) of at most `_LARGEST_BATCH` squares."""
        count = len(squares)
        interpreter = self._interpreter(count)
        interpreter.set_tensor(self._input, squares.astype(np.float32) * np.float32(1 / 127.5) - np.float32(1))
        interpreter.invoke()
        return (
            _by_square(interpreter.get_tensor(self._scores), count)[..., 0],
            _by_square(interpreter.get_tensor(self._regressors), count),
        )

    def _interpreter(self, batch: int) -> Interpreter:
        """One for each batch size: changing the size of one would plan its memory anew each time."""
        if batch not in self._interpreters:
            interpreter = Interpreter(model_content=self.content, num_threads=self._threads)
            interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], (batch, INPUT, INPUT, 3))
            interpreter.allocate_tensors()
            self._interpreters[batch] = interpreter
        return self._interpreters[batch]


class BlazeFaceDetector:
    """Faces by BlazeFace, score kept, with six keypoints: right eye, left eye, nose, mouth, right ear, left ear.

    A picture is searched as a whole and in overlapping tiles of several sizes (`app.core.scan`).

    Args:
        model_file: `blaze_face_short_range.tflite`, as Google publishes it.
        threads: For LiteRT.

    Attributes:
        network: For looks at chosen squares of a picture.

    Raises:
        InputError: If the file is missing, or is no such model.
    """

    name = "blazeface"

    def __init__(self, model_file: str | Path, threads: int = 1) -> None:
        self.network = BlazeFaceNetwork(model_file, threads)

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
def _anchors() -> NDArray[np.float32]:
    """Centres of the 896 anchors as fractions of the side, (896, 2), x first; every anchor has the square's size."""
    layers = []
    for cells, each in _GRIDS:
        centres = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        x, y = np.meshgrid(centres, centres)
        layers.append(np.repeat(np.stack((x.ravel(), y.ravel()), axis=1), each, axis=0))
    return np.concatenate(layers)


def _by_square(values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Sort what the network gives for a batch, (1, count * 896, k), into (count, 896, k).

    Its own reshaping was made for single squares: it puts the first layer of every square before the second.
    """
    if count == 1:
        return values
    first = _GRIDS[0][0] ** 2 * _GRIDS[0][1]
    k = values.shape[-1]
    layers = np.split(values[0], [count * first])
    return np.concatenate([layer.reshape(count, -1, k) for layer in layers], axis=1)


def _decode(logits: NDArray[np.float32], values: NDArray[np.float32], threshold: float) -> tuple[Detection, ...]:
    """Turn one square's logits (896,) and box values (896, 16) into merged faces in pixels of the square.

    The values are the centre's and the keypoints' distance from the anchor and the box's size, all in pixels.
    """
    least = math.log(threshold / (1 - threshold)) if threshold < 1 else math.inf
    rows = np.flatnonzero(logits >= least)
    if not len(rows):
        return ()
    scores = (1 / (1 + np.exp(-np.clip(logits[rows], -_LARGEST_LOGIT, _LARGEST_LOGIT)))).astype(np.float32)
    points = values[rows].reshape(-1, 8, 2)
    places = _anchors()[rows, np.newaxis] * np.float32(INPUT)
    points[:, 0] += places[:, 0]
    points[:, 2:] += places
    half = points[:, 1] * np.float32(0.5)
    edges = np.concatenate((points[:, 0] - half, points[:, 0] + half), axis=1)
    usable = (half > 0).all(axis=1) & np.isfinite(edges).all(axis=1)
    return _merged(scores[usable], edges[usable], points[usable, 2:])


def _merged(
    scores: NDArray[np.float32], edges: NDArray[np.float32], points: NDArray[np.float32]
) -> tuple[Detection, ...]:
    """Weighted suppression: the strongest box becomes the mean of those that overlap it, and keeps its score."""
    left = np.argsort(-scores, kind="stable")
    faces = []
    while len(left):
        overlap = _iou(edges[left[0]], edges[left])
        overlap[0] = 1.0
        group = left[overlap > _MERGE_IOU]
        weights = (scores[group] / scores[group].sum())[:, np.newaxis]
        x0, y0, x1, y1 = (float(value) for value in (weights * edges[group]).sum(axis=0))
        keypoints = (weights[..., np.newaxis] * points[group]).sum(axis=0).astype(np.float32)
        faces.append(Detection(Box(x0, y0, x1 - x0, y1 - y0), float(scores[left[0]]), keypoints))
        left = left[overlap <= _MERGE_IOU]
    return tuple(faces)


def _iou(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of a box (4,) with boxes (n, 4), corners as x0, y0, x1, y1."""
    shared = np.clip(np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2]), 0, None).prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1)
    overlap: NDArray[np.float32] = shared / ((one[2:] - one[:2]).prod() + areas - shared)
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
