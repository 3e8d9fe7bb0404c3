"""Moves a run's files from their temporary names to their final paths."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.headless.identity import read_summary
from app.headless.naming import SUFFIXES, room_for_stems
from app.headless.outputs import Job, OutputFiles, next_free, numbered_sentence
from app.locks import HAS_MARKS, held, is_locked, lock
from app.sinks.json_file import JsonSink
from app.sinks.output import PART, utf8, writing
from models.bundle import sha256_of
from models.errors import InputError

_TRIES = 100
_TABLES = frozenset((".csv", ".parquet", ".mp4"))

_Stamp = tuple[int, int, int] | None


class InUseError(Exception):
    """Another run is writing the files of the same source."""


class RunFiles:
    """Holds the `.part` files of one run within a `with` block; those not placed by its end are removed.

    Args:
        job: The source and the names of its files.
        claims: Of the folder.
        notify: Takes a sentence if a conflicting file has appeared since the names were chosen.
        sharing: Leave a source to another run that is working on it, instead of using another name.

    Raises:
        InputError: On entering the block, if the files cannot be created.
        InUseError: On entering, if another run writes them and `sharing` is set.
    """

    def __init__(self, job: Job, claims: OutputFiles, notify: Callable[[str], None], *, sharing: bool = False) -> None:
        self.job = job
        self._sharing = sharing
        self._claims = claims
        self._notify = notify
        self._made: list[Path] = []
        self._mark: int | None = None
        self._before: dict[Path, _Stamp] = {}

    def __enter__(self) -> Self:
        planned = self.job
        with writing(planned.path(".csv")):
            self._claims.may_take(planned)  # reads slowly, so do it before others have to wait
            for _ in range(_TRIES):
                with held(planned.folder) as alone:
                    if self._sharing and _is_elsewhere(planned):
                        raise InUseError(planned.stem)
                    self._move_on(planned)
                    self.job = self._next(planned, self._claims.may_take)
                    with suppress(FileExistsError):  # another program was faster
                        self._make(alone=alone)
                        self._mark = lock(self.job.part(".json"))
                        return self
        raise InputError(f"{planned.folder} is full of other files named {planned.stem}; name another folder.")

    def _move_on(self, job: Job) -> None:
        """Complete the moves of a run that was killed while placing its files."""
        summary = None if is_locked(job.part(".json")) else read_summary(job.part(".json"))
        files = None if summary is None else summary.get("files")
        if not isinstance(files, dict) or not files or not files.keys() <= _TABLES or not job.identity.is_of(summary):
            return
        there = {suffix for suffix in files if _has_digest(job.path(suffix), files[suffix])}
        coming = {suffix for suffix in files.keys() - there if _has_digest(job.part(suffix), files[suffix])}
        in_the_way = [path for path in map(job.path, (*coming, ".json")) if os.path.lexists(path)]
        if there and there | coming == files.keys() and self._claims.are_ours(job, in_the_way):
            for suffix in files:
                if suffix in coming:
                    job.part(suffix).replace(job.path(suffix))
                else:
                    job.part(suffix).unlink(missing_ok=True)
            job.part(".json").replace(job.path(".json"))

    def _make(self, *, alone: bool) -> None:
        """Create the parts; the summary is created first and removed last, so that they can always be recognised as
        ours."""
        growing, left = self.job.growing, self.job.growing
        if not self._claims.overwrite:
            left = (".json", *(suffix for suffix in {*SUFFIXES, *growing} if suffix != ".json"))
        try:
            for part in map(self.job.part, reversed(left)):
                part.unlink(missing_ok=True)  # ours, left over by a killed run
            self._begin(self.job.part(".json"), alone=alone)
            for part in map(self.job.part, growing[1:]):
                os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                self._made.append(part)
        except OSError:
            self._remove()
            raise

    def _begin(self, part: Path, *, alone: bool) -> None:
        """Create the summary's part with its first entries; a run that is alone in the folder always gets the same
        name."""
        fresh = part.with_name(f".mimik{PART}" if alone else f".mimik-{os.getpid()}{PART}") if HAS_MARKS else part
        try:
            with fresh.open("wb" if fresh != part else "xb", buffering=0) as file:
                file.write(utf8(json.dumps(self.job.identity.initial_entries())))
            if fresh != part:
                rename_without_replacing(fresh, part)
        except OSError as error:
            if fresh != part or not isinstance(error, FileExistsError):
                fresh.unlink(missing_ok=True)
            raise
        self._made.append(part)

    def __exit__(self, *exc: object) -> None:
        self._remove()
        if self._mark is not None:
            os.close(self._mark)

    def _remove(self) -> None:
        while self._made:
            with suppress(OSError):
                self._made[-1].unlink(missing_ok=True)
            self._made.pop()

    def place(self, summary: JsonSink, *, complete: bool) -> tuple[Path, ...]:
        """Move all written files to their final paths; nothing that is not ours is replaced.

        Args:
            summary: Closed; lists the files from now on.
            complete: Whether everything was read and written.

        Returns:
            The files in their places.

        Raises:
            InputError: If they cannot be moved; they then stay where they are.
        """
        parts = {suffix: self.job.part(suffix) for suffix in self.job.suffixes}
        full = {suffix: part for suffix, part in parts.items() if part.stat().st_size}
        planned, self._made = self.job, [part for part in self._made if part not in full.values()]
        with writing(planned.path(".json")):
            written = {suffix: sha256_of(part) for suffix, part in full.items() if suffix != ".json"}
            for _ in range(_TRIES):
                self._before.clear()
                self.job = self._next(planned, self._may_place)
                with suppress(InputError):  # a full disk: the present summary says that it is unfinished
                    summary.finish(complete=complete, files={**self._kept(), **written})
                self._remove()  # what is not moved, so that the summary's part is removed last
                with suppress(FileExistsError):
                    return self._move(full)
        raise InputError(f"{planned.folder} is full of other files; the results are in {planned.part('.csv')}.")

    def _next(self, planned: Job, is_free: Callable[[Job], bool]) -> Job:
        if is_free(planned):
            return planned
        room = room_for_stems(planned.folder, planned.rows)
        job = next_free(planned, planned.stem, room, is_free)
        self._claims.take(job)
        self._notify(numbered_sentence(planned, job, overwrite=self._claims.overwrite))
        return job

    def _kept(self) -> dict[str, str]:
        """Digests of our older files under this name that stay, because this run writes none of their kind."""
        paths = (self.job.path(suffix) for suffix in sorted(_TABLES - set(self.job.suffixes)))
        others = [path for path in paths if path.is_file()]
        old = read_summary(self.job.path(".json"))
        if old is None or not others or not self._claims.are_ours(self.job, others):
            return {}
        return {path.suffix: old["files"][path.suffix] for path in others if path.suffix in old["files"]}

    def _may_place(self, job: Job) -> bool:
        """Whether files may be moved to their paths; records what is there at the time of the check."""
        self._before |= {path: _stamp(path) for path in map(job.path, job.suffixes)}
        return self._claims.is_left(job) and self._claims.may_place(job)

    def _move(self, parts: dict[str, Path]) -> tuple[Path, ...]:
        moved: list[tuple[Path, Path]] = []
        try:
            for suffix, part in parts.items():
                target = self.job.path(suffix)
                if self._before[target] is None:
                    rename_without_replacing(part, target)
                    moved.append((part, target))
                elif _stamp(target) == self._before[target]:
                    part.replace(target)
                else:  # no longer the file that was recognised as ours
                    raise FileExistsError(target)
        except OSError:
            for part, target in moved:
                target.replace(part)
            raise
        return tuple(map(self.job.path, parts))


def _is_elsewhere(job: Job) -> bool:
    """Whether a running process writes the files of a job's source."""
    part = job.part(".json")
    return is_locked(part) and job.identity.is_named_in(read_summary(part))


def _has_digest(path: Path, digest: object) -> bool:
    try:
        return path.is_file() and sha256_of(path) == digest
    except OSError:
        return False


def _stamp(path: Path) -> _Stamp:
    """A stamp that changes with a file; None if there is no file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def rename_without_replacing(path: Path, target: Path) -> None:
    """Rename a file unless one with the new name exists.

    Raises:
        FileExistsError: If it exists. OSError: If the file cannot be renamed.
    """
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        path.rename(target)
    else:
        path.unlink()
