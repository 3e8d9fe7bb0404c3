"""The report that `analyze` prints at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import InputError

_FACES_LISTED = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the analysis of one source ended.

    Attributes:
        placed: The files at their final paths.
        summary: What the JSON says; empty if nothing could be written.
        error: The error that ended it before the source's end, if any.
        interrupted: Whether the user interrupted it.
        broke_off: Whether the source failed, so that everything readable was written.
        skipped: Whether nothing had to be done, because the files existed already.
    """

    placed: tuple[Path, ...]
    summary: Mapping[str, Any]
    error: InputError | None
    interrupted: bool
    broke_off: bool
    skipped: bool = False


def table(outcome: Outcome) -> str:
    """The readable report: frames, faces with their time in the picture and their mean expression, files."""
    summary = outcome.summary
    frames, faces = summary["frames"], summary["faces"]
    lines = [f"{summary['source']}: {_count(frames, 'frame')}, {_count(len(faces), 'face')}"]
    if summary["fps"]:
        lines[0] += f", {summary['duration_s']:.1f} s"
    if faces:
        lines.append(f"  {'face':>6}  {'seconds':>8}  strongest apparent expression, on average")
    for face in sorted(faces, key=lambda face: (-(face["seen_s"] or 0), -face["frames"]))[:_FACES_LISTED]:
        name, label = f"#{face['id']}", face["label"]
        seconds = f"{face['seen_s']:.1f}" if face["seen_s"] else "-"
        share = f" {face['mean'][label]:.0%}" if label in face["mean"] else ""
        lines.append(f"  {name:>6}  {seconds:>8}  {label}{share}")
    if len(faces) > _FACES_LISTED:
        lines.append(f"  and {len(faces) - _FACES_LISTED} more, none seen for longer than these")
    lines += [f"  {_state(path, outcome)}" for path in outcome.placed]
    return "\n".join(lines)


def _state(path: Path, outcome: Outcome) -> str:
    if outcome.error is not None and not outcome.broke_off:
        return f"unfinished: {path}"
    if outcome.skipped:
        return f"kept {path}: it is done and nothing has changed (--overwrite redoes it)"
    if outcome.broke_off:
        return f"wrote {path}, with everything that could be read"
    return f"wrote {path}, up to the interruption" if outcome.interrupted else f"wrote {path}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
