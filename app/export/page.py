"""One page of HTML about a recording, which is self-contained and can be printed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from app import __version__
from app.core.types import UNCERTAIN, UNREADABLE
from app.export.content import Content, ContentNote, Moment, stored
from app.export.plain import plain, span, timecode
from app.export.reporter import Reporter
from app.export.strip import words_of
from app.export.tally import ContentTally, FaceTally
from app.export.timeline import drawn, reported, templates
from app.sinks.output import utf8, writing

_MOST_FACES = 50


def write_page(content: Content, path: Path, reporter: Reporter) -> None:
    """Write the page; every text on it is escaped.

    Raises:
        InputError: If the readings cannot be read or the file cannot be written.
        CancelledError: If it was cancelled.
    """
    tally = ContentTally()
    corrected: list[Moment] = []
    store = stored(content.labels, _counted(reported(content, reporter, corrected), tally, content))
    longest = tally.longest()[:_MOST_FACES]
    labels = [*content.labels, UNCERTAIN, UNREADABLE]
    spent = [label for label in labels if any(face.seconds.get(label) for face in longest)]
    text = (
        templates()
        .get_template("page.html")
        .render(
            title=plain(content.title),
            version=__version__,
            facts=tuple(_facts(content, tally)),
            strip=drawn(content, store, corrected),
            corrected=bool(corrected),
            timed=not content.stills,
            labels=content.labels,
            spent_labels=[words_of(label) for label in spent],
            faces=[_face(face, content, spent) for face in longest],
            more=len(tally.faces) - len(longest),
            notes=[_note(note) for note in _in_order(content) if _is_within(note, content)],
        )
    )
    with writing(path):
        path.write_bytes(utf8(text))


def _counted(moments: Iterator[Moment], tally: ContentTally, content: Content) -> Iterator[Moment]:
    for moment in moments:
        tally.add(moment, len(content.labels))
        yield moment


def _facts(content: Content, tally: ContentTally) -> Iterator[tuple[str, str]]:
    facts = content.facts
    known: list[tuple[str, Any]] = [
        ("Source", facts.get("source")),
        ("Recorded", _day_and_time(facts.get("started_at"))),
        ("Tags", ", ".join(map(str, facts.get("tags") or ()))),
        ("Stretch", f"{timecode(tally.first_s)} to {timecode(tally.end_s)}" if not content.stills else None),
        ("Pictures read", f"{tally.moments:,}"),
        ("Faces", str(len(tally.faces))),
        ("Nobody seen for", span(tally.empty_s) if tally.empty_s and not content.stills else None),
        ("Network", (facts.get("model") or {}).get("name")),
        ("Detector", facts.get("detector")),
        ("Complete", {True: "yes", False: "no: it was ended early"}.get(facts.get("complete"))),  # type: ignore[arg-type]
    ]
    for name, value in known:
        if value:
            yield name, plain(str(value))


def _day_and_time(text: Any) -> str | None:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d, %H:%M:%S %Z}"
    except (TypeError, ValueError):
        return None


def _face(face: FaceTally, content: Content, spent: list[str]) -> Mapping[str, Any]:
    mean = face.mean(content.labels)
    return {
        "id": face.track_id,
        "seen": "–" if content.stills else span(face.seen_s),
        "frames": f"{face.frames:,}",
        "shares": [f"{mean[label]:.0%}" if mean else "–" for label in content.labels],
        "spent": [span(face.seconds[label]) if face.seconds.get(label) else "–" for label in spent],
        "corrected": span(face.corrected_s) if face.corrected_s else "–",
    }


def _in_order(content: Content) -> list[ContentNote]:
    return sorted(content.notes or (), key=lambda note: note.start_s)


def _note(note: ContentNote) -> Mapping[str, str]:
    return {
        "start": timecode(note.start_s),
        "end": timecode(note.end_s) if note.end_s > note.start_s else "",
        "about": "" if note.face_id is None else f"face #{note.face_id}",
        "kind": plain({"label": "correction"}.get(note.kind, note.kind)),
        "text": plain(note.text),
    }


def _is_within(note: ContentNote, content: Content) -> bool:
    end_s = float("inf") if content.end_s is None else content.end_s
    return note.start_s < end_s and note.end_s >= (content.start_s or 0.0)
