"""Which files `analyze` writes for which source, so that only what Mimik wrote for that source is ever replaced."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.commands.identity import Identity, read_summary
from app.commands.naming import SUFFIXES, folded, numbered, room_for_stems, shortened, stem_of
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
        video: Whether there shall be an annotated video.
    """

    identity: Identity
    folder: Path
    stem: str
    video: bool

    @property
    def spec(self) -> str:
        """The source as the user typed it."""
        return self.identity.spec

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of every file of this source; the summary's, which speaks for the others, last."""
        return (".csv", ".mp4", ".json") if self.video else (".csv", ".json")

    def path(self, suffix: str) -> Path:
        """Where a file belongs."""
        return self.folder / (self.stem + suffix)

    def part(self, suffix: str) -> Path:
        """Where it is until everything is written."""
        return self.folder / (self.stem + suffix + PART)


class Claims:
    """Decides in one folder which stems a run may take.

    Args:
        folder: The folder for results; exists.
        sources: Files that are read, so never replaced.
        overwrite: Whether the user insists that files are replaced that Mimik did not write for the same source.

    Raises:
        OSError: If the folder cannot be listed.
    """

    def __init__(self, folder: Path, sources: Iterable[Path], *, overwrite: bool) -> None:
        self.overwrite = overwrite
        self._folder = folder
        self._sources = tuple(sources)
        self._takers: dict[str, Identity] = {}
        self._listed: defaultdict[str, set[str]] = defaultdict(set)
        for name in os.listdir(folder):  # noqa: PTH208  (a folder may hold very many files)
            self._listed[folded(name)].add(name)

    def take(self, job: Job) -> None:
        """Keep a stem for a job, so that no other one takes it."""
        self._takers[folded(job.stem)] = job.identity

    def is_left(self, job: Job) -> bool:
        """Whether no other job has taken the stem."""
        return self._takers.get(folded(job.stem), job.identity) is job.identity

    def may_take(self, job: Job) -> bool:
        """Whether nothing is in the way of a job's files, neither where they belong nor where they are written."""
        parts = self._there(map(job.part, SUFFIXES))
        return (
            self.is_left(job)
            and all(map(self._is_plain, parts))
            and not any(map(is_locked, parts))  # of another run that goes on
            and (self.overwrite or self._are_left_over(job, parts))
            and self.may_place(job)
        )

    def may_place(self, job: Job) -> bool:
        """Whether a job's files may go where they belong."""
        there = self._there(map(job.path, job.suffixes))
        return all(map(self._is_plain, there)) and (self.overwrite or self.are_ours(job, there))

    def are_ours(self, job: Job, paths: Sequence[Path]) -> bool:
        """Whether the summary among finished files speaks for all of them, as they still are."""
        if not paths:
            return True
        own = job.path(".json")
        summary = read_summary(own)
        files = None if summary is None else summary.get("files")
        if not job.identity.is_of(summary) or not isinstance(files, dict):
            return False
        return all(path == own or (path == job.path(path.suffix) and _is_as_written(path, files)) for path in paths)

    def _are_left_over(self, job: Job, parts: Sequence[Path]) -> bool:
        """Whether files that were never finished are of a run on the same source."""
        own = set(map(job.part, SUFFIXES))
        return not parts or (set(parts) <= own and job.identity.is_of(read_summary(job.part(".json"))))

    def _there(self, paths: Iterable[Path]) -> list[Path]:
        """What lies in the folder under these names, or under names that differ in case alone."""
        names = {name for path in paths for name in (path.name, *self._listed[folded(path.name)])}
        return [path for path in map(self._folder.joinpath, names) if os.path.lexists(path)]

    def _is_plain(self, path: Path) -> bool:
        """Whether a name may be given to another file at all: it is no folder, no device and no name of a source."""
        kind_is_right = self.overwrite if path.is_symlink() else path.is_file()
        return kind_is_right and not any(_same(path, source) for source in self._sources)


def plan(
    identities: Sequence[Identity], folder: Path, *, video: bool, overwrite: bool, notify: Callable[[str], None]
) -> tuple[tuple[Job, ...], Claims]:
    """Name the files of each source and make the folder.

    Args:
        identities: The sources.
        folder: The folder for results.
        video: Whether there shall be annotated videos.
        overwrite: As for `Claims`.
        notify: Takes a sentence where names are not those that were to be expected.

    Raises:
        InputError: If the folder cannot be made or listed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        claims = Claims(folder, (one.path for one in identities if one.path is not None), overwrite=overwrite)
        room = room_for_stems(folder)
        jobs = []
        for identity in identities:
            stem = stem_of(identity.spec)
            expected = next_free(Job(identity, folder, stem, video), stem, room, claims.is_left)
            job = next_free(expected, stem, room, claims.may_take)
            claims.take(job)
            if job.stem != expected.stem:
                notify(numbered_sentence(expected, job, overwrite=overwrite))
            elif shortened(stem, room) != stem:
                notify(
                    f"The name of {shown(identity.spec)[:80]}… is too long for results, which are called {job.stem}."
                )
            jobs.append(job)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            f"{str(folder)[:200]} cannot be made a folder for results: {reason}; name another one."
        ) from error
    return tuple(jobs), claims


def next_free(job: Job, stem: str, room: int, is_free: Callable[[Job], bool]) -> Job:
    """The job with the first of the numbered stems that is free for it."""
    return next(one for one in (replace(job, stem=name) for name in numbered(stem, room)) if is_free(one))


def numbered_sentence(expected: Job, job: Job, *, overwrite: bool) -> str:
    """Why files are not called what was to be expected."""
    why = "it holds a source, a folder or a link"
    if not overwrite:
        why = f"Mimik did not write it for {shown(expected.spec)[:200]} as it is (--overwrite insists)"
    return f"{expected.path('')}.* is kept: {why}; results are called {job.stem}."


def _is_as_written(path: Path, files: Mapping[str, Any]) -> bool:
    try:
        return path.suffix in files and bool(files[path.suffix] == sha256_of(path))
    except OSError:
        return False


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False
