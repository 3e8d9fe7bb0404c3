"""From what a user names to what is exported: a table that `analyze` wrote."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from app.commands.identity import Identity, read_summary
from app.core.stages import FrameSource
from app.export.content import Content, Footage
from app.export.table import Table
from app.sources.demo import demo_path
from app.sources.open import open_source
from app.spec import camera_index, is_address, path_of, shown
from models.errors import InputError


def content_of(spec: str) -> Content:
    """Open what a user names.

    Args:
        spec: A CSV file of `analyze`, whose JSON may lie beside it.

    Raises:
        InputError: If it is nothing that can be exported.
    """
    path = path_of(spec)
    if path.is_dir():
        raise InputError(f"{spec} is a folder and no session; name a session or a table that `analyze` wrote.")
    if path.suffix.lower() != ".csv" and path.is_file():
        raise InputError(f"{spec} is no table of readings; analyse it, and export the CSV that `analyze` writes.")
    return results_of(path)


def results_of(path: Path) -> Content:
    """What `analyze` wrote: a table, and the summary beside it if there is one.

    Raises:
        InputError: If the table cannot be read.
    """
    table = Table.open(path)
    beside = path.with_suffix(".json")
    summary = read_summary(beside) or {}
    source = summary.get("source")
    name = shown(source) if isinstance(source, str) and source else path.stem
    faces = summary.get("faces")
    stills = isinstance(faces, list) and bool(faces) and all(_is_still(face) for face in faces)
    return Content(
        title=Path(name).name if not is_address(name) else name,
        labels=table.labels,
        read=table.moments,
        facts=summary,
        footage=partial(_footage, path, summary),
        files=(path, beside, *_places(path, source)),
        stills=stills,
    )


def _is_still(face: Any) -> bool:
    return isinstance(face, dict) and "seen_s" in face and face["seen_s"] is None


def _places(table: Path, source: Any) -> tuple[Path, ...]:
    """Where the source may lie: as it was named, seen from here or from the table, or else beside the table."""
    if not isinstance(source, str) or not source or camera_index(source) is not None or is_address(source):
        return ()
    if source == "demo":
        return (demo_path(),)
    found: list[Path] = []
    with suppress(InputError, OSError, ValueError):
        path = path_of(source)
        for place in (path, table.parent / path, table.parent / path.name):
            if place.exists() and not any(place.samefile(other) for other in found):
                found.append(place)
    return tuple(found)


def _footage(table: Path, summary: Mapping[str, Any]) -> Footage:
    """The film that the summary names, if it is still the one that was read.

    Raises:
        InputError: If there is none, or it has changed.
    """
    source = summary.get("source")
    if not isinstance(source, str):
        raise InputError(
            f"{table} does not say of which film it is; put {table.with_suffix('.json').name} beside it again."
        )
    if camera_index(source) is not None or is_address(source):
        raise InputError(f"{shown(source)} was live or on the network, and its pictures were not kept; export a table.")
    places = _places(table, source)
    if not places:
        raise InputError(f"{source} is not there any more; put it back, or beside {table}.")
    options = summary.get("options")
    options = options if isinstance(options, dict) else {}
    recursive, fps = options.get("recursive") is True, options.get("fps")
    digest = summary.get("source_sha256")
    for place in places:
        if digest is None or Identity(str(place), recursive=recursive).compute() == digest:
            spec = "demo" if source == "demo" else str(place)
            rate = float(fps) if isinstance(fps, int | float) else None
            return Footage(partial(_open, spec, rate, recursive), place if place.is_file() else None)
    raise InputError(f"{places[0]} is not the file that {table} is of; analyse it again, or put the other one back.")


def _open(spec: str, fps: float | None, recursive: bool, start_s: float | None, end_s: float | None) -> FrameSource:
    given = {"start_s": start_s, "end_s": end_s}
    stretch = {name: value for name, value in given.items() if value is not None}
    return open_source(spec, fps=fps, recursive=recursive, **stretch)
