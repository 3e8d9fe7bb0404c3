"""Which files `analyze` writes for which source, so that only what Mimik wrote for that source is ever replaced."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from app.headless.identity import Identity, read_summary
from app.headless.naming import ROWS, SUFFIXES, folded, numbered, room_for_stems, shortened, stem_of
from app.locks import is_locked
from app.sinks.output import PART
from app.spec import shown
from models.bundle import sha256_of
from models.errors import InputError


@dataclass(frozen=True, slots=True)
class Job:
    """One source and its files, which share one stem.

    Attributes:
        identity: The source.
        folder: Where the files go.
        stem: Their name without suffix.
        video: Whether an annotated video is wanted.
        rows: Format of the readings, a name of `ROWS`.
    """

    identity: Identity
    folder: Path
    stem: str
    video: bool
    rows: str = "csv"

    @property
    def spec(self) -> str:
        """The source as the user typed it."""
        return self.identity.spec

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes of all files of this source; the summary, which lists the others, comes last."""
        table = ROWS[self.rows]
        return (table, ".mp4", ".json") if self.video else (table, ".json")

    @property
    def growing(self) -> tuple[str, ...]:
        """Suffixes of the parts that a run needs, the summary's first; every table grows as CSV."""
        return (".json", ".csv", *(suffix for suffix in self.suffixes if suffix not in (".json", ".csv")))

    def path(self, suffix: str) -> Path:
        """The final path of a file."""
        return self.folder / (self.stem + suffix)

    def part(self, suffix: str) -> Path:
        """Its path until everything is written."""
        return self.folder / (self.stem + suffix + PART)


class OutputFiles:
    """Decides which stems a run may use in one folder.

    Args:
        folder: The folder for results; exists.
        sources: Files that are read, so never replaced.
        overwrite: Whether files that Mimik did not write for the same source may be replaced.
        trusting: Trust that a summary of a source at the same path describes the same source and its files, so that no
            large file is read; before writing, the check is repeated without this trust.

    Raises:
        OSError: If the folder cannot be listed.
    """

    def __init__(self, folder: Path, sources: Iterable[Path], *, overwrite: bool, trusting: bool = False) -> None:
        self.overwrite = overwrite
        self.trusting = trusting
        self.folder = folder
        self._sources = tuple(sources)
        self._takers: dict[str, Identity] = {}
        self._asked: set[str] = set()
        self._listed: defaultdict[str, set[str]] = defaultdict(set)
        for name in os.listdir(folder):  # noqa: PTH208  (a folder may hold very many files)
            self._listed[folded(name)].add(name)

    def take(self, job: Job) -> None:
        """Reserve a stem for a job."""
        self._takers[folded(job.stem)] = job.identity

    def ask(self, job: Job) -> None:
        """Note a stem as the expected one: `overwrite` applies to it, and not to numbered ones."""
        self._asked.add(folded(job.stem))

    def _insists(self, job: Job) -> bool:
        return self.overwrite and folded(job.stem) in self._asked

    def is_left(self, job: Job) -> bool:
        """Whether the stem is not reserved by another job."""
        return self._takers.get(folded(job.stem), job.identity) is job.identity

    def reserve(self, stem: str) -> None:
        """Reserve a stem so that no source gets it."""
        self._takers[folded(stem)] = Identity("")

    def may_take(self, job: Job) -> bool:
        """Whether a job's files can be written: neither their final paths nor their parts are in the way."""
        parts = self._there(map(job.part, _every(job)))
        return (
            self.is_left(job)
            and all(self._is_plain(job, part) for part in parts)
            and self._is_open(job, parts)
            and (self._insists(job) or self._are_left_over(job, parts))
            and self.may_place(job)
        )

    def _is_open(self, job: Job, parts: Sequence[Path]) -> bool:
        """Whether no running process writes these files; when trusting, one on the same source may be waited for."""
        if not any(map(is_locked, parts)):
            return True
        return self.trusting and job.identity.is_named_in(read_summary(job.part(".json")))

    def may_place(self, job: Job) -> bool:
        """Whether a job's files may be moved to their final paths."""
        there = self._there(map(job.path, job.suffixes))
        return all(self._is_plain(job, path) for path in there) and (self._insists(job) or self.are_ours(job, there))

    def are_ours(self, job: Job, paths: Sequence[Path]) -> bool:
        """Whether the summary among finished files lists all of them, unchanged."""
        if not paths:
            return True
        own, written = job.path(".json"), self._written(job, job.path(".json"))
        # A run that was killed while moving its files has listed them in its part.
        moved = self._written(job, job.part(".json"))
        return all(
            written is not None
            if path == own
            else path == job.path(path.suffix)
            and any(self.trusting or _is_as_written(path, files) for files in (written, moved) if files is not None)
            for path in paths
        )

    def _written(self, job: Job, path: Path) -> Mapping[str, Any] | None:
        """The files listed by a summary of the job's source; None if it is not such a summary."""
        summary = read_summary(path)
        files = None if summary is None else summary.get("files", {})
        return files if self._is_of(job, summary) and isinstance(files, dict) else None

    def _is_of(self, job: Job, summary: Mapping[str, Any] | None) -> bool:
        return job.identity.is_named_in(summary) if self.trusting else job.identity.is_of(summary)

    def _are_left_over(self, job: Job, parts: Sequence[Path]) -> bool:
        """Whether unfinished files belong to a run on the same source."""
        own = set(map(job.part, _every(job)))
        return not parts or (set(parts) <= own and self._is_of(job, read_summary(job.part(".json"))))

    def _there(self, paths: Iterable[Path]) -> list[Path]:
        """The files in the folder with these names, or with names that differ only in case."""
        names = {name for path in paths for name in (path.name, *self._listed[folded(path.name)])}
        return [path for path in map(self.folder.joinpath, names) if os.path.lexists(path)]

    def _is_plain(self, job: Job, path: Path) -> bool:
        """Whether a file of this name may be replaced at all: it is not a folder, a device or a source."""
        kind_is_right = self._insists(job) if path.is_symlink() else path.is_file()
        return kind_is_right and _place_on_disk(path) not in self._places

    @cached_property
    def _places(self) -> frozenset[tuple[int, int] | None]:
        return frozenset(map(_place_on_disk, self._sources)) - {None}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_places"}


