"""A hidden folder among the results for temporary files of a run."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Self

from app.locks import is_locked, lock
from app.sinks.output import writing

_PREFIX = ".mimik-parts-"
_MARK = "in-use"


class Scratch:
    """Exists within a `with` block: created when first needed, removed at the end. Leftovers of killed runs are removed
    first.

    Args:
        folder: The folder for results, which every process of the run can reach by this name.
    """

    def __init__(self, folder: Path) -> None:
        self._among = folder
        self._folder: Path | None = None
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        for left in self._among.glob(f"{_PREFIX}*"):
            if not is_locked(left / _MARK):
                shutil.rmtree(left, ignore_errors=True)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._descriptor is not None:
            os.close(self._descriptor)

    def folder(self, number: int) -> Path:
        """A folder in it for one film.

        Raises:
            InputError: If it cannot be made.
        """
        with writing(self._among / _PREFIX):
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._among))
                (self._folder / _MARK).touch()
                self._descriptor = lock(self._folder / _MARK)
            folder = self._folder / str(number)
            folder.mkdir(exist_ok=True)
        return folder
