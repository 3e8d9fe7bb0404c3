"""Writes results as a table, a row for each face of each frame."""

import csv
from io import TextIOWrapper
from pathlib import Path

from app.core.types import FaceResult, FrameResult, SourceInfo
from app.sinks.output import writing

_FIXED = ("frame", "time_s", "face_id", "x", "y", "width", "height", "score", "label")


class CsvSink:
    """Writes one CSV file; each frame is on disk when `write` returns.

    A frame without a face has one row whose `face_id` and everything after it are empty. Boxes are pixels, times
    seconds, scores and probabilities 0..1.

    Raises:
        InputError: From any method, if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIOWrapper | None = None
        self._columns = 0

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        with writing(self.path):
            self._file = self.path.open("w", newline="", encoding="utf-8")
        names = [f"{kind}_{label}" for kind in ("raw", "smooth") for label in labels]
        self._columns = len(_FIXED) + len(names)
        self._put([[*_FIXED, *names]])

    def write(self, result: FrameResult) -> None:
        start = [str(result.frame.index), f"{result.frame.time_s:.6f}"]
        rows = [[*start, *_cells(face)] for face in result.faces]
        self._put(rows or [[*start, *[""] * (self._columns - len(start))]])

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with writing(self.path):
                file.close()

    def _put(self, rows: list[list[str]]) -> None:
        if self._file is None:
            raise ValueError("a sink is opened before it is written to")
        with writing(self.path):
            csv.writer(self._file, lineterminator="\n").writerows(rows)
            self._file.flush()


def _cells(face: FaceResult) -> list[str]:
    box = face.box
    places = [f"{value:.2f}" for value in (box.x, box.y, box.w, box.h)]
    shares = [f"{value:.6f}" for value in (*face.raw, *face.smooth)]
    return [str(face.track_id), *places, f"{face.score:.4f}", face.label, *shares]