def plan(
    identities: Sequence[Identity],
    folder: Path,
    *,
    video: bool,
    overwrite: bool,
    notify: Callable[[str], None],
    rows: str = "csv",
    reserved: Iterable[str] = (),
    trusting: bool = False,
) -> tuple[tuple[Job, ...], OutputFiles]:
    """Name the files of each source and make the folder.

    Args:
        identities: The sources.
        folder: The folder for results.
        video: Whether annotated videos are wanted.
        overwrite: As for `OutputFiles`.
        notify: Takes a sentence if names differ from the expected ones.
        rows: Format of the readings.
        reserved: Stems that no source gets.
        trusting: As for `OutputFiles`, while choosing names.

    Raises:
        InputError: If the folder cannot be made or listed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sources = [one.path for one in identities if one.path is not None]
        claims = OutputFiles(folder, sources, overwrite=overwrite, trusting=trusting)
        for stem in reserved:
            claims.reserve(stem)
        room = room_for_stems(folder, rows)
        jobs = []
        for identity in identities:
            stem = stem_of(identity.spec)
            expected = next_free(Job(identity, folder, stem, video, rows), stem, room, claims.is_left)
            claims.ask(expected)
            job = next_free(expected, stem, room, claims.may_take)
            claims.take(job)
            if job.stem != expected.stem:
                notify(numbered_sentence(expected, job, overwrite=overwrite))
            elif shortened(stem, room) != stem:
                notify(
                    f"The name of {shown(identity.spec)[:80]}… is too long for the names of results, which are called "
                    f"{job.stem}."
                )
            jobs.append(job)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            f"{str(folder)[:200]} cannot be used as the folder for results: {reason}; name another one."
        ) from error
    claims.trusting = False
    return tuple(jobs), claims


def next_free(job: Job, stem: str, room: int, is_free: Callable[[Job], bool]) -> Job:
    """The job with the first free numbered stem."""
    return next(one for one in (replace(job, stem=name) for name in numbered(stem, room)) if is_free(one))


def numbered_sentence(expected: Job, job: Job, *, overwrite: bool) -> str:
    """Report why files do not have the expected name."""
    why = "it holds a source, a folder or a link"
    if not overwrite:
        why = f"Mimik did not write it for {shown(expected.spec)[:200]} as it is (--overwrite replaces it)"
    return f"{expected.path('')}.* is kept: {why}; results are called {job.stem}."


def _is_as_written(path: Path, files: Mapping[str, Any]) -> bool:
    try:
        return path.suffix in files and bool(files[path.suffix] == sha256_of(path))
    except OSError:
        return False


def _place_on_disk(path: Path) -> tuple[int, int] | None:
    """The identity of a file, regardless of its names; None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _every(job: Job) -> tuple[str, ...]:
    return (*SUFFIXES, *(suffix for suffix in job.suffixes if suffix not in SUFFIXES))
