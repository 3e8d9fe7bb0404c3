"""Readings of a part of a film on the disk until the parts are joined: a line of JSON a frame, every number exact."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from app.core.types import Box, FaceResult, Frame, FrameResult, SourceInfo
from app.sinks.output import writing

_NO_PICTURE = np.zeros((1, 1, 3), np.uint8)


class SpoolSink:
    """Writes such a file; it replaces one that a killed process has left.

    Raises:
        InputError: From any method, if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        with writing(self._path):
            self._file = self._path.open("w", encoding="utf-8")

    def write(self, result: FrameResult) -> None:
        if self._file is None:
            raise ValueError("a sink is opened before it is written to")
        frame = result.frame
        line = [frame.index, frame.time_s, frame.duration_s, dict(result.stage_ms), list(map(_face, result.faces))]
        with writing(self._path):
            self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with writing(self._path):
                file.close()


def read_spool(path: Path, labels: tuple[str, ...]) -> Iterator[FrameResult]:
    """The readings of such a file in order; their frames have no picture.

    Raises:
        OSError, ValueError: If the file is not there or not whole.
    """
    with path.open(encoding="utf-8") as file:
        for line in file:
            index, time_s, duration_s, stage_ms, faces = json.loads(line)
            frame = Frame(index, time_s, _NO_PICTURE, duration_s=duration_s)
            yield FrameResult(frame, tuple(map(_face_of, faces)), labels, stage_ms)


def _face(face: FaceResult) -> list[Any]:
    box = [float(value) for value in (face.box.x, face.box.y, face.box.w, face.box.h)]
    shares = [face.raw.tolist(), face.smooth.tolist()]
    return [face.track_id, box, float(face.score), face.label, list(face.quality), *shares]


def _face_of(values: list[Any]) -> FaceResult:
    track_id, box, score, label, quality, raw, smooth = values
    shares = np.array(raw, np.float32), np.array(smooth, np.float32)
    return FaceResult(track_id, Box(*box), score, *shares, label, tuple(quality))
