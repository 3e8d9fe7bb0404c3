"""Writes results as a table, with a row for each face of each frame."""

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


class RowFile:
    """A CSV file that is written row by row and always ends with a complete row;

    a partial write on a full disk is undone.

    Raises:
        InputError: From any method, if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with writing(path):
            self._file = FileIO(path, "w")  # unbuffered, so that the state after a failed write is known
        self.size = 0

    def put(self, rows: list[list[str]]) -> None:
        """Write rows to the file, unbuffered."""
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        data = utf8(text.getvalue())
        with writing(self.path):
            try:
                written = 0
                while written < len(data):
                    written += self._file.write(data[written:])
            except OSError:
                self._file.truncate(self.size)
                raise
        self.size += len(data)

    def fileno(self) -> int:
        """The file's descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        with writing(self.path):
            self._file.close()


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
        self._file: RowFile | None = None

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        self._file = RowFile(self.path)
        self._file.put([header(labels)])

    def write(self, result: FrameResult) -> None:
        if self._file is None:
            raise ValueError("a sink is opened before it is written to")
        frame = result.frame
        self._file.put(rows_of(frame.index, frame.time_s, result.faces, result.labels, frame.name or ""))

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def header(labels: Sequence[str]) -> list[str]:
    """The names of a table's columns, for the emotions of a head."""
    return [*FIXED, *(f"{kind}_{label}" for kind in ("raw", "smooth") for label in labels), *ADDED]


def rows_of(
    number: int | None, time_s: float, faces: Sequence[FaceResult], labels: Sequence[str], picture: str = ""
) -> list[list[str]]:
    """The rows of one frame: one for each face, or one that says that there is no face.

    Args:
        number: The frame's number; None leaves the cell empty.
        time_s: Seconds.
        faces: What was read.
        labels: Emotions in the order of the probabilities.
        picture: Name of the file that holds the frame alone.
    """
    start = ["" if number is None else str(number), f"{time_s:.6f}"]
    rows = [[*start, *_cells(face), picture] for face in faces]
    return rows or [[*start, *([""] * (len(FIXED) - 2 + 2 * len(labels))), "", NOBODY, picture]]


def _cells(face: FaceResult) -> list[str]:
    box = face.box
    places = [f"{value:.2f}" for value in (box.x, box.y, box.w, box.h)]
    shares = [f"{value:.6f}" for value in (*face.raw, *face.smooth)]
    status = UNREADABLE if face.label == UNREADABLE else "ok"
    fixed = [str(face.track_id), *places, f"{face.score:.4f}", face.label]
    return [*fixed, *shares, ",".join(face.quality), status]
