"""Everything in one JSON file: what is known of the run, each face, the notes, and a row for each face and frame."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app import __version__
from app.core.types import UNREADABLE, FaceResult
from app.export.content import Content, Moment
from app.export.reporter import Reporter
from app.export.tally import ContentTally
from app.sinks.csv_file import NOBODY
from app.sinks.output import utf8, writing

_OWN = ("frames", "duration_s", "faces", "notes", "readings", "stage_ms", "files", "exported_by")


def write_json(content: Content, path: Path, reporter: Reporter) -> None:
    """Write a file with the keys of `analyze`'s JSON, `notes`, and `readings` with those of its CSV.

    Numbers are JSON numbers, and empty cells of the table are null. Readings are streamed, so memory use stays small.

    Raises:
        InputError: If the readings cannot be read or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    tally = ContentTally()
    head = {"source": content.title, **{key: value for key, value in content.facts.items() if key not in _OWN}}
    with writing(path), path.open("wb") as file:
        file.write(b"{\n")
        for key, value in head.items():
            file.write(utf8(f"{json.dumps(key)}: {_dumped(value)},\n"))
        notes = None if content.notes is None else [_note(note) for note in content.notes]
        file.write(utf8(f'"notes": {_dumped(notes)},\n"readings": ['))
        separator = "\n"
        for moment in content.moments():
            reporter.at(moment.reading.time_s, content.length_s)
            tally.add(moment, len(content.labels))
            for row in _rows(moment, content):
                file.write(utf8(separator + _dumped(row)))
                separator = ",\n"
        faces = [face.values(content.labels, stills=content.stills) for _, face in sorted(tally.faces.items())]
        tail = {
            "frames": tally.moments,
            "duration_s": round(tally.end_s - tally.first_s, 6),
            "faces": faces,
            "exported_by": f"Mimik {__version__}",
        }
        file.write(utf8("\n],\n" + ",\n".join(f'"{key}": {_dumped(value)}' for key, value in tail.items()) + "\n}\n"))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _note(note: Any) -> dict[str, Any]:
    return {name: getattr(note, name) for name in ("start_s", "end_s", "face_id", "kind", "text")}


def _rows(moment: Moment, content: Content) -> Iterator[dict[str, Any]]:
    reading = moment.reading
    for face in reading.faces or (None,):
        row: dict[str, Any] = {"frame": moment.frame, "time_s": round(reading.time_s, 6)}
        row |= _face(face, content.labels)
        row["picture"] = moment.picture or None
        if content.notes is not None:
            row["corrected"] = None if face is None else moment.corrected.get(face.track_id)
            row["notes"] = list(moment.notes)
        yield row


def _face(face: FaceResult | None, labels: tuple[str, ...]) -> dict[str, Any]:
    """The cells of the table between time and picture."""
    names = [f"{kind}_{label}" for kind in ("raw", "smooth") for label in labels]
    if face is None:
        empty = dict.fromkeys(("face_id", "x", "y", "width", "height", "score", "label", *names, "quality"))
        return {**empty, "status": NOBODY}
    box = face.box
    places = {"x": box.x, "y": box.y, "width": box.w, "height": box.h}
    return {
        "face_id": face.track_id,
        **{name: round(float(value), 2) for name, value in places.items()},
        "score": round(float(face.score), 4),
        "label": face.label,
        **{name: round(float(share), 6) for name, share in zip(names, (*face.raw, *face.smooth), strict=True)},
        "quality": ",".join(face.quality) or None,
        "status": UNREADABLE if face.label == UNREADABLE else "ok",
    }
