"""The summary files of a run over many films: tables over all films, and a list of failures."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from app import __version__
from app.archive.listing import list_line
from app.archive.tables import columns_of_faces, faces_of, write_csv, write_parquet
from app.headless.identity import read_summary
from app.headless.naming import ROWS
from app.headless.outputs import Job
from app.locks import held
from app.sinks.output import writing
from app.sources.folder import natural_key
from models.bundle import sha256_of
from models.files import replacing

STEM = "summary"
_FAILED = "failed"
_OF_FILM = frozenset(("source", "faces", "emotions", "complete", "files"))
_OF_FACE = frozenset(("id", "first_s", "last_s", "seen_s", "frames", "label", "mean"))
_HEAD = "# Films that Mimik could not analyse; `analyze --from` takes this list.\n"


@dataclass(frozen=True, slots=True)
class Tale:
    """The outcomes of the films of a run.

    Attributes:
        counts: State -> films.
        jobs: Films whose files are complete, in order.
        failed: Source and sentence of those that failed, in order.
        others: Films that are not done, for any other reason.
    """

    counts: Mapping[str, int]
    jobs: Sequence[Job]
    failed: Sequence[tuple[str, str]]
    others: Sequence[Job] = ()


def leave(folder: Path, tale: Tale, notify: Callable[[str], None]) -> tuple[Path, ...]:
    """Write `summary.csv`, `summary.parquet` if pyarrow is installed, `summary.json`, and `failed.txt` if films failed.

    The tables are over the films of this run, and then those that earlier runs have finished in the folder.

    `summary.json` holds the digests of the others, by which the next run recognises them as ours. Existing files that
    Mimik did not write in this form are kept, and the new ones get a number. An older list of failed films is removed.

    Returns:
        The files.

    Raises:
        InputError: If they cannot be written.
    """
    with writing(folder / f"{STEM}.csv"), held(folder):
        names = next(names for names in map(_names, count(1)) if _are_ours(folder, names))
        makers = _makers(names, tale, _earlier(folder, tale))
        if names["parquet"] not in makers:
            notify("summary.parquet is left out, since pyarrow is not installed (`pip install -e '.[archive]'`).")
        manifest = folder / names["json"]
        before = _known(manifest)
        digests: dict[str, list[str]] = {}
        fresh = [folder / f".{name}.new" for name in makers]
        try:
            for (name, make), path in zip(makers.items(), fresh, strict=True):
                make(path)
                digests[name] = [sha256_of(path)]
            # The manifest lists a file before it is moved into place, together with the older one that may still exist.
            both = {name: [*digests.get(name, []), *before.get(name, [])] for name in names.values()}
            _write_manifest(manifest, tale, both)
            for name, path in zip(makers, fresh, strict=True):
                path.replace(folder / name)
            for name in {names["parquet"], names["failed"]} - makers.keys():
                (folder / name).unlink(missing_ok=True)
            _write_manifest(manifest, tale, digests)
        finally:
            for path in fresh:
                path.unlink(missing_ok=True)
    return tuple(folder / name for name in (*makers, names["json"]))


def _makers(names: Mapping[str, str], tale: Tale, earlier: Sequence[Path]) -> dict[str, Callable[[Path], None]]:
    """File name -> the function that writes it."""
    emotions = next((summary["emotions"] for _, summary in _summaries(tale, earlier)), ())
    columns = columns_of_faces(emotions)

    def rows() -> Iterator[list[Any]]:
        for table, summary in _summaries(tale, earlier):
            yield from faces_of(summary, table, emotions)

    def make_failed(path: Path) -> None:
        with path.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            file.write(_HEAD)
            for source, reason in tale.failed:
                text = " ".join(reason.encode(errors="backslashreplace").decode().split())
                file.write(f"# {text}\n{list_line(source)}\n")

    makers: dict[str, Callable[[Path], None]] = {names["csv"]: lambda path: write_csv(path, columns, rows())}
    if find_spec("pyarrow") is not None:
        makers[names["parquet"]] = lambda path: write_parquet(path, columns, rows())
    if tale.failed:
        makers[names["failed"]] = make_failed
    return makers


def _summaries(tale: Tale, earlier: Iterable[Path]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name of the table and summary of each film."""
    for job in tale.jobs:
        summary = read_summary(job.path(".json"))
        if summary is not None:
            yield job.path(job.suffixes[0]).name, summary
    for path in earlier:
        summary = read_summary(path)
        table = None if summary is None else _table_of(path, summary)
        if summary is not None and table is not None:
            yield table, summary


def _earlier(folder: Path, tale: Tale) -> list[Path]:
    """Summaries of films that earlier runs have finished in the folder, in natural order."""
    ours = {job.path(".json") for job in tale.jobs} | {job.path(".json") for job in tale.others}
    found = sorted(folder.glob("*.json"), key=lambda path: natural_key(path.name))
    return [path for path in found if path not in ours and _table_of(path, read_summary(path) or {}) is not None]


def _table_of(path: Path, summary: Mapping[str, Any]) -> str | None:
    """The name of the table that the summary of a finished film describes; None if it is not such a summary."""
    if not summary.keys() >= _OF_FILM or summary["complete"] is not True:
        return None
    files, faces = summary["files"], summary["faces"]
    if not isinstance(files, dict) or not isinstance(faces, list) or not isinstance(summary["emotions"], list):
        return None
    if not all(isinstance(face, dict) and face.keys() >= _OF_FACE for face in faces):
        return None
    tables = (path.with_suffix(suffix) for suffix in ROWS.values() if suffix in files)
    return next((table.name for table in tables if table.is_file()), None)


def _names(number: int) -> dict[str, str]:
    tail = "" if number == 1 else f"-{number}"
    suffixes = {kind: f"{STEM}{tail}.{kind}" for kind in ("csv", "parquet", "json")}
    return {**suffixes, "failed": f"{_FAILED}{tail}.txt"}


def _known(manifest: Path) -> dict[str, list[str]]:
    """Name -> digests of the files that one of our manifests lists."""
    content = read_summary(manifest) or {}
    files = content.get("files")
    if not isinstance(content.get("films"), dict) or not isinstance(files, dict):
        return {}
    return {name: digests for name, digests in files.items() if isinstance(digests, list)}


def _are_ours(folder: Path, names: Mapping[str, str]) -> bool:
    """Whether all existing files with these names are ours and unchanged."""
    manifest = folder / names["json"]
    known = _known(manifest)
    if manifest.exists() and not known:
        return False
    others: Iterable[Path] = (folder / name for kind, name in names.items() if kind != "json")
    return all(path.is_file() and sha256_of(path) in known.get(path.name, ()) for path in others if path.exists())


def _write_manifest(path: Path, tale: Tale, files: Mapping[str, Sequence[str]]) -> None:
    content = {"films": dict(tale.counts), "version": __version__, "files": dict(files)}
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
