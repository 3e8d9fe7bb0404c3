"""Readings of films on the disk, so that a film that is opened again shows everything at once.

Only readings are kept, never pictures, and nothing from cameras or streams.
"""

import contextlib
import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path

from app import __version__
from app.core.store import ReadingStore

LIMIT_BYTES = 512 * 2**20
_FORMAT = 1
_WHOLE = 32 * 2**20
_SAMPLE, _SAMPLES = 256 * 2**10, 64
_ROOMS = ("core", "detectors", "sources")


def digest_of(path: Path) -> str:
    """A digest that identifies a film: of the whole file or, over 32 MB, of its size and 64 samples.

    The samples are 256 kB each, evenly spread, the first and last bytes among them, so that an hour of film costs
    milliseconds. Two files of one size that differ only between samples are taken for the same.

    Raises:
        OSError: If the file cannot be read.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        if size <= _WHOLE:
            digest.update(file.read())
        else:
            for number in range(_SAMPLES):
                file.seek((size - _SAMPLE) * number // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()


@cache
def program_digest() -> str:
    """The program's version and a digest of the modules that read films, so that other versions never use these
    readings."""
    digest = hashlib.sha256(f"{__version__} {_FORMAT}".encode())
    app = Path(__file__).resolve().parents[1]
    for file in sorted(file for room in _ROOMS for file in (app / room).glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of readings by key, with a total size limit.

    Args:
        folder: Created when something is stored.
        limit_bytes: Above it, the least recently used entries are removed.
    """

    folder: Path
    limit_bytes: int = LIMIT_BYTES

    @classmethod
    def of_user(cls) -> "Cache":
        return cls(user_cache_path("mimik", appauthor=False) / "readings")

    def key(self, source: Path, model: str, detector: str) -> str | None:
        """The key of a film's readings; None if the film cannot be read.

        Args:
            source: The file.
            model: Digest of the network that reads the faces.
            detector: Name of the detector, with its other parameters.
        """
        try:
            parts = (digest_of(source), model, detector, program_digest())
        except OSError:
            return None
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def load(self, key: str) -> ReadingStore | None:
        """The readings under a key, or None if there are no usable ones."""
        path = self._path(key)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                store = ReadingStore.filled(dict(arrays))
            os.utime(path)  # mark as used
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return store

    def keep(self, key: str, store: ReadingStore) -> None:
        """Write readings atomically, and remove old ones above the limit.

        Raises:
            OSError: If they cannot be written; older ones are kept then.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="writing-", suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **store.arrays())
            Path(name).replace(self._path(key))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._trim(self._path(key))

    def size(self) -> int:
        """Size on disk in bytes."""
        return sum(size for _, size, _ in self._files())

    def empty(self) -> None:
        """Remove everything."""
        for path, _, _ in self._files():
            with contextlib.suppress(OSError):
                path.unlink()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _files(self) -> list[tuple[Path, int, float]]:
        """Every file of the cache with its size and last use, including those left by a killed program."""
        files = []
        for pattern in ("*.npz", "writing-*.part"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    facts = path.stat()
                    files.append((path, facts.st_size, facts.st_mtime))
        return files

    def _trim(self, newest: Path) -> None:
        files = sorted(self._files(), key=lambda file: file[2])
        total = sum(size for _, size, _ in files)
        for path, size, _ in files:
            if total <= self.limit_bytes:
                return
            if path != newest:
                with contextlib.suppress(OSError):
                    path.unlink()
                    total -= size
