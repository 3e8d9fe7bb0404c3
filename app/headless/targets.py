"""The destination of an exported file: written next to it, then moved there, never replacing other files."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Self

from app.headless.naming import numbered, room_for_stems, shortened
from app.headless.run_files import rename_without_replacing
from app.locks import lock
from app.sinks.output import PART, writing
from models.errors import InputError

_TRIES = 1000


class Target:
    """Holds a `.part` file within a `with` block; one not placed by its end is removed.

    An existing file is kept, and the new one gets a number.

    Args:
        path: The requested file; its folder is created if it is missing.
        sources: Files that are read, so never replaced.
        overwrite: Whether a file of that name may be replaced.
        notify: Takes a sentence if the file gets another name.

    Raises:
        InputError: On entering the block, if no file can be created there.
    """

    def __init__(self, path: Path, sources: Iterable[Path], *, overwrite: bool, notify: Callable[[str], None]) -> None:
        self.path = path
        self._wanted = path
        self._sources = tuple(sources)
        self._overwrite = overwrite
        self._notify = notify
        self._part: Path | None = None
        self._mark: int | None = None

    @property
    def part(self) -> Path:
        """The file's path until it is placed."""
        if self._part is None:
            raise ValueError("a target is entered before it is written to")
        return self._part

    def __enter__(self) -> Self:
        wanted = self._wanted
        with writing(wanted):
            wanted.parent.mkdir(parents=True, exist_ok=True)
            path = next((path for path in self._paths() if self._may_take(path)), None)
            for name in self._paths():
                part = name.with_name(name.name + PART)
                with suppress(FileExistsError):  # from another export, or left over
                    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                    self._part, self._mark = part, lock(part)
                    break
        if path is None or self._part is None:
            raise InputError(f"{wanted.parent} is full of other files named {wanted.stem}; name another folder.")
        self._take(path)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._part is not None:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)
        if self._mark is not None:
            os.close(self._mark)
            self._mark = None

    def place(self) -> Path:
        """Move the file to its final path and return it.

        Raises:
            InputError: If it cannot be moved.
        """
        part, self._part = self.part, None
        with writing(self._wanted):
            try:
                return self._place(part)
            except BaseException:
                self._part = part
                raise

    def _place(self, part: Path) -> Path:
        for path in self._paths():
            if path == self.path and os.path.lexists(path) and self._may_take(path):
                part.replace(path)
                return path
            if path == self.path or self._may_take(path):
                with suppress(FileExistsError):
                    rename_without_replacing(part, path)
                    self._take(path)
                    return path
        raise FileExistsError(errno.EEXIST, "there are too many files of this name", str(self._wanted))

    def _take(self, path: Path) -> None:
        """Record the file's final path; report it if it has changed."""
        if path != self.path:
            self._notify(f"{self.path} is kept: {self._why(self.path)}; the file is called {path.name}.")
        self.path = path

    def _paths(self) -> Iterator[Path]:
        """The wanted path, then the same with a number."""
        wanted = self._wanted
        room = room_for_stems(wanted.parent) + len(".json") - len(wanted.suffix)
        if shortened(wanted.stem, room) != wanted.stem:
            raise InputError(f"{wanted.name[:80]}… is too long for the name of a file; name a shorter one.")
        return (wanted.with_name(stem + wanted.suffix) for stem in islice(numbered(wanted.stem, room), _TRIES))

    def _may_take(self, path: Path) -> bool:
        if not os.path.lexists(path):
            return True
        asked = self._overwrite and path == self._wanted  # nobody requested a numbered name
        return asked and path.is_file() and not path.is_symlink() and not self._is_source(path)

    def _is_source(self, path: Path) -> bool:
        for source in self._sources:
            with suppress(OSError):
                if path.samefile(source):
                    return True
        return False

    def _why(self, wanted: Path) -> str:
        if self._is_source(wanted):
            return "it is a file that is read"
        return "it exists already (--overwrite replaces it)" if not self._overwrite else "it is a folder or a link"
