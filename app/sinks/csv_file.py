"""Writes results as a table, a row for each face of each frame."""

import csv
from collections.abc import Sequence
from io import FileIO, StringIO
from pathlib import Path

from app.core.types import UNREADABLE, FaceResult, FrameResult, SourceInfo
from app.sinks.output import utf8, writing

FIXED = ("frame", "time_s", "face_id", "x", "y", "width", "height", "score", "label")
ADDED = ("quality", "status", "picture")
"""Columns before and after those of the emotions."""

NOBODY = "nobody"


class CsvSink:
    """Writes one CSV file; each frame is on disk when `write` returns.

    Boxes are pixels, times seconds, scores and probabilities 0..1. `quality` holds comma-separated words, `status` is
    `ok`, `unreadable` (a face without an emotion) or `nobody`: a frame without a face has one row in which everything
    else but the frame's number, time and picture is empty. `picture` names the file of a frame that has its own.

    What does not fit on a full disk is taken back, so that the file ends with a whole frame.

    Raises:
        InputError: From any method, if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: FileIO | None = None
        self._labels: tuple[str, ...] = ()
        self._size = 0

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        with writing(self.path):
            self._file = FileIO(self.path, "w")  # unbuffered: what a failed write leaves is known
        self._labels = labels
        self._put([header(labels)])

    def write(self, result: FrameResult) -> None:
        frame = result.frame
        self._put(rows_of(frame.index, frame.time_s, result.faces, self._labels, frame.name or ""))

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with writing(self.path):
                file.close()

    def _put(self, rows: list[list[str]]) -> None:
        if self._file is None:
            raise ValueError("a sink is opened before it is written to")
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        data = utf8(text.getvalue())
        with writing(self.path):
            try:
                written = 0
                while written < len(data):
                    written += self._file.write(data[written:])
            except OSError:
                self._file.truncate(self._size)
                raise
        self._size += len(data)


def header(labels: Sequence[str]) -> list[str]:
    """The names of the columns."""
    return [*FIXED, *(f"{kind}_{label}" for kind in ("raw", "smooth") for label in labels), *ADDED]


def rows_of(
    index: int | None, time_s: float, faces: Sequence[FaceResult], labels: Sequence[str], picture: str
) -> list[list[str]]:
    """The rows of one frame: one for each face, or one that says `nobody`. A frame may be without a number."""
    start = ["" if index is None else str(index), f"{time_s:.6f}"]
    empty = [""] * (len(FIXED) - 2 + 2 * len(labels))
    return [[*start, *_cells(face), picture] for face in faces] or [[*start, *empty, "", NOBODY, picture]]


def _cells(face: FaceResult) -> list[str]:
    box = face.box
    places = [f"{value:.2f}" for value in (box.x, box.y, box.w, box.h)]
    shares = [f"{value:.6f}" for value in (*face.raw, *face.smooth)]
    status = UNREADABLE if face.label == UNREADABLE else "ok"
    fixed = [str(face.track_id), *places, f"{face.score:.4f}", face.label]
    return [*fixed, *shares, ",".join(face.quality), status]
